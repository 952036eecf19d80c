#define _GNU_SOURCE
#include "graft_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DESCRIPTOR_LIMIT = 16 };

// posix_spawn runs nothing of ours between clone and exec, so what happens there is async-signal-safe by construction.

static int add_file_actions(posix_spawn_file_actions_t *actions, const struct graft_spawn_request *request,
                            const int *descriptors) {
    for (size_t i = 0; i < request->descriptor_count; i++) {
        int error = posix_spawn_file_actions_adddup2(actions, descriptors[i], (int)i);
        if (error != 0) return error;
    }
    int error = posix_spawn_file_actions_addclosefrom_np(actions, (int)request->descriptor_count);
    if (error != 0 || request->directory == NULL) return error;
    return posix_spawn_file_actions_addchdir_np(actions, request->directory);
}

static int set_attributes(posix_spawnattr_t *attributes, enum graft_spawn_group group) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0) error = posix_spawnattr_setpgroup(attributes, 0);
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    if (group == GRAFT_OWN_SESSION) flags |= POSIX_SPAWN_SETSID;
    if (group == GRAFT_OWN_GROUP) flags |= POSIX_SPAWN_SETPGROUP;
    return error != 0 ? error : posix_spawnattr_setflags(attributes, flags);
}

static int spawn_with(const struct graft_spawn_request *request, const int *descriptors, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = add_file_actions(&actions, request, descriptors);
        if (error == 0) error = set_attributes(&attributes, request->group);
        if (error == 0) {
            error = (request->searches_path ? posix_spawnp : posix_spawn)(
                pid, request->path, &actions, &attributes, request->argv, request->envp);
        }
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int graft_spawn(const struct graft_spawn_request *request, struct graft_child *child) {
    size_t count = request->descriptor_count;
    if (count > DESCRIPTOR_LIMIT) return EINVAL;

    // Copies above the targets, so that no dup2 in the child overwrites a descriptor that is still to be copied.
    int copies[DESCRIPTOR_LIMIT] = {0};
    size_t made = 0;
    int error = 0;
    while (made < count) {
        copies[made] = fcntl(request->descriptors[made], F_DUPFD_CLOEXEC, (int)count);
        if (copies[made] < 0) {
            error = errno;
            break;
        }
        made++;
    }

    pid_t pid = -1;
    if (error == 0) error = spawn_with(request, copies, &pid);
    while (made > 0) close(copies[--made]);
    if (error != 0) return error;

    int pidfd = graft_pidfd_open(pid);
    if (pidfd < 0) {
        error = errno;
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
        return error;
    }
    child->pid = pid;
    child->pidfd = pidfd;
    return 0;
}

// By number: the wrappers are younger than the oldest C library we build with.

int graft_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int graft_pidfd_kill(int pidfd, int signal) { return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0); }

static int close_both(const int descriptors[2]) {
    int error = errno;
    close(descriptors[0]);
    if (descriptors[1] >= 0) close(descriptors[1]);
    errno = error;
    return -1;
}

int graft_pipe(int descriptors[2]) {
    if (pipe2(descriptors, O_CLOEXEC) < 0) return -1;
    return fcntl(descriptors[0], F_SETFL, O_NONBLOCK) == 0 ? 0 : close_both(descriptors);
}

int graft_sealed_file(const void *bytes, size_t count) {
    int file = memfd_create("plan", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0) return -1;
    for (size_t written = 0; written < count;) {
        ssize_t more = write(file, (const char *)bytes + written, count - written);
        if (more < 0) {
            int error = errno;
            close(file);
            errno = error;
            return -1;
        }
        written += (size_t)more;
    }
    fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    return file;
}

int graft_input_pipe(int descriptors[2]) {
    if (pipe2(descriptors, O_CLOEXEC) < 0) return -1;
    return fcntl(descriptors[1], F_SETFL, O_NONBLOCK) == 0 ? 0 : close_both(descriptors);
}

int graft_terminal(int descriptors[2], unsigned short columns, unsigned short rows) {
    char name[128];
    descriptors[1] = -1;
    descriptors[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (descriptors[0] < 0) return -1;
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    if (grantpt(descriptors[0]) != 0 || unlockpt(descriptors[0]) != 0
        || ptsname_r(descriptors[0], name, sizeof name) != 0 || ioctl(descriptors[0], TIOCSWINSZ, &size) != 0
        || fcntl(descriptors[0], F_SETFL, O_NONBLOCK | O_RDWR) != 0) {
        return close_both(descriptors);
    }
    descriptors[1] = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    return descriptors[1] < 0 ? close_both(descriptors) : 0;
}

int graft_socket_pair(int descriptors[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors);
}

int graft_receive_descriptor(int socket) {
    char byte;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof control.space,
    };
    ssize_t count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (count < 0) return -1;
    errno = 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (count == 0 || header == NULL || header->cmsg_type != SCM_RIGHTS) return -1;
    int descriptor;
    memcpy(&descriptor, CMSG_DATA(header), sizeof(int));
    return descriptor;
}

int graft_send_descriptors(int socket, const int *descriptors, size_t count) {
    if (count > DESCRIPTOR_LIMIT) {
        errno = EINVAL;
        return -1;
    }
    char byte = 0;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(DESCRIPTOR_LIMIT * sizeof(int))];
    } control = {0};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.space,
        .msg_controllen = CMSG_SPACE(count * sizeof(int)),
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    return sendmsg(socket, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

int graft_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }

int graft_event(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int graft_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int graft_exited(int status) { return WIFEXITED(status); }

int graft_exit_code(int status) { return WEXITSTATUS(status); }

int graft_signal(int status) { return WTERMSIG(status); }
