#define _GNU_SOURCE
#include "launcher.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

// Where there is no control group, whoever collects the command's processes looks from time to time at what they use
// together. A resource limit would not do: it counts each process alone, and RLIMIT_AS and RLIMIT_DATA stop programs
// that only reserve memory, as sanitizers do.

enum { PROCESS_LIMIT = 16384, LONGEST_PAUSE = 1000, SHORTEST_PAUSE = 20, FIRST_PAUSE = 50, TEXT_BYTES = 8192 };

typedef unsigned long long bytes;

/// What one processor can fill in a millisecond; most fill less.
static const bytes fill_rate = 2 * 1024 * 1024;

void be_first_to_go(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    // A kernel that refuses loses nothing.
    if (write(file, "500", 3) < 0) errno = 0;
    close(file);
}

static pid_t members[PROCESS_LIMIT];

static long long milliseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static bool read_text(const char *path, char text[TEXT_BYTES]) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, TEXT_BYTES - 1);
    if (file >= 0) close(file);
    text[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

/// The number behind a name at the beginning of a line, which is in kilobytes.
static bytes number_of(const char *text, const char *name) {
    size_t length = strlen(name);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0) return strtoull(line + length, NULL, 10) * 1024;
    }
    return 0;
}

/// Adds the children of one thread; returns the new count.
static size_t add_children(const char *path, size_t count) {
    FILE *file = fopen(path, "re");
    if (file == NULL) return count;
    int pid;
    while (count < PROCESS_LIMIT && fscanf(file, "%d", &pid) == 1) members[count++] = pid;
    fclose(file);
    return count;
}

/// Finds all descendants: what a process leaves behind becomes a child of this one.
static size_t find_members(void) {
    size_t count = 0;
    members[count++] = getpid();
    for (size_t i = 0; i < count; i++) {
        char path[320];
        snprintf(path, sizeof path, "/proc/%d/task", (int)members[i]);
        DIR *tasks = opendir(path);
        if (tasks == NULL) continue;
        for (struct dirent *entry = readdir(tasks); entry != NULL; entry = readdir(tasks)) {
            if (entry->d_name[0] == '.') continue;
            snprintf(path, sizeof path, "/proc/%d/task/%s/children", (int)members[i], entry->d_name);
            count = add_children(path, count);
        }
        closedir(tasks);
    }
    return count;
}

/// What file systems in memory hold, whether a process has it open or not.
static bytes used_by_files(const struct plan *plan) {
    bytes sum = 0;
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        char path[4096];
        if (step->kind != STEP_EMPTY && step->kind != STEP_CLOSED && step->kind != STEP_DEVICES) continue;
        snprintf(path, sizeof path, "%s%s", step->path, step->kind == STEP_DEVICES ? "/shm" : "");
        struct statfs status;
        if (statfs(path, &status) != 0 || status.f_type != TMPFS_MAGIC) continue;
        sum += (bytes)(status.f_blocks - status.f_bfree) * (bytes)status.f_bsize;
    }
    return sum;
}

/// The memory of one process; in full, what several processes share counts for each of them.
static bytes used_by(pid_t pid, bool in_full) {
    char path[64], text[TEXT_BYTES];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, in_full ? "status" : "smaps_rollup");
    if (!read_text(path, text)) {
        // Where the kernel refuses the exact figure, shared pages count in full.
        return in_full ? 0 : used_by(pid, true);
    }
    if (in_full) return number_of(text, "RssAnon:") + number_of(text, "RssShmem:") + number_of(text, "VmSwap:");
    return number_of(text, "Pss_Anon:") + number_of(text, "Pss_Shmem:") + number_of(text, "SwapPss:");
}

static bytes used_by_all(size_t count, bool in_full) {
    bytes sum = 0;
    for (size_t i = 1; i < count; i++) sum += used_by(members[i], in_full);
    return sum;
}

/// How many bytes may still be used; zero when the limit is passed.
static bytes room(const struct plan *plan) {
    char text[TEXT_BYTES];
    bytes left = plan->memory;
    // Memory that belongs to no process, in files without a name say, shows here; the kernel would soon end something.
    if (read_text("/proc/meminfo", text)) {
        bytes reserve = number_of(text, "MemTotal:") / 32;
        bytes available = number_of(text, "MemAvailable:") + number_of(text, "SwapFree:");
        if (available <= reserve) return 0;
        if (left > available - reserve) left = available - reserve;
    }
    size_t count = find_members();
    bytes files = used_by_files(plan);
    bytes used = files + used_by_all(count, true);
    // Exact figures are expensive: the kernel walks all pages.
    if (used > plan->memory) used = files + used_by_all(count, false);
    if (used >= plan->memory) return 0;
    return left < plan->memory - used ? left : plan->memory - used;
}

void wait_for_begin(int end, const sigset_t *signals) {
    int arrivals = signalfd(-1, signals, SFD_CLOEXEC);
    struct pollfd entries[] = {{.fd = arrivals, .events = POLLIN}, {.fd = end, .events = POLLIN}};
    while (poll(entries, 2, -1) < 0 && errno == EINTR) continue;
    close(arrivals);
    close(end);
}

int wait_for_signal(const struct plan *plan, const sigset_t *signals) {
    static long long next;
    if (plan->memory == 0) return sigwaitinfo(signals, NULL);
    long long now = milliseconds_now();
    if (next == 0) next = now + FIRST_PAUSE;
    while (now < next) {
        long long rest = next - now;
        struct timespec pause = {.tv_sec = rest / 1000, .tv_nsec = rest % 1000 * 1000000};
        int number = sigtimedwait(signals, NULL, &pause);
        if (number > 0 || errno != EAGAIN) return number;
        now = milliseconds_now();
    }
    // So that this program need not be read from disk again when memory is short; refused, it is no loss.
    mlockall(MCL_CURRENT);
    bytes left = room(plan);
    if (left == 0) return MEMORY_IS_USED_UP;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    long long pause = (long long)(left / (fill_rate * (bytes)(processors < 1 ? 1 : processors)));
    if (pause < SHORTEST_PAUSE) pause = SHORTEST_PAUSE;
    if (pause > LONGEST_PAUSE) pause = LONGEST_PAUSE;
    // Many processes take long to look at: never more than a twentieth of the time.
    long long end = milliseconds_now(), cost = 20 * (end - now);
    next = end + (pause > cost ? pause : cost);
    // No signal has come; the caller checks and waits again.
    errno = EAGAIN;
    return -1;
}

void tell_memory_used_up(void) {
    tell("out-of-memory", 0);
    tell("signalled", SIGKILL);
}
