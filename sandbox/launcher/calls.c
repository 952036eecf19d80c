#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
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
    SYS_swapoff, SYS_acct, SYS_quotactl, SYS_syslog, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
    SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_vhangup,
#if defined(__x86_64__)
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS__sysctl,
#endif
};

/// Kinds of socket that stay in the sandbox; netlink only tells about its own network.
static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};

/// Ways to put characters into a terminal as if the user had typed them (ioctl_console(2)).
static const unsigned injections[] = {0x5412 /* TIOCSTI */, 0x541C /* TIOCLINUX */};

enum { REFUSE = SECCOMP_RET_ERRNO | EPERM, MISSING = SECCOMP_RET_ERRNO | ENOSYS };

#define LOAD(field) (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
// Of an argument the kernel looks at the low half only, where these are 32 bits wide.
#define LOAD_ARGUMENT(number) LOAD(args[number])
#define RETURN(value) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, value)
#define IF(test, value, yes, no) (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_##test | BPF_K, value, yes, no)

static struct sock_filter filter[256];
static size_t count;

static void add(struct sock_filter instruction) {
    errno = E2BIG;
    if (count == sizeof filter / sizeof filter[0]) fail("make the system call filter", "");
    filter[count++] = instruction;
}

void restrict_calls(const struct plan *plan) {
    count = 0;
    // Numbers mean something else in other modes of the processor.
    add(LOAD(arch));
    add(IF(JEQ, NATIVE, 1, 0));
    add(RETURN(REFUSE));
    add(LOAD(nr));
#if defined(__x86_64__)
    add(IF(JGE, 0x40000000, 0, 1)); // the x32 mode
    add(RETURN(REFUSE));
#endif
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        add(IF(JEQ, refused[i], 0, 1));
        add(RETURN(REFUSE));
    }
    // Its flags are in memory, where a filter cannot look; programs fall back to clone.
    add(IF(JEQ, SYS_clone3, 0, 1));
    add(RETURN(MISSING));

    unsigned namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
                          | CLONE_NEWCGROUP | 0x80 /* CLONE_NEWTIME */;
    // The lowest byte of clone's flags is the signal of the child's end, which CLONE_NEWTIME would be in.
    add(IF(JEQ, SYS_clone, 0, 4));
    add(LOAD_ARGUMENT(0));
    add(IF(JSET, namespaces & ~0xFFu, 0, 1));
    add(RETURN(REFUSE));
    add(RETURN(SECCOMP_RET_ALLOW));

    size_t injection_count = sizeof injections / sizeof injections[0];
    add(IF(JEQ, SYS_ioctl, 0, (unsigned char)(2 * injection_count + 2)));
    add(LOAD_ARGUMENT(1));
    for (size_t i = 0; i < injection_count; i++) {
        add(IF(JEQ, injections[i], 0, 1));
        add(RETURN(REFUSE));
    }
    add(RETURN(SECCOMP_RET_ALLOW));

    add(IF(JEQ, SYS_socketpair, 0, 4));
    add(LOAD_ARGUMENT(0));
    add(IF(JEQ, AF_UNIX, 1, 0));
    add(RETURN(REFUSE));
    add(RETURN(SECCOMP_RET_ALLOW));

    // Without a network namespace only Landlock stands before TCP and nothing before UDP: no network at all then.
    bool is_local_only = plan->rung == RUNG_LANDLOCK && !plan->has_network;
    size_t family_count = is_local_only ? 1 : sizeof families / sizeof families[0];
    add(IF(JEQ, SYS_socket, 0, (unsigned char)(family_count + 12)));
    add(LOAD_ARGUMENT(0));
    for (size_t i = 0; i < family_count; i++) {
        add(IF(JEQ, families[i], (unsigned char)(family_count - i), 0));
    }
    add(RETURN(REFUSE));
    // Raw and packet sockets; of netlink, which has no others, only the part that names interfaces and routes.
    add(IF(JEQ, AF_NETLINK, 0, 4));
    add(LOAD_ARGUMENT(2));
    add(IF(JEQ, 0 /* NETLINK_ROUTE */, 1, 0));
    add(RETURN(REFUSE));
    add(RETURN(SECCOMP_RET_ALLOW));
    add(LOAD_ARGUMENT(1));
    add((struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xF));
    add(IF(JEQ, SOCK_RAW, 1, 0));
    add(IF(JEQ, SOCK_PACKET, 0, 1));
    add(RETURN(REFUSE));
    add(RETURN(SECCOMP_RET_ALLOW));

    struct sock_fprog program = {.len = (unsigned short)count, .filter = filter};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) fail("filter system calls", "");
}
