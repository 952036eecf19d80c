#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "graft_spawn.h"

// Starts a launcher through the library that Graft uses, from several threads, with good plans and broken ones.
//
//     launch LAUNCHER

struct trial {
    const char *plan;
    size_t size;
    const char *line;
    const char *wanted; // how what it says begins
};

#define PLAN(text) text, sizeof text

static const struct trial trials[] = {
    {PLAN("devices\0/dev\0processes\0/proc\0empty\0/tmp\0writable\0/var/tmp\0"), "exit 3", "exited 3"},
    {PLAN("devices\0/dev\0processes\0/proc\0hidden-folder\0/etc\0hidden-file\0/nowhere\0"), "ls /etc", "exited 0"},
    {PLAN("devices\0/dev\0processes\0/proc\0empty\0/tmp\0"), "kill -9 $$", "signalled 9"},
    {PLAN("devices\0/dev\0processes\0/proc\0empty\0/tmp\0"), "sleep 60 & setsid sleep 60 & exit 0", "exited 0"},
    {PLAN("landlock-only\0devices\0/dev\0writable\0/var/tmp\0hidden-file\0/etc/shadow\0"), "exit 4", "exited 4"},
    {PLAN("landlock-only\0devices\0/dev\0"), "sleep 60 & (setsid sleep 60 &) ; exit 0", "exited 0"},
    {PLAN("landlock-only\0open-files\0""1\0"), "true", "failed"},
    {PLAN("inside\0open-files\0""64\0"), "exit 0", ""},
    {PLAN("writable\0/nowhere/at/all\0"), "true", "failed 2"},
    {PLAN("writable\0relative\0"), "true", "failed 22"},
    {PLAN("writable\0"), "true", "failed 22"},
    {PLAN("file-size\0"), "true", "failed 22"},
    {PLAN("nonsense\0"), "true", "failed 22"},
    {PLAN("cgroup\0/nowhere\0"), "true", "failed 2"},
    {"writable\0/no/end", 16, "true", "failed 22"},
    {"", 0, "true", "failed 22"},
};

static const char *launcher;
static int failures;

static void *run(void *argument) {
    const struct trial *trial = argument;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2];
    int plan = graft_sealed_file(trial->plan, trial->size);
    if (null < 0 || plan < 0 || graft_pipe(ends) != 0) abort();
    char caller[32];
    snprintf(caller, sizeof caller, "%d", (int)getpid());
    char *words[] = {(char *)launcher, caller, "/", "/bin/sh", "-c", (char *)trial->line, NULL};
    char *environment[] = {"PATH=/usr/bin:/bin", "ASAN_OPTIONS=detect_leaks=0", NULL};
    int descriptors[] = {null, null, 2, plan, ends[1]};
    struct graft_spawn_request request = {launcher, words, environment, "/", descriptors, 5};
    struct graft_child child;
    int error = graft_spawn(&request, &child);
    close(ends[1]);
    char said[512] = "";
    int status = 0;
    if (error == 0) {
        while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) continue;
        ssize_t count = read(ends[0], said, sizeof said - 1);
        said[count < 0 ? 0 : count] = '\0';
        close(child.pidfd);
    }
    if (error != 0 || strncmp(said, trial->wanted, strlen(trial->wanted)) != 0) {
        fprintf(stderr, "%s: %d, status %d, said %s, not %s\n", trial->line, error, status, said, trial->wanted);
        __atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
    }
    close(ends[0]);
    close(plan);
    close(null);
    return NULL;
}

int main(int count, char **words) {
    if (count != 2) return 2;
    launcher = words[1];
    enum { TRIALS = sizeof trials / sizeof trials[0] };
    pthread_t threads[TRIALS];
    // Death signals follow threads: each lives as long as its launcher.
    for (size_t i = 0; i < TRIALS; i++) pthread_create(&threads[i], NULL, run, (void *)&trials[i]);
    for (size_t i = 0; i < TRIALS; i++) pthread_join(threads[i], NULL);
    return failures != 0;
}
