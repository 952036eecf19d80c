#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A fork server keeps what all commands of one sandbox share: the user's numbers, the network, the overlays, the
// control groups. What it starts is in them at once, and need not be executed first.

/// A request comes with the plan, the status pipe and the socket of the command to come.
enum { PART_COUNT = 3 };

static const int places[PART_COUNT] = {PLAN_DESCRIPTOR, STATUS_DESCRIPTOR, COMMAND_DESCRIPTOR};

/// Puts a request's parts where a launch looks for them; the caller's socket is overwritten.
static void take_places(const int parts[PART_COUNT]) {
    for (int i = 0; i < PART_COUNT; i++) {
        if (dup2(parts[i], places[i]) < 0) _exit(125);
    }
    if (syscall(SYS_close_range, COMMAND_DESCRIPTOR + 1, ~0U, 0) != 0) {
        for (int descriptor = COMMAND_DESCRIPTOR + 1; descriptor < 256; descriptor++) close(descriptor);
    }
}

enum answer { ANSWER_GONE, ANSWER_GIVEN, ANSWER_IS_CHILD };

/// Starts a process for one request, and answers with a descriptor that names it, or with what went wrong.
static enum answer answer(void) {
    int parts[PART_COUNT];
    if (receive_descriptors(SERVER_DESCRIPTOR, parts, PART_COUNT) <= 0) return ANSWER_GONE;
    pid_t child = fork();
    if (child == 0) {
        take_places(parts);
        return ANSWER_IS_CHILD;
    }
    int name = child < 0 ? -1 : (int)syscall(SYS_pidfd_open, child, 0);
    int code = errno;
    for (int i = 0; i < PART_COUNT; i++) close(parts[i]);
    bool is_sent = send_descriptor(SERVER_DESCRIPTOR, name, name < 0 ? (char)code : 0);
    if (name >= 0) close(name);
    return is_sent ? ANSWER_GIVEN : ANSWER_GONE;
}

bool serve(const sigset_t *signals) {
    int arrivals = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (arrivals < 0) fail("wait for", "signals");
    struct pollfd entries[] = {{.fd = SERVER_DESCRIPTOR, .events = POLLIN}, {.fd = arrivals, .events = POLLIN}};
    for (;;) {
        pid_t ended;
        do ended = waitpid(-1, NULL, WNOHANG);
        while (ended > 0);
        if (entries[0].fd < 0 && ended < 0) return false;
        if (poll(entries, 2, -1) < 0) continue;
        struct signalfd_siginfo arrived;
        while (read(arrivals, &arrived, sizeof arrived) > 0) continue;
        if (entries[0].revents == 0) continue;
        switch (answer()) {
        case ANSWER_IS_CHILD: return true;
        // The processes see the end of their own sockets.
        case ANSWER_GONE: entries[0].fd = -1; break;
        case ANSWER_GIVEN: break;
        }
    }
}
