#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// The launcher makes one sandbox, runs one command in it, and says how it ended.

enum { PLAN_DESCRIPTOR = 3, STATUS_DESCRIPTOR = 4 };

/// Where a fork server is told what to start, and hands out what it has made.
enum { SERVER_DESCRIPTOR = 5 };

/// The namespaces that a fork server gets as the guest of another one.
enum { HOST_USER_DESCRIPTOR = 6, HOST_MOUNT_DESCRIPTOR = 7 };

/// Where a process that a fork server has started gets its command.
enum { COMMAND_DESCRIPTOR = 5 };

/// Where programs inside find the caller's proxy, if there is one; free, because nothing else listens there yet.
enum { PROXY_PORT = 3128 };

enum { STEP_LIMIT = 1024, LIMIT_LIMIT = 8, CGROUP_LIMIT = 8, PLAN_BYTES = 256 * 1024 };

/// What to do.
enum task {
    /// Run a command with all namespaces of its own.
    TASK_RUN,
    /// Make what the commands of one sandbox share, and start processes that wait for one command each.
    TASK_SERVE,
};

/// How strongly the command is kept in.
enum rung {
    /// Namespaces, Landlock where the kernel has it, seccomp.
    RUNG_NAMESPACES,
    /// Landlock and seccomp alone.
    RUNG_LANDLOCK,
    /// Landlock and seccomp in namespaces that somebody else has made.
    RUNG_INSIDE,
};

enum step_kind {
    STEP_WRITABLE,       // the path itself, writable
    STEP_READ_ONLY,      // the path itself, read-only wherever it lies
    STEP_BIND,           // source at path, writable
    STEP_BIND_READ_ONLY, // source at path, read-only
    STEP_EMPTY,          // an empty writable folder in memory
    STEP_CLOSED,         // an empty writable folder with steps inside; without namespaces, what cannot be read
    STEP_LINK,           // a link to source, where a step made an empty folder
    STEP_HIDDEN_FOLDER,  // looks empty
    STEP_HIDDEN_FILE,    // reads empty
    STEP_DEVICES,        // a minimal /dev
    STEP_PROCESSES,      // a /proc of the new PID namespace
    STEP_OVERLAY,        // source below, changes kept in upper
};

/// One thing to do to the file tree.
struct step {
    enum step_kind kind;
    const char *path;
    const char *source; // NULL unless the kind has one
    const char *upper;  // NULL unless an overlay
    const char *work;
    bool is_kept; // an overlay whose changes are to outlive the machine's end
    bool may_be_missing; // nothing happens where there is no source
    int tree; // a detached copy of the source, or -1
};

struct limit {
    int resource;
    unsigned long long value;
};

/// What the caller wants, in the order it was written.
struct plan {
    enum task task;
    enum rung rung;
    bool has_network; // the network of the machine instead of one of its own
    bool has_no_loopback;
    bool has_bridge; // a socket that listens inside is handed out too
    bool is_guest;   // the namespaces of the user and of the overlays are there already
    const char *handed_out; // where a mount is that the caller gets, too; NULL for none
    struct step steps[STEP_LIMIT];
    size_t step_count;
    struct limit limits[LIMIT_LIMIT];
    size_t limit_count;
    const char *cgroups[CGROUP_LIMIT]; // folders whose cgroup.procs takes the command
    size_t cgroup_count;
    unsigned long long memory; // bytes that all processes together may use; 0 where a cgroup or nobody counts them
};

/// What to run; the lists end with NULL.
struct command {
    const char *directory;
    char **words;
    char **environment;
};

/// Says on the status pipe what failed, on what, with errno, and ends this process.
_Noreturn void fail(const char *attempt, const char *object);

/// Writes one line to the status pipe.
void tell(const char *word, long number);

/// Reads the plan from its descriptor, from the beginning, whoever has read it before.
void read_plan(struct plan *plan);

/// Makes user and (unless the plan says otherwise) network namespaces; user and group ids stay the same. A guest joins
/// the user namespace that it was given.
void make_shared_namespaces(const struct plan *plan);

/// Makes a mount namespace with the plan's overlays, if there are any; a guest joins the one that it was given.
///
/// One overlay serves all commands: the kernel forbids to mount the same upper folder twice, and commands may run
/// beside each other.
void make_shared_mounts(const struct plan *plan);

