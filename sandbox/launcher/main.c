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
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Three processes: the launcher, which stays outside and is what the caller waits for; the first process of the PID
// namespace, which collects orphans and whose end is the end of all in it; and the command. Only signals and the
// status pipe connect them.
//
//     graft-sandbox CALLER-PID DIRECTORY COMMAND [ARGUMENT...]
//     graft-sandbox enter PROGRAM ARGUMENT...    joins the plan's cgroups and becomes the program
//
// With namespaces a fork server starts all launchers of a sandbox, ahead of their commands: each gets its own over a
// socket when everything is ready, and the end of the socket is the end of the caller. SIGTERM asks the command to
// end; SIGHUP ends everything at once. Without namespaces see alone.c.

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

static int open_in(const char *folder, const char *name) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    errno = ENAMETOOLONG;
    return length < (int)sizeof path ? open(path, O_WRONLY | O_CLOEXEC) : -1;
}

void join_cgroups(const struct plan *plan) {
    for (size_t i = 0; i < plan->cgroup_count; i++) {
        // This process has one thread; moving that alone spares the kernel a wait of 5 to 20 ms for all others
        // (cgroups(7), version 1).
        int file = open_in(plan->cgroups[i], "tasks");
        if (file < 0) file = open_in(plan->cgroups[i], "cgroup.procs");
        if (file < 0 || write(file, "0", 1) < 0) fail("join the cgroup", plan->cgroups[i]);
        close(file);
    }
}

/// Collects children until the command has ended, and tells how it did; SIGTERM goes on to all processes.
static void look_after(const struct plan *plan, pid_t command, const sigset_t *signals) {
    for (;;) {
        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended == command) {
            tell_end(status);
            return;
        }
        if (ended > 0) continue;
        int number = wait_for_signal(plan, signals);
        if (number == MEMORY_IS_USED_UP) {
            tell_memory_used_up();
            return;
        }
        if (number == SIGTERM) kill(-1, SIGTERM);
    }
}

/// The first process of the namespace: whatever still runs when it ends, the kernel ends too.
_Noreturn static void become_first(struct plan *plan, int parent_alive, const sigset_t *signals,
                                   const struct command *given) {
    die_with(parent_alive);
    make_tree(plan);
    // Before there is a command that could look into this process; it has that itself until it executes.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    int begun[2] = {-1, -1};
    if (given == NULL && plan->memory != 0 && pipe2(begun, O_CLOEXEC) != 0) fail("make a pipe", "");
    pid_t command = fork();
    if (command < 0) fail("start a process for", "a command");
    if (command == 0) become_command(plan, given);
    close_streams();
    if (given == NULL) close(COMMAND_DESCRIPTOR);
    drop_capabilities();
    if (begun[1] >= 0) {
        close(begun[1]);
        wait_for_begin(begun[0], signals);
    }
    look_after(plan, command, signals);
    _exit(0);
}

/// Reports that no process is left and what all have used; freeing the namespaces can take longer than the command.
static void tell_usage(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_CHILDREN, &usage) != 0) return;
    char line[128];
    int length = snprintf(line, sizeof line, "gone %lld %lld %ld\n",
                          usage.ru_utime.tv_sec * 1000000LL + usage.ru_utime.tv_usec,
                          usage.ru_stime.tv_sec * 1000000LL + usage.ru_stime.tv_usec, usage.ru_maxrss);
    // As in tell().
    if (write(STATUS_DESCRIPTOR, line, (size_t)length) < 0) return;
}

/// Waits until the namespace is gone, and passes signals on; all ends with the caller.
static int guard(pid_t first, int caller, const sigset_t *signals) {
    int arrivals = signalfd(-1, signals, SFD_CLOEXEC);
    if (arrivals < 0) fail("wait for", "signals");
    struct pollfd entries[] = {{.fd = arrivals, .events = POLLIN}, {.fd = caller}};
    for (;;) {
        pid_t ended = waitpid(first, NULL, WNOHANG);
        if (ended == first || (ended < 0 && errno == ECHILD)) {
            tell_usage();
            return 0;
        }
        if (poll(entries, 2, -1) < 0 && errno != EINTR) return 125;
        if (entries[1].revents != 0) {
            kill(first, SIGKILL);
            entries[1].fd = -1;
        }
        struct signalfd_siginfo arrived;
        if ((entries[0].revents & POLLIN) == 0 || read(arrivals, &arrived, sizeof arrived) < 0) continue;
        if (arrived.ssi_signo == SIGTERM) kill(first, SIGTERM);
        if (arrived.ssi_signo == SIGHUP) kill(first, SIGKILL);
    }
}

