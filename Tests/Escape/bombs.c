#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

// Taking more of the machine than is given: PROCESS_LIMIT, MEMORY_LIMIT in bytes, FILE_LIMIT in bytes, OPEN_LIMIT.

static long processes(void) {
    long limit = given_number("PROCESS_LIMIT"), made = 0;
    int code = 0;
    for (; made < limit + 8; made++) {
        pid_t child = fork();
        if (child == 0) {
            pause();
            _exit(0);
        }
        if (child < 0) {
            code = errno;
            break;
        }
    }
    errno = code;
    return made > limit ? made : -1;
}

/// What a process does with its share of the bomb.
static int fill(size_t size, int sharing) {
    char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED) return errno == ENOMEM ? 3 : 4;
    for (size_t i = 0; i < size; i += 4096) bytes[i] = 1;
    return 0;
}

/// Takes twice the limit, in parts, and holds it long enough for those who only look now and then.
static long take_memory(int parts, int sharing) {
    size_t size = 2 * (size_t)given_number("MEMORY_LIMIT") / (size_t)parts;
    for (int i = 0; i < parts; i++) {
        int end[2];
        if (pipe(end) != 0) return -1;
        pid_t child = fork();
        if (child == 0) {
            int code = fill(size, sharing);
            if (code != 0 || write(end[1], "", 1) < 0) _exit(code);
            for (;;) pause();
        }
        close(end[1]);
        char byte;
        // Killed, it says nothing.
        bool is_filled = child > 0 && read(end[0], &byte, 1) == 1;
        close(end[0]);
        errno = ENOMEM;
        if (!is_filled) return -1;
    }
    for (int turn = 0; turn < 200; turn++) {
        int ended = (int)waitpid(-1, NULL, WNOHANG);
        errno = ENOMEM;
        if (ended > 0) return -1;
        usleep(50000);
    }
    return 0;
}
static long memory(void) { return take_memory(1, MAP_PRIVATE); }
static long shared_memory(void) { return take_memory(1, MAP_SHARED); }
static long memory_in_parts(void) { return take_memory(20, MAP_PRIVATE); }

/// As files in a file system in memory, which are no process's.
static long memory_files(void) {
    long size = given_number("FILE_LIMIT"), count = 2 * given_number("MEMORY_LIMIT") / size;
    static const char zeros[1 << 16];
    for (long i = 0; i < count; i++) {
        char path[64];
        snprintf(path, sizeof path, "/dev/shm/part-%ld", i);
        int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file < 0) return -1;
        for (long written = 0; written < size; written += (long)sizeof zeros) {
            if (write(file, zeros, sizeof zeros) < 0) return -1;
        }
        close(file);
    }
    sleep(10);
    return 0;
}

static long file_size(void) {
    signal(SIGXFSZ, SIG_IGN);
    int file = open(below("TREE", "big"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return -1;
    return pwrite(file, "x", 1, given_number("FILE_LIMIT"));
}

static long open_files(void) {
    long limit = given_number("OPEN_LIMIT"), made = 0;
    for (; made < limit; made++) {
        if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) return -1;
    }
    return made;
}

static long raise_limits(void) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_FSIZE, &limit);
}

/// A file system in memory that takes more than half of it would bring the machine down.
static long memory_folders(void) {
    static const char *const folders[] = {"/tmp", "/dev/shm", "/run"};
    unsigned long long all = (unsigned long long)sysconf(_SC_PHYS_PAGES) * (unsigned long long)sysconf(_SC_PAGESIZE);
    errno = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        struct statvfs status;
        // Not access(2), which Landlock does not take part in.
        if (try_open(folders[i], O_WRONLY | O_TMPFILE) < 0 || statvfs(folders[i], &status) != 0) continue;
        if ((unsigned long long)status.f_blocks * status.f_frsize > all / 3) return 0;
    }
    errno = 0;
    return -1;
}

/// With any limit but one byte the machine's own program would be given the core, as root and outside.
static long core_limit(void) {
    struct rlimit limit = {0, 0};
    setrlimit(RLIMIT_CORE, &limit);
    errno = 0;
    if (getrlimit(RLIMIT_CORE, &limit) != 0) return -1;
    errno = 0;
    return limit.rlim_cur == 1 ? -1 : 0;
}
static long real_time(void) {
    struct sched_param parameters = {.sched_priority = 1};
    return sched_setscheduler(0, SCHED_FIFO, &parameters);
}
static long priority(void) { return setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) - 5); }

const struct attempt bomb_attempts[] = {
    {"many-processes", processes}, {"much-memory", memory}, {"much-shared-memory", shared_memory},
    {"memory-in-parts", memory_in_parts}, {"memory-files", memory_files}, {"large-file", file_size}, {"many-files", open_files},
    {"raised-limits", raise_limits}, {"memory-folders", memory_folders}, {"core-limit", core_limit},
    {"real-time", real_time}, {"higher-priority", priority}, {NULL, NULL},
};
