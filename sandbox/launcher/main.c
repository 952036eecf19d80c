#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Three processes: the launcher, which stays outside and is what the caller waits for; the first process of the PID
// namespace, which collects orphans and whose end is the end of all in it; and the command. Only signals and the
// status pipe connect them.
//
//     graft-sandbox CALLER-PID DIRECTORY COMMAND [ARGUMENT...]
//
// SIGTERM asks the command to end; SIGHUP ends everything at once. Without namespaces see alone.c.

// The C driver of Swift's linker adds an object that would pull in the whole Swift runtime to register nothing.
void swift_addNewDSOImage(const void *image);
void swift_addNewDSOImage(const void *image) { (void)image; }

void tell(const char *word, long number) {
    char line[64];
    int length = snprintf(line, sizeof line, "%s %ld\n", word, number);
    // A caller that is gone needs no answer.
    if (write(STATUS_DESCRIPTOR, line, (size_t)length) < 0) return;
}

void fail(const char *attempt, const char *object) {
    int code = errno;
    char line[512];
    int length = snprintf(line, sizeof line, "failed %d %s %s\n", code, attempt, object);
    if (length >= (int)sizeof line) {
        length = sizeof line - 1;
        line[length - 1] = '\n';
    }
    if (write(STATUS_DESCRIPTOR, line, (size_t)length) < 0) _exit(126);
    _exit(125);
}

/// Dies when the parent does; the pipe ends with the parent and tells if that has happened already.
static void die_with(int parent_alive) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail("ask for a signal at the parent's end", "");
    struct pollfd entry = {.fd = parent_alive, .events = POLLIN};
    if (poll(&entry, 1, 0) > 0) _exit(125);
    close(parent_alive);
}

void tell_end(int status) {
    if (WIFEXITED(status)) tell("exited", WEXITSTATUS(status));
    else tell("signalled", WTERMSIG(status));
}

void close_streams(void) {
    for (int descriptor = 0; descriptor < STATUS_DESCRIPTOR; descriptor++) close(descriptor);
}

void join_cgroups(const struct plan *plan) {
    for (size_t i = 0; i < plan->cgroup_count; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/cgroup.procs", plan->cgroups[i]);
        errno = ENAMETOOLONG;
        int file = length < (int)sizeof path ? open(path, O_WRONLY | O_CLOEXEC) : -1;
        if (file < 0 || write(file, "0", 1) < 0) fail("join the cgroup", plan->cgroups[i]);
        close(file);
    }
}

/// Collects children until the command has ended, and tells how it did; SIGTERM goes on to all processes.
static void look_after(pid_t command, const sigset_t *signals) {
    for (;;) {
        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended == command) {
            tell_end(status);
            return;
        }
        if (ended > 0) continue;
        if (sigwaitinfo(signals, NULL) == SIGTERM) kill(-1, SIGTERM);
    }
}

/// The first process of the namespace: whatever still runs when it ends, the kernel ends too.
_Noreturn static void become_first(struct plan *plan, int parent_alive, const sigset_t *signals,
                                   const char *directory, char **words) {
    die_with(parent_alive);
    make_tree(plan);
    // Before there is a command that could look into this process; it has that itself until it executes.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    pid_t command = fork();
    if (command < 0) fail("start a process for", words[0]);
    if (command == 0) become_command(plan, directory, words);
    close_streams();
    drop_capabilities();
    look_after(command, signals);
    _exit(0);
}

static void make_network(const struct plan *plan) {
    make_shared_namespaces(plan);
    if (!plan->has_network && !plan->has_no_loopback) raise_loopback();
}

static int run_in_namespaces(struct plan *plan, pid_t caller, const sigset_t *signals, const char *directory,
                             char **words) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail("ask for a signal at the caller's end", "");
    if (getppid() != caller) return 125;
    join_cgroups(plan);
    if (plan->task == TASK_JOIN) join_namespaces(plan);
    else make_network(plan);
    make_own_namespaces();
    int alive[2];
    if (pipe2(alive, O_CLOEXEC) != 0) fail("make a pipe", "");
    pid_t first = fork();
    if (first < 0) fail("start a process", "");
    if (first == 0) {
        close(alive[1]);
        become_first(plan, alive[0], signals, directory, words);
    }
    close(alive[0]);
    close_streams();
    for (;;) {
        pid_t ended = waitpid(first, NULL, WNOHANG);
        if (ended == first || (ended < 0 && errno == ECHILD)) return 0;
        int number = sigwaitinfo(signals, NULL);
        if (number == SIGTERM) kill(first, SIGTERM);
        if (number == SIGHUP) kill(first, SIGKILL);
    }
}

/// Somebody else has made the namespaces and collects what is left in them.
_Noreturn static void run_inside(const struct plan *plan, const char *directory, char **words) {
    // What that one left open, and the program file itself.
    if (syscall(SYS_close_range, STATUS_DESCRIPTOR + 1, ~0U, 0) != 0) {
        for (int descriptor = STATUS_DESCRIPTOR + 1; descriptor < 256; descriptor++) close(descriptor);
    }
    become_command(plan, directory, words);
}

int main(int count, char **words) {
    static struct plan plan;
    if (fcntl(STATUS_DESCRIPTOR, F_GETFD) < 0 || fcntl(PLAN_DESCRIPTOR, F_GETFD) < 0) {
        static const char usage[] = "graft-sandbox is started by graft; see: graft sandbox --help\n";
        return write(2, usage, sizeof usage - 1) < 0 ? 126 : 64;
    }
    errno = EINVAL;
    if (count < 4) fail("read the arguments", "");
    pid_t caller = (pid_t)strtol(words[1], NULL, 10);
    read_plan(&plan);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    // A caller that is gone must not end this process before it has cleared up, and its own habits are not ours.
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    if (plan.task == TASK_MAKE) {
        make_network(&plan);
        make_shared_mounts(&plan);
        hand_out(&plan);
        tell("exited", 0);
        return 0;
    }
    if (plan.rung == RUNG_LANDLOCK) return run_alone(&plan, caller, &signals, words[2], words + 3);
    if (plan.rung == RUNG_INSIDE) run_inside(&plan, words[2], words + 3);
    return run_in_namespaces(&plan, caller, &signals, words[2], words + 3);
}
