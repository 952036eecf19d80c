#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#error "no system call filter for this architecture"
#endif

// Numbers that older headers lack are the same on every architecture.
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#define SYS_io_uring_enter 426
#define SYS_io_uring_register 427
#endif
#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#define SYS_fspick 433
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#define SYS_removexattrat 466
#endif
#ifndef SYS_file_setattr
#define SYS_file_setattr 469
#endif
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif

/// Refused with EPERM, whatever the arguments.
static const int refused[] = {
    // Other processes' memory and descriptors.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_getfd, SYS_kcmp,
    // The file tree and namespaces.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_open_tree_attr, SYS_move_mount, SYS_fsopen,
    SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_mount_setattr, SYS_unshare, SYS_setns,
    // Large and often broken parts of the kernel.
    SYS_bpf, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_userfaultfd, SYS_perf_event_open,
    SYS_fanotify_init, SYS_open_by_handle_at,
    // Keys, which are not kept apart by namespaces.
    SYS_keyctl, SYS_add_key, SYS_request_key,
    // The machine itself.
    SYS_kexec_load, SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon,
    SYS_swapoff, SYS_acct, SYS_quotactl, SYS_quotactl_fd, SYS_syslog, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
    SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_vhangup,
#if defined(__x86_64__)
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS__sysctl,
#endif
};

/// Refused where there are no namespaces and no mounts: these reach what belongs to the same user outside, and Landlock
/// does not look at them.
static const int refused_alone[] = {
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget, SYS_semop, SYS_semtimedop, SYS_semctl, SYS_msgget, SYS_msgsnd,
    SYS_msgrcv, SYS_msgctl, SYS_mq_open, SYS_mq_unlink,
    // Not chmod and utimensat: linkers and build tools need them.
    SYS_fchown, SYS_fchownat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr,
    SYS_fremovexattr, SYS_setxattrat, SYS_removexattrat, SYS_file_setattr,
#if defined(__x86_64__)
    SYS_chown, SYS_lchown,
#endif
};

/// Calls that give a file its mode, and the argument that is the mode.
static const struct {
    int number, mode;
} mode_calls[] = {
    {SYS_fchmod, 1}, {SYS_fchmodat, 2}, {SYS_fchmodat2, 2}, {SYS_mknodat, 2},
#if defined(__x86_64__)
    {SYS_chmod, 1}, {SYS_creat, 1}, {SYS_mknod, 1},
#endif
};

/// Calls that do so only when they make the file.
static const struct {
    int number, flags, mode;
} open_calls[] = {
    {SYS_openat, 2, 3},
#if defined(__x86_64__)
    {SYS_open, 1, 2},
#endif
};

/// Kinds of socket that stay in the sandbox; netlink only tells about its own network.
static const int families[] = {AF_INET, AF_INET6, AF_NETLINK};

/// Protocols that tests use; any other may have the kernel load a module. 262 is TCP over several ways.
static const int protocols[] = {0, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6, 262};

/// Ways to put characters into a terminal as if the user had typed them (ioctl_console(2)), and to give it a line
/// discipline, for which the kernel may load a module (ioctl_tty(2)).
static const unsigned injections[] = {0x5412 /* TIOCSTI */, 0x541C /* TIOCLINUX */, 0x5423 /* TIOCSETD */};

/// Flags, attributes, encryption and verity of files, for which a file need not be open for writing (ioctl_iflags(2)).
static const unsigned attributes[] = {0x40086602, 0x40046602, 0x401C5820, 0x40806685, 0x800C6613};

enum {
    REFUSE = SECCOMP_RET_ERRNO | EPERM,
    MISSING = SECCOMP_RET_ERRNO | ENOSYS,
    NO_PROTOCOL = SECCOMP_RET_ERRNO | EPROTONOSUPPORT,
    NOTHING_DONE = SECCOMP_RET_ERRNO,
};

