#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { WORD_LIMIT = 4096 };

/// Runs a script without a first line that names its interpreter, which belongs to the shell.
static void execute_script(const char *path, const struct command *command) {
    static char *longer[WORD_LIMIT];
    size_t count = 2;
    longer[0] = "/bin/sh";
    longer[1] = (char *)path;
    for (char **word = command->words + 1; *word != NULL && count < WORD_LIMIT - 1; word++) longer[count++] = *word;
    longer[count] = NULL;
    execve(longer[0], longer, command->environment);
}

static void try_to_execute(const char *path, const struct command *command) {
    execve(path, command->words, command->environment);
    if (errno == ENOEXEC) execute_script(path, command);
}

static const char *search_path(char *const *environment) {
    for (; *environment != NULL; environment++) {
        if (strncmp(*environment, "PATH=", 5) == 0) return *environment + 5;
    }
    return "/usr/bin:/bin";
}

void execute(const struct command *command) {
    const char *name = command->words[0];
    if (strchr(name, '/') != NULL) {
        try_to_execute(name, command);
        fail("run", name);
    }
    int code = ENOENT;
    char path[4096];
    for (const char *part = search_path(command->environment); *part != '\0';) {
        int length = (int)strcspn(part, ":");
        // An empty part is the current folder. A path that is cut off would be another one.
        int written = length == 0 ? snprintf(path, sizeof path, "./%s", name)
                                  : snprintf(path, sizeof path, "%.*s/%s", length, part, name);
        if (written < (int)sizeof path) {
            try_to_execute(path, command);
            if (errno != ENOENT && errno != ENOTDIR) code = errno;
        }
        part += length + (part[length] == ':');
    }
    errno = code;
    fail("run", name);
}

void become_command(const struct plan *plan, const struct command *given) {
    if (setsid() < 0) fail("start a session", "");
    set_limits(plan);
    drop_capabilities();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("forbid new privileges", "");
    restrict_files(plan);
    fcntl(STATUS_DESCRIPTOR, F_SETFD, FD_CLOEXEC);
    close(PLAN_DESCRIPTOR);
    restrict_calls(plan);

    struct command command = {0};
    if (given != NULL) command = *given;
    else receive_command(&command);
    // Refused where the input is no terminal.
    ioctl(0, TIOCSCTTY, 0);
    if (chdir(command.directory) != 0) fail("go to", command.directory);
    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execute(&command);
}
