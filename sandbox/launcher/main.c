#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Three processes: the launcher, which stays outside and is what the caller waits for; the first process of the PID
// namespace, which collects orphans and whose end is the end of all in it; and the command. Only signals and the
// status pipe connect them.
//
//     graft-sandbox CALLER-PID DIRECTORY COMMAND [ARGUMENT...]
//
// SIGTERM asks the command to end; SIGHUP ends everything at once.

extern char **environ;

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

static void join_cgroups(const struct plan *plan) {
    for (size_t i = 0; i < plan->cgroup_count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/cgroup.procs", plan->cgroups[i]);
        int file = open(path, O_WRONLY | O_CLOEXEC);
        if (file < 0 || write(file, "0", 1) < 0) fail("join the cgroup", plan->cgroups[i]);
        close(file);
    }
}

/// Finds a program as execvp(3) does, but says why nothing could be executed.
_Noreturn static void execute(char **words) {
    if (strchr(words[0], '/') != NULL) {
        execve(words[0], words, environ);
        fail("run", words[0]);
    }
    const char *search = getenv("PATH");
    int code = ENOENT;
    char path[4096];
    for (const char *part = search == NULL ? "/usr/bin:/bin" : search; *part != '\0';) {
        size_t length = strcspn(part, ":");
        snprintf(path, sizeof path, "%.*s/%s", (int)length, part, words[0]);
        execve(path, words, environ);
        if (errno != ENOENT && errno != ENOTDIR) code = errno;
        part += length + (part[length] == ':');
    }
    errno = code;
    fail("run", words[0]);
}

_Noreturn static void become_command(const struct plan *plan, const char *directory, char **words) {
    if (setsid() < 0) fail("start a session", "");
    // Refused where the input is no terminal.
    ioctl(0, TIOCSCTTY, 0);
    if (chdir(directory) != 0) fail("go to", directory);
    set_limits(plan);
    drop_capabilities();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("forbid new privileges", "");
    restrict_files(plan);
    fcntl(STATUS_DESCRIPTOR, F_SETFD, FD_CLOEXEC);
    close(PLAN_DESCRIPTOR);
    restrict_calls(plan);

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execute(words);
}

/// Collects children until the command has ended, and tells how it did; SIGTERM goes on to all processes.
static void look_after(pid_t command, const sigset_t *signals) {
    for (;;) {
        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended == command) {
            if (WIFEXITED(status)) tell("exited", WEXITSTATUS(status));
            else tell("signalled", WTERMSIG(status));
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
    pid_t command = fork();
    if (command < 0) fail("start a process for", words[0]);
    if (command == 0) become_command(plan, directory, words);
    for (int descriptor = 0; descriptor < STATUS_DESCRIPTOR; descriptor++) close(descriptor);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    drop_capabilities();
    look_after(command, signals);
    _exit(0);
}

/// Ends every descendant: as a subreaper this process inherits all that lose their parent.
static void end_descendants(void) {
    for (int round = 0; round < 1000; round++) {
        char path[64], text[4096];
        snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
        int file = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t length = file < 0 ? 0 : read(file, text, sizeof text - 1);
        if (file >= 0) close(file);
        text[length < 0 ? 0 : length] = '\0';
        for (char *next = text; *next != '\0';) {
            pid_t pid = (pid_t)strtol(next, &next, 10);
            if (pid > 0) kill(pid, SIGKILL);
            while (*next == ' ') next++;
        }
        while (waitpid(-1, NULL, WNOHANG) > 0) continue;
        if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD) return;
    }
}

/// Runs the command with nothing but Landlock and the filter around it.
static int run_in_landlock(struct plan *plan, pid_t caller, const sigset_t *signals, const char *directory,
                           char **words) {
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    // Not SIGKILL: descendants are ended by this process and would outlive it.
    prctl(PR_SET_PDEATHSIG, SIGHUP, 0, 0, 0);
    if (getppid() != caller) return 125;
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    pid_t command = fork();
    if (command < 0) fail("start a process for", words[0]);
    if (command == 0) become_command(plan, directory, words);
    for (;;) {
        siginfo_t info = {0};
        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended == command) {
            if (WIFEXITED(status)) tell("exited", WEXITSTATUS(status));
            else tell("signalled", WTERMSIG(status));
            break;
        }
        if (ended > 0) continue;
        int number = sigwaitinfo(signals, &info);
        if (number == SIGTERM) kill(-command, SIGTERM);
        if (number == SIGHUP) {
            kill(-command, SIGKILL);
            break;
        }
    }
    end_descendants();
    return 0;
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
    for (int descriptor = 0; descriptor < STATUS_DESCRIPTOR; descriptor++) close(descriptor);
    for (;;) {
        pid_t ended = waitpid(first, NULL, WNOHANG);
        if (ended == first || (ended < 0 && errno == ECHILD)) return 0;
        int number = sigwaitinfo(signals, NULL);
        if (number == SIGTERM) kill(first, SIGTERM);
        if (number == SIGHUP) kill(first, SIGKILL);
    }
}

int main(int count, char **words) {
    static struct plan plan;
    errno = EINVAL;
    if (count < 4) fail("read the arguments", "");
    if (fcntl(STATUS_DESCRIPTOR, F_GETFD) < 0 || fcntl(PLAN_DESCRIPTOR, F_GETFD) < 0) {
        static const char usage[] = "graft-sandbox is started by graft; see: graft sandbox --help\n";
        return write(2, usage, sizeof usage - 1) < 0 ? 126 : 64;
    }
    pid_t caller = (pid_t)strtol(words[1], NULL, 10);
    read_plan(&plan);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    if (plan.task == TASK_MAKE) {
        make_network(&plan);
        hand_out(&plan);
        tell("exited", 0);
        return 0;
    }
    if (plan.rung == RUNG_LANDLOCK) return run_in_landlock(&plan, caller, &signals, words[2], words + 3);
    return run_in_namespaces(&plan, caller, &signals, words[2], words + 3);
}
