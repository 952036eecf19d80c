#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

// Parts of the kernel that tests do not need.

static long unshare_user(void) { return unshare(CLONE_NEWUSER); }
static long unshare_mounts(void) { return unshare(CLONE_NEWNS); }
static long unshare_network(void) { return unshare(CLONE_NEWNET); }

static long ended(long child) {
    if (child == 0) _exit(0);
    if (child > 0) waitpid((pid_t)child, NULL, 0);
    return child;
}
static long clone_user(void) { return ended(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)); }
static long clone_user_high(void) {
    // The kernel looks at the lower half only; a filter that compares all 64 bits would let this pass.
    return ended(syscall(SYS_clone, 0x100000000UL | CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}
static long clone3_user(void) {
    unsigned long long arguments[11] = {[0] = CLONE_NEWUSER, [4] = SIGCHLD};
    return ended(syscall(435 /* clone3 */, arguments, sizeof arguments));
}
static long join_namespace(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/ns/user", given_number("HOST_PROCESS"));
    int namespace = open(path, O_RDONLY | O_CLOEXEC);
    return namespace < 0 ? -1 : setns(namespace, 0);
}
static long mount_memory(void) { return mount("none", given("TREE"), "tmpfs", 0, NULL); }
static long mount_over(void) { return mount(given("TREE"), given("OUTSIDE"), NULL, MS_BIND, NULL); }
static long remount(void) { return mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL); }
static long mount_by_steps(void) { return syscall(430 /* fsopen */, "tmpfs", 0); }
static long mount_copied(void) { return syscall(428 /* open_tree */, AT_FDCWD, "/", 1); }
static long mount_changed(void) {
    unsigned long long attributes[4] = {0, MS_RDONLY, 0, 0};
    return syscall(442 /* mount_setattr */, AT_FDCWD, "/", 0, attributes, sizeof attributes);
}
static long new_root(void) { return chroot(given("TREE")); }
static long pivot(void) { return syscall(SYS_pivot_root, given("TREE"), given("TREE")); }

static long rings(void) {
    char parameters[256] = {0};
    return syscall(425 /* io_uring_setup */, 1, parameters);
}
static long programs(void) {
    char attributes[128] = {1, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1};
    return syscall(SYS_bpf, 0, attributes, sizeof attributes);
}
static long counters(void) {
    unsigned attributes[32] = {1 /* PERF_TYPE_SOFTWARE */, sizeof attributes};
    return syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0);
}
static long page_faults(void) { return syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* UFFD_USER_MODE_ONLY */); }
static long file_events(void) { return syscall(SYS_fanotify_init, 0x200 /* FAN_REPORT_FID */, 0); }
static long session_keys(void) { return syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -3, 1); }
static long user_keys(void) { return syscall(SYS_add_key, "user", "graft-escape", "x", 1, -4); }
static long compared(void) { return syscall(SYS_kcmp, getpid(), getppid(), 1, 0, 0); }
static long quotas(void) { return syscall(SYS_quotactl, 0x80000100 /* Q_SYNC */, NULL, 0, NULL); }

// Other ways into the kernel, with other numbers for the same calls.

#if defined(__x86_64__)
static long call_32(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
    if (result < 0 && result > -4096) {
        errno = (int)-result;
        return -1;
    }
    return result;
}
static long old_unshare(void) { return call_32(310, CLONE_NEWUSER, 0, 0); }
static long old_socket(void) { return call_32(359, 16, 3, 9); }
static long old_trace(void) { return call_32(26, 0x4206, given_number("HOST_PROCESS"), 0); }
static long x32_unshare(void) { return syscall(0x40000000 | SYS_unshare, CLONE_NEWUSER); }
static long x32_trace(void) { return syscall(0x40000000 | 521, 0x4206, given_number("HOST_PROCESS"), 0, 0); }
static long ports(void) { return syscall(SYS_iopl, 3); }
static long segments(void) {
    char text[16];
    return syscall(SYS_modify_ldt, 0, text, sizeof text);
}
#else
static long old_unshare(void) { return absent(); }
static long old_socket(void) { return absent(); }
static long old_trace(void) { return absent(); }
static long x32_unshare(void) { return absent(); }
static long x32_trace(void) { return absent(); }
static long ports(void) { return absent(); }
static long segments(void) { return absent(); }
#endif

// Typing for the user. HOST_TERMINAL is a terminal that is nobody's yet, so opening it makes it ours.

static long type_with(unsigned long request) {
    setsid();
    int terminal = open(given("HOST_TERMINAL"), O_RDONLY | O_CLOEXEC);
    return terminal < 0 ? -1 : ioctl(terminal, request, "#");
}
static long typed(void) { return type_with(TIOCSTI); }
static long typed_high(void) { return type_with(0x100000000UL | TIOCSTI); }
static long pasted(void) { return type_with(0x541C /* TIOCLINUX */); }
static long own_terminal(void) {
    setsid();
    int terminal = open("/dev/ptmx", O_RDWR | O_CLOEXEC), unlocked = 0;
    if (terminal < 0) terminal = open("/dev/pts/ptmx", O_RDWR | O_CLOEXEC);
    if (terminal < 0 || ioctl(terminal, TIOCSPTLCK, &unlocked) != 0) return -1;
    int other = ioctl(terminal, TIOCGPTPEER, O_RDWR);
    return other < 0 ? -1 : ioctl(other, TIOCSTI, "#");
}

static long discipline(void) {
    setsid();
    int terminal = open("/dev/ptmx", O_RDWR | O_CLOEXEC), plain = 0;
    return terminal < 0 ? -1 : ioctl(terminal, 0x5423 /* TIOCSETD */, &plain);
}
static long quotas_open(void) {
    int tree = open(given("TREE"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return tree < 0 ? -1 : syscall(443 /* quotactl_fd */, tree, 0x80000400 /* Q_GETFMT */, 0, NULL);
}

const struct attempt kernel_attempts[] = {
    {"unshare-user", unshare_user}, {"unshare-mounts", unshare_mounts}, {"unshare-network", unshare_network},
    {"clone-user", clone_user}, {"clone-user-high", clone_user_high}, {"clone3-user", clone3_user},
    {"join-namespace", join_namespace}, {"mount-memory", mount_memory}, {"mount-over", mount_over},
    {"remount", remount}, {"mount-by-steps", mount_by_steps}, {"mount-copied", mount_copied},
    {"mount-changed", mount_changed}, {"new-root", new_root}, {"pivot", pivot}, {"rings", rings},
    {"programs", programs}, {"counters", counters}, {"page-faults", page_faults}, {"file-events", file_events},
    {"session-keys", session_keys}, {"user-keys", user_keys}, {"compared", compared}, {"quotas", quotas},
    {"old-unshare", old_unshare}, {"old-socket", old_socket}, {"old-trace", old_trace},
    {"x32-unshare", x32_unshare}, {"x32-trace", x32_trace}, {"ports", ports}, {"segments", segments},
    {"typed", typed}, {"typed-high", typed_high}, {"pasted", pasted}, {"typed-own", own_terminal},
    {"line-discipline", discipline}, {"quotas-open", quotas_open}, {NULL, NULL},
};
