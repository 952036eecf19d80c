#pragma once

// Nothing else: what this includes, Swift takes for ours and not for the C library's.
#include <stddef.h>

/// Which processes a child belongs with.
enum graft_spawn_group {
    /// A session of its own, without a controlling terminal.
    GRAFT_OWN_SESSION,
    /// A process group of its own in the caller's session.
    GRAFT_OWN_GROUP,
    /// The caller's group.
    GRAFT_CALLERS_GROUP,
};

/// What a child process starts with.
struct graft_spawn_request {
    /// The file to execute.
    const char *path;
    /// NULL-terminated.
    char *const *argv;
    /// NULL-terminated; nothing of the caller's own environment is added.
    char *const *envp;
    /// The child's working folder, or NULL for the caller's.
    const char *directory;
    /// The caller's descriptors that become 0, 1, 2, ... in the child; all others are closed there.
    const int *descriptors;
    size_t descriptor_count;
    enum graft_spawn_group group;
    /// Whether a path without a slash is looked up in the caller's PATH.
    int searches_path;
};

/// A child process and a descriptor that names it for as long as it is open.
struct graft_child {
    int pid;
    int pidfd;
};

/// Starts a child with default signal dispositions and no signal blocked.
///
/// Returns 0, or the errno of what failed, also when that was execve in the child: a program that is missing is thus
/// told apart from one that exits with 127. The child must be waited for by its pid.
int graft_spawn(const struct graft_spawn_request *request, struct graft_child *child);

/// Opens a pidfd, close-on-exec, or returns -1 with errno set (pidfd_open(2)).
int graft_pidfd_open(int pid);

/// Sends a signal to the process a pidfd names (pidfd_send_signal(2)).
int graft_pidfd_kill(int pidfd, int signal);

/// Makes a file in memory that holds these bytes and can no longer be changed; its descriptor is close-on-exec, or -1
/// with errno set (memfd_create(2)).
int graft_sealed_file(const void *bytes, size_t count);

/// Makes a pipe of which both ends are close-on-exec and the reading end does not block; 0 or -1 with errno set.
int graft_pipe(int descriptors[2]);

/// Makes a pipe of which both ends are close-on-exec and the writing end does not block; 0 or -1 with errno set.
int graft_input_pipe(int descriptors[2]);

/// Makes a terminal: the first descriptor is its near side, which does not block, the second what a program gets.
/// Both are close-on-exec and nobody's controlling terminal; 0 or -1 with errno set (pty(7)).
int graft_terminal(int descriptors[2], unsigned short columns, unsigned short rows);

/// Makes two connected Unix sockets, close-on-exec; 0 or -1 with errno set.
int graft_socket_pair(int descriptors[2]);

/// Takes a descriptor that a process sends over a Unix socket (SCM_RIGHTS), close-on-exec; -1 with errno set, or with
/// errno 0 when the other end was closed.
int graft_receive_descriptor(int socket);

/// Sends up to 16 descriptors with one byte over a Unix socket (SCM_RIGHTS); 0 or -1 with errno set.
int graft_send_descriptors(int socket, const int *descriptors, size_t count);

/// Accepts a connection, close-on-exec, or returns -1 with errno set (accept4(2)).
int graft_accept(int listener);

/// Opens an eventfd, close-on-exec and not blocking, or returns -1 with errno set.
int graft_event(void);

/// Lets orphans below this process become its children instead of those of PID 1 (PR_SET_CHILD_SUBREAPER).
int graft_become_subreaper(void);

/// Reads a status of wait4(2): whether the process has exited by itself, with which code, or by which signal not.
int graft_exited(int status);
int graft_exit_code(int status);
int graft_signal(int status);
