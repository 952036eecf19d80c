#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char **environ;

enum { WORD_LIMIT = 4096 };

/// Runs a script without a first line that names its interpreter, which belongs to the shell.
static void execute_script(const char *path, char **words) {
    static char *longer[WORD_LIMIT];
    size_t count = 2;
    longer[0] = "/bin/sh";
    longer[1] = (char *)path;
    for (size_t i = 1; words[i] != NULL && count < WORD_LIMIT - 1; i++) longer[count++] = words[i];
    longer[count] = NULL;
    execve(longer[0], longer, environ);
}

static void try_to_execute(const char *path, char **words) {
    execve(path, words, environ);
    if (errno == ENOEXEC) execute_script(path, words);
}

void execute(char **words) {
    if (strchr(words[0], '/') != NULL) {
        try_to_execute(words[0], words);
        fail("run", words[0]);
    }
    const char *search = getenv("PATH");
    int code = ENOENT;
    char path[4096];
    for (const char *part = search == NULL ? "/usr/bin:/bin" : search; *part != '\0';) {
        int length = (int)strcspn(part, ":");
        // An empty part is the current folder. A path that is cut off would be another one.
        int written = length == 0 ? snprintf(path, sizeof path, "./%s", words[0])
                                  : snprintf(path, sizeof path, "%.*s/%s", length, part, words[0]);
        if (written < (int)sizeof path) {
            try_to_execute(path, words);
            if (errno != ENOENT && errno != ENOTDIR) code = errno;
        }
        part += length + (part[length] == ':');
    }
    errno = code;
    fail("run", words[0]);
}

/// When memory runs out, the kernel is to take the command and not Graft or what else the user runs.
static void be_first_to_go(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    // A kernel that refuses loses nothing.
    if (write(file, "500", 3) < 0) errno = 0;
    close(file);
}

void become_command(const struct plan *plan, const char *directory, char **words) {
    if (plan->rung != RUNG_INSIDE && setsid() < 0) fail("start a session", "");
    // Refused where the input is no terminal.
    ioctl(0, TIOCSCTTY, 0);
    if (chdir(directory) != 0) fail("go to", directory);
    if (plan->rung != RUNG_INSIDE) be_first_to_go();
    set_limits(plan);
    drop_capabilities();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("forbid new privileges", "");
    restrict_files(plan);
    fcntl(STATUS_DESCRIPTOR, F_SETFD, FD_CLOEXEC);
    close(PLAN_DESCRIPTOR);
    restrict_calls(plan);

    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execute(words);
}
