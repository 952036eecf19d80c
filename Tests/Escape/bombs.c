#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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

static long memory(void) {
    size_t size = 2 * (size_t)given_number("MEMORY_LIMIT");
    int end[2];
    if (pipe(end) != 0) return -1;
    pid_t child = fork();
    if (child == 0) {
        char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (bytes == MAP_FAILED) _exit(errno == ENOMEM ? 3 : 4);
        for (size_t i = 0; i < size; i += 4096) bytes[i] = 1;
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return -1;
    errno = ENOMEM;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
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

const struct attempt bomb_attempts[] = {
    {"many-processes", processes}, {"much-memory", memory}, {"large-file", file_size}, {"many-files", open_files},
    {"raised-limits", raise_limits}, {"memory-folders", memory_folders}, {NULL, NULL},
};
