#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Without a PID namespace there are three processes as well: the launcher, which the caller waits for; the keeper; and
// the command. The keeper may only signal its own descendants, by a Landlock domain that the command's lies in. So it
// can end all of them with one call, which no new process escapes, and none of them can end it.

/// Ends children one by one, and theirs as they become ours; a program that forks all the time may be faster.
static void end_children(void) {
    for (int round = 0; round < 1000; round++) {
        char path[64], text[4096];
        snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
        int file = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t length = file < 0 ? 0 : read(file, text, sizeof text - 1);
        if (file >= 0) close(file);
        text[length < 0 ? 0 : length] = '\0';
        for (char *next = text; *next != '\0';) {
            char *start = next;
            pid_t pid = (pid_t)strtol(next, &next, 10);
            // Not collected yet, so the number is still its own. The last one may be cut off.
            if (pid > 0 && *next == ' ') kill(pid, SIGKILL);
            while (*next == ' ') next++;
            if (next == start) break;
        }
        while (waitpid(-1, NULL, WNOHANG) > 0) continue;
        if (file < 0 || (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)) return;
    }
}

/// Ends all processes of the domain at once.
static void end_domain(pid_t launcher) {
    // The call reaches everything the user runs if the domain is not there: only with proof that it is.
    if (kill(launcher, 0) == 0 || errno != EPERM) {
        end_children();
        return;
    }
    kill(-1, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) continue;
}

/// Ends when the launcher does, after the children: so the signal is not SIGKILL.
static void hear_end_of(pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGHUP, 0, 0, 0);
    if (getppid() != parent) _exit(125);
}

_Noreturn static void become_keeper(const struct plan *plan, pid_t launcher, const sigset_t *signals,
                                    const struct command *command) {
    hear_end_of(launcher);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    bool has_domain = restrict_signals();
    pid_t child = fork();
    if (child < 0) fail("start a process for", command->words[0]);
    if (child == 0) become_command(plan, command);
    close_streams();
    drop_capabilities();
    for (;;) {
        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended == child) {
            tell_end(status);
            break;
        }
        if (ended > 0) continue;
        int number = wait_for_signal(plan, signals);
        if (number == MEMORY_IS_USED_UP) tell_memory_used_up();
        if (number == SIGHUP || number == MEMORY_IS_USED_UP) break;
        if (number != SIGTERM) continue;
        if (has_domain && kill(launcher, 0) != 0 && errno == EPERM) kill(-1, SIGTERM);
        else kill(-child, SIGTERM);
    }
    if (has_domain) end_domain(launcher);
    else end_children();
    _exit(0);
}

int run_alone(const struct plan *plan, pid_t caller, const sigset_t *signals, const struct command *command) {
    hear_end_of(caller);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    // What has the same user may otherwise look into this process; the children inherit it until they execute.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    join_cgroups(plan);
    pid_t self = getpid(), keeper = fork();
    if (keeper < 0) fail("start a process for", command->words[0]);
    if (keeper == 0) become_keeper(plan, self, signals, command);
    close_streams();
    for (;;) {
        pid_t ended = waitpid(keeper, NULL, WNOHANG);
        if (ended == keeper || (ended < 0 && errno == ECHILD)) break;
        int number = sigwaitinfo(signals, NULL);
        if (number == SIGTERM || number == SIGHUP) kill(keeper, number);
    }
    // Nothing, unless this kernel has no such domains and the keeper was killed.
    end_children();
    return 0;
}