/// Makes the sandbox of one command, and runs the command or waits for it.
static int run_in_namespaces(struct plan *plan, const sigset_t *signals, const struct command *given) {
    make_own_namespaces();
    int alive[2];
    if (pipe2(alive, O_CLOEXEC) != 0) fail("make a pipe", "");
    pid_t first = fork();
    if (first < 0) fail("start a process", "");
    if (first == 0) {
        close(alive[1]);
        become_first(plan, alive[0], signals, given);
    }
    close(alive[0]);
    close_streams();
    return guard(first, given == NULL ? COMMAND_DESCRIPTOR : -1, signals);
}

/// Asks the kernel to end this process when the thread that started it ends.
static void die_with_caller(pid_t caller) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail("ask for a signal at the caller's end", "");
    if (getppid() != caller) _exit(125);
}

/// Somebody else has made the namespaces, and ends all that is left in them when this process ends.
///
/// The command cannot end it without ending itself, nor stop it, where Landlock keeps signals in.
static int run_inside(const struct plan *plan, const sigset_t *signals, const struct command *given) {
    // What that one left open, and the program file itself.
    if (syscall(SYS_close_range, STATUS_DESCRIPTOR + 1, ~0U, 0) != 0) {
        for (int descriptor = STATUS_DESCRIPTOR + 1; descriptor < 256; descriptor++) close(descriptor);
    }
    // Orphans are to be its children, so that they are counted.
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    restrict_signals();
    pid_t command = fork();
    if (command < 0) fail("start a process for", given->words[0]);
    if (command == 0) become_command(plan, given);
    close_streams();
    drop_capabilities();
    look_after(plan, command, signals);
    return 0;
}

/// Somebody else's sandbox starts here, in the cgroups already: moved there later, its processes may be ahead.
_Noreturn static void enter(const struct plan *plan, char **words) {
    join_cgroups(plan);
    execv(words[0], words);
    fail("run", words[0]);
}

/// Makes what commands may share.
static void share(const struct plan *plan) {
    join_cgroups(plan);
    make_shared_namespaces(plan);
    if (!plan->has_network && !plan->has_no_loopback) raise_loopback();
}

int main(int count, char **words) {
    static struct plan plan;
    if (fcntl(STATUS_DESCRIPTOR, F_GETFD) < 0 || fcntl(PLAN_DESCRIPTOR, F_GETFD) < 0) {
        static const char usage[] = "graft-sandbox is started by graft; see: graft sandbox --help\n";
        return write(2, usage, sizeof usage - 1) < 0 ? 126 : 64;
    }
    read_plan(&plan);
    be_first_to_go();
    if (count > 3 && strcmp(words[1], "enter") == 0) enter(&plan, words + 2);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    // A caller that is gone must not end this process before it has cleared up, and its own habits are not ours.
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    if (plan.task == TASK_SERVE) {
        share(&plan);
        make_shared_mounts(&plan);
        hand_out(&plan);
        tell("ready", 0);
        if (!serve(&signals)) return 0;
        read_plan(&plan);
        return run_in_namespaces(&plan, &signals, NULL);
    }
    errno = EINVAL;
    if (count < 4) fail("read the arguments", "");
    pid_t caller = (pid_t)strtol(words[1], NULL, 10);
    struct command command = {words[2], words + 3, environ};
    if (plan.rung == RUNG_LANDLOCK) return run_alone(&plan, caller, &signals, &command);
    if (plan.rung == RUNG_INSIDE) return run_inside(&plan, &signals, &command);
    die_with_caller(caller);
    share(&plan);
    return run_in_namespaces(&plan, &signals, &command);
}
