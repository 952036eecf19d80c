#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graft_spawn.h"

// Starts a launcher through the library that Graft uses, from several threads, with good plans and broken ones; then a
// fork server, with good requests and broken ones.
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
    {PLAN("devices\0/dev\0processes\0/proc\0empty\0/tmp\0watch-memory\0""1\0"), "sleep 60", "out-of-memory 0"},
    {PLAN("devices\0/dev\0processes\0/proc\0watch-memory\0""1000000000\0"), "sleep 0.3; exit 5", "exited 5"},
    {PLAN("landlock-only\0devices\0/dev\0watch-memory\0""1\0"), "sleep 60", "out-of-memory 0"},
    {PLAN("inside\0watch-memory\0""1\0"), "sleep 60", "out-of-memory 0"},
    {PLAN("inside\0"), "exit 6", "exited 6"},
    {PLAN("watch-memory\0"), "true", "failed 22"},
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
    struct graft_spawn_request request = {
        .path = launcher, .argv = words, .envp = environment, .directory = "/", .descriptors = descriptors,
        .descriptor_count = 5,
    };
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

/// What a fork server is sent for one command, and what it is to say.
struct request {
    const char *command; // fields that end with NUL
    size_t size;
    const char *wanted[2];
};

static const struct request requests[] = {
    {PLAN("/\0""3\0/bin/sh\0-c\0exit 5\0"), {"ready 0\nexited 5\n", "gone "}},
    {PLAN("/\0""3\0sh\0-c\0test \"$A\" = b -a -z \"$C\"\0PATH=/bin\0A=b\0C=\0"), {"exited 0", "gone "}},
    {PLAN("/\0""3\0sh\0-c\0kill -9 $$\0"), {"signalled 9", "gone "}},
    {PLAN("/nowhere\0""1\0true\0"), {"failed 2 go to /nowhere", "gone "}},
    {PLAN("/\0""1\0missing\0"), {"failed 2 run missing", "gone "}},
    {PLAN("/\0""9\0true\0"), {"failed 22", "gone "}},
    {PLAN("/\0""0\0"), {"failed 22", "gone "}},
    {PLAN("/\0"), {"failed 22", "gone "}},
    {"/\0""1\0true", 8, {"failed 22", "gone "}},
    {NULL, 0, {"ready 0", "gone "}}, // the caller goes before there is a command
};

static void request(int server, const struct request *request) {
    static const char commands[] = "devices\0/dev\0processes\0/proc\0empty\0/tmp\0";
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2], line[2];
    int plan = graft_sealed_file(commands, sizeof commands);
    if (null < 0 || plan < 0 || graft_pipe(ends) != 0 || graft_socket_pair(line) != 0) abort();
    int parts[] = {plan, ends[1], line[1]};
    if (graft_send_descriptors(server, parts, 3) != 0) abort();
    int process = graft_receive_descriptor(server);
    close(ends[1]);
    close(line[1]);
    if (process < 0) abort();
    if (request->command != NULL) {
        int file = graft_sealed_file(request->command, request->size);
        int streams[] = {null, null, null, file};
        if (file < 0 || graft_send_descriptors(line[0], streams, 4) != 0) abort();
        close(file);
    } else {
        close(line[0]);
        line[0] = -1;
    }
    struct pollfd end = {.fd = process, .events = POLLIN};
    char said[512] = "";
    if (poll(&end, 1, 30000) == 1) {
        ssize_t length = read(ends[0], said, sizeof said - 1);
        said[length < 0 ? 0 : length] = '\0';
    }
    for (int i = 0; i < 2; i++) {
        if (strstr(said, request->wanted[i]) != NULL) continue;
        if (request->command == NULL && i == 0) continue; // it may go before it is ready
        fprintf(stderr, "request %d: said %s, not %s\n", (int)(request - requests), said, request->wanted[i]);
        failures++;
    }
    int all[] = {null, plan, ends[0], line[0], process};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i] >= 0) close(all[i]);
    }
}

static void serve(void) {
    static const char text[] = "serve\0";
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2], line[2];
    int plan = graft_sealed_file(text, sizeof text);
    if (null < 0 || plan < 0 || graft_pipe(ends) != 0 || graft_socket_pair(line) != 0) abort();
    char *words[] = {(char *)launcher, NULL}, *environment[] = {"ASAN_OPTIONS=detect_leaks=0", NULL};
    int descriptors[] = {null, null, 2, plan, ends[1], line[1]};
    struct graft_spawn_request start = {
        .path = launcher, .argv = words, .envp = environment, .directory = "/", .descriptors = descriptors,
        .descriptor_count = 6,
    };
    struct graft_child child;
    if (graft_spawn(&start, &child) != 0) abort();
    close(line[1]);
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) request(line[0], &requests[i]);
    // A request that is none ends the service, as does the end of the socket.
    if (write(line[0], "x", 1) != 1) abort();
    int status = 0;
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) continue;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "the fork server ended with %d\n", status);
        failures++;
    }
    int all[] = {null, plan, ends[0], ends[1], line[0], child.pidfd};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) close(all[i]);
}

int main(int count, char **words) {
    if (count != 2) return 2;
    launcher = words[1];
    enum { TRIALS = sizeof trials / sizeof trials[0] };
    pthread_t threads[TRIALS];
    // Death signals follow threads: each lives as long as its launcher.
    for (size_t i = 0; i < TRIALS; i++) pthread_create(&threads[i], NULL, run, (void *)&trials[i]);
    for (size_t i = 0; i < TRIALS; i++) pthread_join(threads[i], NULL);
    serve();
    return failures != 0;
}