/// Makes mount, PID, IPC, UTS and cgroup namespaces; the next child is PID 1.
void make_own_namespaces(void);

/// Sets up the file tree as the plan says; needs to be PID 1 of the new namespace.
void make_tree(struct plan *plan);

/// Brings the loopback interface up (netdevice(7)).
void raise_loopback(void);

/// Copies the mount at a path with all below it, detached; -1 with errno set.
int clone_tree(const char *path);

/// Gives the caller, who is outside: for overlays the user and the mount namespace, the mount that the plan names, and a
/// socket that listens on the proxy's port inside, if the plan has a bridge.
void hand_out(const struct plan *plan);

/// Sends one byte, and a descriptor unless that is below zero (unix(7), SCM_RIGHTS).
bool send_descriptor(int socket, int descriptor, char byte);

/// Waits for one byte and so many descriptors; the number of bytes that came, or -1 with errno.
int receive_descriptors(int socket, int *descriptors, size_t count);

/// Starts a process for each request until the caller has closed the socket and all of them have ended.
///
/// In such a process it returns true: the plan, the status and the command's socket are in their places.
bool serve(const sigset_t *signals);

/// Gives up all capabilities for good, in this process and in all that it executes.
void drop_capabilities(void);

/// Sets the plan's resource limits.
void set_limits(const struct plan *plan);

/// Forbids writing outside the plan's writable paths, and signals and abstract sockets across the border, as far as
/// this kernel's Landlock can; needs no_new_privs. Without Landlock this does nothing, unless it is all there is.
void restrict_files(const struct plan *plan);

/// Forbids signals to all but this process's descendants, for good; false where Landlock cannot. Sets no_new_privs.
bool restrict_signals(void);

/// Grants rights to files in a shown folder, or to a shown file, but not to what the plan hides in it, by naming what lies
/// beside that; for `restrict_files`.
void allow_reading(int ruleset, const struct plan *plan, const char *shown, unsigned long long rights);

/// Whether the plan hides something in a folder.
bool holds_hidden(const struct plan *plan, const char *folder);

struct sock_filter;

/// Writes the system call filter; returns how many instructions it has.
size_t make_filter(const struct plan *plan, const struct sock_filter **instructions);

/// Refuses system calls that tests do not need and attacks do; needs no_new_privs.
void restrict_calls(const struct plan *plan);

/// Executes a program as execvp(3) does, but reports why none could be executed.
_Noreturn void execute(const struct command *command);

/// Says on the status pipe that all is ready, waits for the command and takes its streams as the standard ones; ends
/// this process when the caller has none (unix(7), SCM_RIGHTS).
void receive_command(struct command *command);

/// Becomes the command: gives up all rights, then executes it. With NULL the caller sends it when all else is done.
_Noreturn void become_command(const struct plan *plan, const struct command *given);

/// Moves this process and its future children to the plan's cgroups.
void join_cgroups(const struct plan *plan);

/// Asks the kernel to take this process and its children, and not Graft or what else the user runs, when memory runs out.
///
/// Only before it joins namespaces: the file is root's afterwards.
void be_first_to_go(void);

/// Waits until the command executes, which closes the other end, or for one of these signals, which stays pending.
///
/// A command that has not come yet uses no memory worth looking at.
void wait_for_begin(int end, const sigset_t *signals);

/// Waits for one of these signals, and returns its number, or -1 where there is only reason to look again.
///
/// Meanwhile it looks from time to time at what all descendants of this process use together, if the plan has a limit
/// for that, and returns `MEMORY_IS_USED_UP` when it is more, or when the machine has hardly any left.
int wait_for_signal(const struct plan *plan, const sigset_t *signals);
enum { MEMORY_IS_USED_UP = -2 };

/// Reports that the command is ended because the memory is used up.
void tell_memory_used_up(void);

/// Reports how the command ended.
void tell_end(int status);

/// Closes the standard descriptors and the plan, which are the command's and nobody else's.
void close_streams(void);

/// Runs the command with nothing but Landlock and the filter around it; ends when all it has started has ended.
int run_alone(const struct plan *plan, pid_t caller, const sigset_t *signals, const struct command *command);
