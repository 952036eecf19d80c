// Kills its process with SIGKILL behind the Nth step (CRASH_AT) that leaves something on the disk: a record of the
// journal, a file that gets its name, a second name, or loses it. LD_PRELOAD loads it into graft, and not into what
// graft starts. Without CRASH_AT it counts: the number stands in the file CRASH_COUNT when the process ends, and behind it
// that of the first record that holds the text CRASH_TEXT, or 0.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long steps;
static atomic_long text_step;
static long limit;
static const char *count_file;
static const char *text;

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("CRASH_AT");
    limit = at ? atol(at) : 0;
    count_file = getenv("CRASH_COUNT");
    text = getenv("CRASH_TEXT");
    unsetenv("LD_PRELOAD");
}

static void step(void) {
    long number = atomic_fetch_add(&steps, 1) + 1;
    if (limit && number == limit) kill(getpid(), SIGKILL);
    if (limit || !count_file) return;
    FILE *file = fopen(count_file, "w");
    if (!file) return;
    fprintf(file, "%ld %ld", number, atomic_load(&text_step));
    fclose(file);
}

static int is_journal(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    const char *name = "/journal.jsonl";
    if (length < (ssize_t)strlen(name)) return 0;
    path[length] = 0;
    return !strcmp(path + length - strlen(name), name);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
    ssize_t written = NEXT(write)(file, bytes, count);
    if (written <= 0 || !is_journal(file)) return written;
    long none = 0;
    if (text && memmem(bytes, written, text, strlen(text)))
        atomic_compare_exchange_strong(&text_step, &none, atomic_load(&steps) + 1);
    step();
    return written;
}

int rename(const char *old, const char *new) {
    int result = NEXT(rename)(old, new);
    if (!result) step();
    return result;
}

int renameat(int folder, const char *old, int place, const char *new) {
    int result = NEXT(renameat)(folder, old, place, new);
    if (!result) step();
    return result;
}

int linkat(int folder, const char *old, int place, const char *new, int flags) {
    int result = NEXT(linkat)(folder, old, place, new, flags);
    if (!result) step();
    return result;
}
