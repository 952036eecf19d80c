#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

//     escape-attempts NAME    says "allowed", "denied ERROR" or "absent"
//     escape-attempts --list  names them all
//     escape-attempts --host FOLDER NAME    is the outside that they are after
//     escape-attempts --run MARK           forks for ever, each process a new one
//     escape-attempts --caller PROGRAM DIRECTORY COMMAND...    starts the launcher as Graft does, and waits

// The C driver of Swift's linker adds an object that would pull in the whole Swift runtime to register nothing.
void swift_addNewDSOImage(const void *image);
void swift_addNewDSOImage(const void *image) { (void)image; }

enum { ABSENT = -2 };

const char *given(const char *name) {
    const char *value = getenv(name);
    if (value != NULL) return value;
    fprintf(stderr, "%s is not set\n", name);
    exit(2);
}

long given_number(const char *name) { return strtol(given(name), NULL, 10); }

const char *below(const char *name, const char *rest) {
    static char paths[4][4096];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", given(name), rest);
    return path;
}

long try_open(const char *path, int flags) {
    int file = open(path, flags | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
    return file;
}

long try_read(const char *path) {
    char text[64];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    long count = read(file, text, sizeof text);
    int code = errno;
    close(file);
    errno = code;
    return not_zero(count);
}

long not_zero(long count) {
    if (count != 0) return count;
    errno = 0;
    return -1;
}

long absent(void) { return ABSENT; }

static const struct attempt *const topics[] = {
    file_attempts,    tree_attempts,    secret_attempts, home_attempts, machine_attempts,
    process_attempts, network_attempts, kernel_attempts, bomb_attempts,
};

/// A process that is gone before anybody can kill it, but for its child.
_Noreturn static void run(void) {
    for (long turn = 0;; turn++) {
        if (turn == 50) close(open("running", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        pid_t child = fork();
        if (child > 0) _exit(0);
        if (child < 0) usleep(1000);
        else setsid();
    }
}

_Noreturn static void call(char **words) {
    static char number[32];
    pid_t self = getpid();
    if (fork() == 0) {
        snprintf(number, sizeof number, "%d", (int)self);
        char *program = words[0];
        // PROGRAM CALLER-PID DIRECTORY COMMAND...
        words[-1] = program;
        words[0] = number;
        execv(program, words - 1);
        _exit(1);
    }
    for (;;) pause();
}

int main(int count, char **words) {
    if (count == 4 && strcmp(words[1], "--host") == 0) return be_host(words[2], words[3]);
    if (count == 3 && strcmp(words[1], "--run") == 0) run();
    if (count > 4 && strcmp(words[1], "--caller") == 0) call(words + 2);
    const char *wanted = count == 2 ? words[1] : "";
    bool lists = strcmp(wanted, "--list") == 0;
    for (size_t topic = 0; topic < sizeof topics / sizeof topics[0]; topic++) {
        for (const struct attempt *attempt = topics[topic]; attempt->name != NULL; attempt++) {
            if (lists) puts(attempt->name);
            if (strcmp(attempt->name, wanted) != 0) continue;
            long result = attempt->run();
            if (result == ABSENT) puts("absent");
            else if (result >= 0) puts("allowed");
            else printf("denied %s\n", errno == 0 ? "empty" : strerrorname_np(errno));
            return 0;
        }
    }
    return lists ? 0 : 2;
}
