#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

// Reaching processes outside. HOST_PROCESS is one of the same user that would notice.

static pid_t host(void) { return (pid_t)given_number("HOST_PROCESS"); }

static long of_host(const char *name, int flags) {
    char path[128];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)host(), name);
    return try_open(path, flags);
}

static long signal_host(void) { return kill(host(), SIGTERM); }
static long signal_thread(void) { return syscall(SYS_tgkill, host(), host(), SIGTERM); }
static long signal_queued(void) { return sigqueue(host(), SIGTERM, (union sigval){0}); }
static long signal_by_descriptor(void) {
    int process = (int)syscall(434 /* pidfd_open */, host(), 0);
    return process < 0 ? -1 : syscall(424 /* pidfd_send_signal */, process, SIGTERM, NULL, 0);
}

/// The nearest thing that is not the command's own: the launcher, or the first process of the namespace.
static long end_parent(void) {
    pid_t parent = getppid();
    if (kill(parent, SIGKILL) != 0) return -1;
    // Nobody kills the first process of a namespace from inside.
    for (int turn = 0; turn < 50 && getppid() == parent; turn++) usleep(1000);
    errno = 0;
    return getppid() == parent ? -1 : 0;
}

static long stop_parent(void) {
    char path[64], state = '?';
    if (kill(getppid(), SIGSTOP) != 0) return -1;
    usleep(20000);
    snprintf(path, sizeof path, "/proc/%d/stat", (int)getppid());
    FILE *file = fopen(path, "re");
    if (file == NULL || fscanf(file, "%*d (%*[^)]) %c", &state) != 1) return -1;
    fclose(file);
    errno = 0;
    return state == 'T' ? 0 : -1;
}

static long parent_status(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/4", (int)getppid());
    return try_open(path, O_WRONLY);
}

static long parent_memory(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)getppid());
    return try_open(path, O_RDWR);
}

static long trace_host(void) { return ptrace(PTRACE_SEIZE, host(), NULL, NULL); }
static long trace_parent(void) { return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL); }
static long read_memory(void) {
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)given_number("HOST_ADDRESS"), 1};
    return process_vm_readv(host(), &here, 1, &there, 1, 0);
}
static long write_memory(void) {
    char byte = 'x';
    struct iovec here = {&byte, 1}, there = {(void *)given_number("HOST_ADDRESS"), 1};
    return process_vm_writev(host(), &here, 1, &there, 1, 0);
}
static long memory_file(void) { return of_host("mem", O_RDONLY); }
static long environment_file(void) { return of_host("environ", O_RDONLY); }
static long map_file(void) { return of_host("maps", O_RDONLY); }
static long score_file(void) { return of_host("oom_score_adj", O_WRONLY); }
static long descriptor_file(void) { return of_host("fd/0", O_RDONLY); }
static long descriptor_taken(void) {
    int process = (int)syscall(434 /* pidfd_open */, host(), 0);
    return process < 0 ? -1 : syscall(438 /* pidfd_getfd */, process, 0, 0);
}
static long limit_host(void) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    if (prlimit(host(), RLIMIT_CORE, NULL, &limit) != 0) return -1;
    return prlimit(host(), RLIMIT_CORE, &limit, NULL);
}
static long slow_host(void) { return setpriority(PRIO_PROCESS, (id_t)host(), 19); }
static long pin_host(void) {
    cpu_set_t set;
    if (sched_getaffinity(host(), sizeof set, &set) != 0) return -1;
    return sched_setaffinity(host(), sizeof set, &set);
}

static long shared_segment(void) {
    void *address = shmat((int)given_number("HOST_SEGMENT"), NULL, 0);
    return address == (void *)-1 ? -1 : 0;
}
static long message_queue(void) { return mq_open(given("HOST_QUEUE"), O_RDWR); }

// Becoming more than one is.

static long become_root(void) { return setresuid(getuid() == 0 ? 1 : 0, (uid_t)-1, (uid_t)-1); }
static long leave_groups(void) { return setgroups(0, NULL); }
static long take_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{.effective = ~0U, .permitted = ~0U}, {.effective = ~0U, .permitted = ~0U}};
    return syscall(SYS_capset, &header, data);
}
static long raise_ambient(void) { return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0); }
static long secure_bits(void) { return prctl(PR_SET_SECUREBITS, 0, 0, 0, 0); }
static long setuid_program(void) {
    errno = 0;
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? -1 : 0;
}
static long new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0); }

static long advised(void) {
    struct iovec part = {.iov_base = NULL, .iov_len = 4096};
    int process = (int)syscall(434 /* pidfd_open */, host(), 0);
    return process < 0 ? -1 : syscall(440 /* process_madvise */, process, &part, 1, 21 /* MADV_PAGEOUT */, 0);
}
/// What whoever started this has left open may lead outside.
static long inherited(void) {
    errno = 0;
    for (int descriptor = 3; descriptor < 4096; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0) return descriptor;
    }
    errno = 0;
    return -1;
}

const struct attempt process_attempts[] = {
    {"signal-host", signal_host}, {"signal-thread", signal_thread}, {"signal-queued", signal_queued},
    {"signal-by-descriptor", signal_by_descriptor}, {"end-parent", end_parent}, {"stop-parent", stop_parent},
    {"parent-status", parent_status}, {"parent-memory", parent_memory}, {"trace-host", trace_host},
    {"trace-parent", trace_parent}, {"read-memory", read_memory}, {"write-memory", write_memory},
    {"memory-file", memory_file}, {"environment-file", environment_file}, {"map-file", map_file},
    {"score-file", score_file}, {"descriptor-file", descriptor_file}, {"descriptor-taken", descriptor_taken},
    {"limit-host", limit_host}, {"slow-host", slow_host}, {"pin-host", pin_host},
    {"shared-segment", shared_segment}, {"message-queue", message_queue}, {"become-root", become_root},
    {"leave-groups", leave_groups}, {"take-capabilities", take_capabilities}, {"raise-ambient", raise_ambient},
    {"secure-bits", secure_bits}, {"setuid-program", setuid_program}, {"new-privileges", new_privileges},
    {"advised", advised}, {"inherited-descriptors", inherited},
    {NULL, NULL},
};