#define LOAD(field) (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
// Of an argument the kernel looks at the low half only, where these are 32 bits wide.
#define LOAD_ARGUMENT(number) LOAD(args[number])
// Both architectures keep the low half first.
#define LOAD_HIGH_HALF(number) \
    (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[number]) + 4)
#define RETURN(value) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, value)
#define IF(test, value, yes, no) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_##test | BPF_K, value, yes, no)
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static struct sock_filter filter[512];
static size_t count;

static void add(struct sock_filter instruction) {
    errno = E2BIG;
    if (count == COUNT(filter)) fail("make the system call filter", "");
    filter[count++] = instruction;
}

/// Begins what holds for one call; between the two the accumulator is free, after them it holds the number again.
static size_t begin(int number) {
    add(IF(JEQ, (unsigned)number, 0, 0));
    return count - 1;
}

static void end(size_t start) {
    add(RETURN(SECCOMP_RET_ALLOW));
    errno = E2BIG;
    if (count - start - 1 > 255) fail("make the system call filter", "");
    filter[start].jf = (unsigned char)(count - start - 1);
}

static void refuse_number(int number, unsigned answer) {
    add(IF(JEQ, (unsigned)number, 0, 1));
    add(RETURN(answer));
}

static void refuse_value(unsigned value) {
    add(IF(JEQ, value, 0, 1));
    add(RETURN(REFUSE));
}

static void refuse_bits(unsigned bits) {
    add(IF(JSET, bits, 0, 1));
    add(RETURN(REFUSE));
}

static void refuse_except(unsigned value) {
    add(IF(JEQ, value, 1, 0));
    add(RETURN(REFUSE));
}

/// New namespaces would give capabilities in them, and with those much more of the kernel.
static void add_clone(void) {
    // Its flags are in memory, where a filter cannot look; programs fall back to clone.
    refuse_number(SYS_clone3, MISSING);
    unsigned namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
                          | CLONE_NEWCGROUP;
    // Not CLONE_NEWTIME: the lowest byte of clone's flags is the signal of the child's end.
    size_t clone = begin(SYS_clone);
    add(LOAD_ARGUMENT(0));
    refuse_bits(namespaces);
    end(clone);
}

/// Files that run with the rights of their owner, which outside may be root, for anybody on the machine.
static void add_modes(void) {
    refuse_number(SYS_openat2, MISSING);
    for (size_t i = 0; i < COUNT(mode_calls); i++) {
        size_t call = begin(mode_calls[i].number);
        add(LOAD_ARGUMENT(mode_calls[i].mode));
        refuse_bits(S_ISUID);
        end(call);
    }
    for (size_t i = 0; i < COUNT(open_calls); i++) {
        size_t call = begin(open_calls[i].number);
        add(LOAD_ARGUMENT(open_calls[i].flags));
        // Else the argument may be anything. O_TMPFILE has more than one bit.
        add(IF(JSET, O_CREAT | (O_TMPFILE & ~O_DIRECTORY), 1, 0));
        add(RETURN(SECCOMP_RET_ALLOW));
        add(LOAD_ARGUMENT(open_calls[i].mode));
        refuse_bits(S_ISUID);
        end(call);
    }
}

/// Ignores every change of the limit of core files and reports success: with another limit, even zero, the kernel hands
/// a core to the machine's own program for that, which runs outside as root (core(5)).
static void add_limits(bool is_alone) {
    size_t set = begin(SYS_setrlimit);
    add(LOAD_ARGUMENT(0));
    add(IF(JEQ, RLIMIT_CORE, 0, 1));
    add(RETURN(NOTHING_DONE));
    end(set);
    size_t limits = begin(SYS_prlimit64);
    // Another process's limits, which are the user's to change and not Landlock's business.
    if (is_alone) {
        add(LOAD_ARGUMENT(0));
        refuse_except(0);
    }
    add(LOAD_ARGUMENT(1));
    add(IF(JEQ, RLIMIT_CORE, 1, 0));
    add(RETURN(SECCOMP_RET_ALLOW));
    // Without new values it only reads.
    add(LOAD_ARGUMENT(2));
    add(IF(JEQ, 0, 1, 0));
    add(RETURN(NOTHING_DONE));
    add(LOAD_HIGH_HALF(2));
    add(IF(JEQ, 0, 1, 0));
    add(RETURN(NOTHING_DONE));
    end(limits);
}

