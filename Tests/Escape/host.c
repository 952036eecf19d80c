#define _GNU_SOURCE
#include "attempts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// The outside that attempts are after: a process with servers, shared memory, a message queue and a terminal. It says
// on standard output where they are, one NAME=value a line, and keeps them until its standard input ends.

static char path[4096];

static int serve(const char *name, const char *root, const char *rest, int type, bool is_abstract) {
    struct sockaddr_un here = {.sun_family = AF_UNIX};
    snprintf(path, sizeof path, "%s%s", root, rest);
    size_t length = strnlen(path, sizeof here.sun_path - 2);
    memcpy(here.sun_path + is_abstract, path, length);
    int server = socket(AF_UNIX, type, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
    if (bind(server, (struct sockaddr *)&here, size) != 0) return -1;
    if (type == SOCK_STREAM) listen(server, 8);
    printf("%s=%s\n", name, path);
    return server;
}

static void serve_internet(const char *name, int type) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    int server = socket(AF_INET, type, 0);
    if (bind(server, (struct sockaddr *)&here, size) != 0) return;
    if (type == SOCK_STREAM) listen(server, 8);
    getsockname(server, (struct sockaddr *)&here, &size);
    printf("%s=%d\n", name, ntohs(here.sin_port));
}

static void make_file(const char *name, const char *folder, const char *rest) {
    snprintf(path, sizeof path, "%s/%s", folder, rest);
    close(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    printf("%s=%s\n", name, path);
}

static void open_all(const char *root, const char *name) {
    serve("HOST_SOCKET", root, "/outside.sock", SOCK_STREAM, false);
    serve("HOST_DATAGRAM", root, "/datagram.sock", SOCK_DGRAM, false);
    serve("HOST_HIDDEN", root, "/keys/agent.sock", SOCK_STREAM, false);
    serve("HOST_ABSTRACT", name, "", SOCK_STREAM, true);
    char temporary[256];
    snprintf(temporary, sizeof temporary, "/tmp/%s", name);
    serve("HOST_TEMPORARY_SOCKET", temporary, ".sock", SOCK_STREAM, false);
    serve_internet("HOST_TCP", SOCK_STREAM);
    serve_internet("HOST_UDP", SOCK_DGRAM);
    make_file("HOST_SHARED", "/dev/shm", name);
    make_file("HOST_TEMPORARY", "/tmp", name);

    int segment = shmget(IPC_PRIVATE, 4096, 0600);
    void *shared = shmat(segment, NULL, 0);
    // Goes with the last one who has it.
    shmctl(segment, IPC_RMID, NULL);
    printf("HOST_SEGMENT=%d\nHOST_ADDRESS=%ld\n", segment, (long)shared);
    snprintf(path, sizeof path, "/%s", name);
    mq_open(path, O_RDWR | O_CREAT, 0600, NULL);
    printf("HOST_QUEUE=%s\n", path);
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    unlockpt(terminal);
    printf("HOST_TERMINAL=%s\nHOST_PROCESS=%d\n\n", ptsname(terminal), (int)getpid());
    fflush(stdout);
}

static void remove_all(const char *name) {
    static const char *const folders[] = {"/dev/shm", "/tmp"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folders[i], name);
        unlink(path);
    }
    strcat(path, ".sock");
    unlink(path);
    snprintf(path, sizeof path, "/%s", name);
    mq_unlink(path);
}

int be_host(const char *root, const char *name) {
    pid_t child = fork();
    if (child == 0) {
        // What a thief of descriptor 0 would get.
        snprintf(path, sizeof path, "%s/outside/canary", root);
        dup2(open(path, O_RDONLY), 0);
        snprintf(path, sizeof path, "%s/vault", root);
        if (chdir(path) != 0) _exit(1);
        open_all(root, name);
        for (;;) pause();
    }
    char byte;
    while (read(0, &byte, 1) > 0) continue;
    int status = 0;
    bool is_gone = waitpid(child, &status, WNOHANG) != 0;
    if (!is_gone) kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    remove_all(name);
    return is_gone;
}