static void add_controls(bool is_alone) {
    size_t control = begin(SYS_ioctl);
    add(LOAD_ARGUMENT(1));
    for (size_t i = 0; i < COUNT(injections); i++) refuse_value(injections[i]);
    for (size_t i = 0; is_alone && i < COUNT(attributes); i++) refuse_value(attributes[i]);
    end(control);
}

static void add_sockets(const struct plan *plan) {
    bool is_alone = plan->rung == RUNG_LANDLOCK;
    size_t pair = begin(SYS_socketpair);
    add(LOAD_ARGUMENT(0));
    refuse_except(AF_UNIX);
    if (is_alone) {
        // One that sends datagrams can be pointed at any path.
        add(LOAD_ARGUMENT(1));
        add((struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xF));
        refuse_value(SOCK_DGRAM);
        refuse_value(SOCK_RAW);
    }
    end(pair);

    // Without a network namespace only Landlock stands before TCP and nothing before UDP: no network at all then, and
    // without a mount namespace every server of the machine that has a path could be reached, Docker's too.
    if (is_alone && !plan->has_network) {
        refuse_number(SYS_socket, REFUSE);
        return;
    }
    size_t socket = begin(SYS_socket);
    add(LOAD_ARGUMENT(0));
    if (!is_alone) {
        add(IF(JEQ, AF_UNIX, 0, 1));
        add(RETURN(SECCOMP_RET_ALLOW));
    }
    for (size_t i = 0; i < COUNT(families); i++) {
        add(IF(JEQ, (unsigned)families[i], (unsigned char)(COUNT(families) - i), 0));
    }
    add(RETURN(REFUSE));
    // Of netlink, which only has raw ones, the part that names interfaces and routes.
    add(IF(JEQ, AF_NETLINK, 0, 4));
    add(LOAD_ARGUMENT(2));
    refuse_except(0 /* NETLINK_ROUTE */);
    add(RETURN(SECCOMP_RET_ALLOW));
    add(LOAD_ARGUMENT(1));
    add((struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xF));
    add(IF(JEQ, SOCK_STREAM, 2, 0));
    add(IF(JEQ, SOCK_DGRAM, 1, 0));
    add(RETURN(REFUSE));
    add(LOAD_ARGUMENT(2));
    for (size_t i = 0; i < COUNT(protocols); i++) {
        add(IF(JEQ, (unsigned)protocols[i], (unsigned char)(COUNT(protocols) - i), 0));
    }
    add(RETURN(NO_PROTOCOL));
    end(socket);
}

size_t make_filter(const struct plan *plan, const struct sock_filter **instructions) {
    bool is_alone = plan->rung == RUNG_LANDLOCK;
    count = 0;
    // Numbers mean something else in other modes of the processor.
    add(LOAD(arch));
    refuse_except(NATIVE);
    add(LOAD(nr));
#if defined(__x86_64__)
    add(IF(JGE, 0x40000000, 0, 1)); // the x32 mode
    add(RETURN(REFUSE));
#endif
    for (size_t i = 0; i < COUNT(refused); i++) refuse_number(refused[i], REFUSE);
    for (size_t i = 0; is_alone && i < COUNT(refused_alone); i++) refuse_number(refused_alone[i], REFUSE);
    add_clone();
    add_modes();
    add_controls(is_alone);
    add_limits(is_alone);
    add_sockets(plan);
    add(RETURN(SECCOMP_RET_ALLOW));
    *instructions = filter;
    return count;
}

void restrict_calls(const struct plan *plan) {
    const struct sock_filter *instructions;
    size_t length = make_filter(plan, &instructions);
    struct sock_fprog program = {.len = (unsigned short)length, .filter = filter};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) fail("filter system calls", "");
}
