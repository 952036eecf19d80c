#define _GNU_SOURCE
#include "../launcher/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

// Runs the system call filter as the kernel would, on what it must refuse and what it must not, and says which
// instructions nothing has reached.

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#else
#define NATIVE AUDIT_ARCH_AARCH64
#endif

static int failures;

void fail(const char *attempt, const char *object) {
    fprintf(stderr, "%s %s: %s\n", attempt, object, strerror(errno));
    exit(1);
}

static const struct sock_filter *filter;
static size_t length;
static bool reached[1024];

static unsigned run(const struct seccomp_data *data) {
    unsigned accumulator = 0, word;
    for (size_t at = 0; at < length;) {
        const struct sock_filter *instruction = &filter[at];
        reached[at++] = true;
        switch (instruction->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            memcpy(&word, (const char *)data + instruction->k, sizeof word);
            accumulator = word;
            break;
        case BPF_ALU | BPF_AND | BPF_K: accumulator &= instruction->k; break;
        case BPF_RET | BPF_K: return instruction->k;
        case BPF_JMP | BPF_JEQ | BPF_K: at += accumulator == instruction->k ? instruction->jt : instruction->jf; break;
        case BPF_JMP | BPF_JGE | BPF_K: at += accumulator >= instruction->k ? instruction->jt : instruction->jf; break;
        case BPF_JMP | BPF_JSET | BPF_K: at += accumulator & instruction->k ? instruction->jt : instruction->jf; break;
        default: fprintf(stderr, "instruction %zu is unknown\n", at - 1); exit(1);
        }
    }
    fprintf(stderr, "the filter has no end\n");
    exit(1);
}

enum { ALLOW = SECCOMP_RET_ALLOW, REFUSE = SECCOMP_RET_ERRNO | EPERM, MISSING = SECCOMP_RET_ERRNO | ENOSYS };

static void expect(const char *name, unsigned wanted, struct seccomp_data data) {
    if (data.arch == 0) data.arch = NATIVE;
    unsigned answer = run(&data);
    if (answer == wanted) return;
    fprintf(stderr, "%s: %#x, not %#x\n", name, answer, wanted);
    failures++;
}

#define CALL(number, ...) ((struct seccomp_data){.nr = (int)(number), .args = {__VA_ARGS__}})
#define HIGH 0xFFFFFFFF00000000UL

static void check_common(bool is_alone, bool has_network) {
    unsigned here = is_alone ? REFUSE : ALLOW;
    expect("read", ALLOW, CALL(SYS_read));
    expect("ptrace", REFUSE, CALL(SYS_ptrace));
    expect("another processor", REFUSE, (struct seccomp_data){.nr = SYS_read, .arch = AUDIT_ARCH_I386});
#if defined(__x86_64__)
    expect("x32", REFUSE, CALL(0x40000000 | SYS_read));
    expect("a number below zero", REFUSE, CALL(-1));
    expect("setuid creat", REFUSE, CALL(SYS_creat, 0, 04755));
    expect("open", ALLOW, CALL(SYS_open, 0, O_RDONLY, 04000));
    expect("create by open", ALLOW, CALL(SYS_open, 0, O_CREAT, 0755));
    expect("setuid open", REFUSE, CALL(SYS_open, 0, O_CREAT, 04000));
#endif
    expect("the last call", ALLOW, CALL(0x3FFFFFFF));
    expect("clone3", MISSING, CALL(SYS_clone3));
    expect("fork", ALLOW, CALL(SYS_clone, SIGCHLD));
    expect("thread", ALLOW, CALL(SYS_clone, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND | CLONE_SETTLS));
    expect("user namespace", REFUSE, CALL(SYS_clone, CLONE_NEWUSER | SIGCHLD));
    expect("user namespace, high", REFUSE, CALL(SYS_clone, HIGH | CLONE_NEWUSER));
    expect("openat2", MISSING, CALL(437));
    expect("open", ALLOW, CALL(SYS_openat, 0, 0, O_RDONLY, 07777));
    expect("create", ALLOW, CALL(SYS_openat, 0, 0, O_CREAT | O_WRONLY, 0755));
    expect("setuid create", REFUSE, CALL(SYS_openat, 0, 0, O_CREAT | O_WRONLY, 04755));
    expect("setuid unnamed", REFUSE, CALL(SYS_openat, 0, 0, O_TMPFILE | O_WRONLY, 04755));
    expect("folder", ALLOW, CALL(SYS_openat, 0, 0, O_DIRECTORY, 04755));
    expect("chmod", ALLOW, CALL(SYS_fchmodat, 0, 0, 0755));
    expect("setgid chmod", ALLOW, CALL(SYS_fchmodat, 0, 0, 02755));
    expect("setuid chmod", REFUSE, CALL(SYS_fchmodat, 0, 0, HIGH | 04755));
    expect("setuid fchmod", REFUSE, CALL(SYS_fchmod, 0, 04755));
    expect("TIOCSTI", REFUSE, CALL(SYS_ioctl, 0, 0x5412));
    expect("TIOCSTI, high", REFUSE, CALL(SYS_ioctl, 0, HIGH | 0x5412));
    expect("line discipline", REFUSE, CALL(SYS_ioctl, 0, 0x5423));
    expect("TCGETS", ALLOW, CALL(SYS_ioctl, 0, 0x5401));
    expect("flags", here, CALL(SYS_ioctl, 0, 0x40086602));
    expect("own limits", ALLOW, CALL(SYS_prlimit64, 0));
    expect("other limits", here, CALL(SYS_prlimit64, 1));
    expect("reading the core limit", ALLOW, CALL(SYS_prlimit64, 0, RLIMIT_CORE, 0, 1));
    expect("core limit", SECCOMP_RET_ERRNO, CALL(SYS_prlimit64, 0, RLIMIT_CORE, 0x1000));
    expect("core limit, high", SECCOMP_RET_ERRNO, CALL(SYS_prlimit64, 0, RLIMIT_CORE, HIGH));
    expect("file limit", ALLOW, CALL(SYS_prlimit64, 0, RLIMIT_NOFILE, 0x1000));
    expect("old core limit", SECCOMP_RET_ERRNO, CALL(SYS_setrlimit, RLIMIT_CORE, 0x1000));
    expect("old file limit", ALLOW, CALL(SYS_setrlimit, RLIMIT_NOFILE, 0x1000));
    expect("shared memory", here, CALL(SYS_shmget));
    expect("pair", ALLOW, CALL(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC));
    expect("datagram pair", here, CALL(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK));
    expect("raw pair", here, CALL(SYS_socketpair, AF_UNIX, SOCK_RAW));
    expect("internet pair", REFUSE, CALL(SYS_socketpair, AF_INET, SOCK_STREAM));
    expect("unix", here, CALL(SYS_socket, AF_UNIX, SOCK_STREAM));
    unsigned there = is_alone && !has_network ? REFUSE : ALLOW;
    expect("TCP", there, CALL(SYS_socket, AF_INET, SOCK_STREAM));
    expect("UDP 6", there, CALL(SYS_socket, AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC));
    expect("TCP by name", there, CALL(SYS_socket, AF_INET, SOCK_STREAM, 6));
    expect("ping", there, CALL(SYS_socket, AF_INET6, SOCK_DGRAM, 58));
    unsigned unknown = there == ALLOW ? SECCOMP_RET_ERRNO | EPROTONOSUPPORT : REFUSE;
    expect("SCTP", unknown, CALL(SYS_socket, AF_INET, SOCK_STREAM, 132));
    expect("L2TP", unknown, CALL(SYS_socket, AF_INET, SOCK_DGRAM, HIGH | 115));
    expect("SCTP of many", REFUSE, CALL(SYS_socket, AF_INET, SOCK_SEQPACKET, 132));
    expect("routes", there, CALL(SYS_socket, AF_NETLINK, SOCK_RAW, 0));
    expect("audit", REFUSE, CALL(SYS_socket, AF_NETLINK, SOCK_RAW, 9));
    expect("raw", REFUSE, CALL(SYS_socket, AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1));
    expect("old packet", REFUSE, CALL(SYS_socket, AF_INET, SOCK_PACKET, 1));
    for (unsigned long family = 0; family < 64; family++) {
        if (family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK) continue;
        expect("family", REFUSE, CALL(SYS_socket, family, SOCK_STREAM));
        expect("family, high", REFUSE, CALL(SYS_socket, HIGH | family, SOCK_DGRAM));
    }
}

int main(void) {
    static struct plan plans[4] = {
        {.rung = RUNG_NAMESPACES}, {.rung = RUNG_LANDLOCK}, {.rung = RUNG_LANDLOCK, .has_network = true},
        {.rung = RUNG_INSIDE},
    };
    for (size_t i = 0; i < 4; i++) {
        length = make_filter(&plans[i], &filter);
        memset(reached, 0, sizeof reached);
        check_common(plans[i].rung == RUNG_LANDLOCK, plans[i].has_network);
        // All numbers with all small and large arguments: what is left must be dead.
        for (unsigned number = 0; number < 600; number++) {
            static const unsigned long values[] = {0, 1, 3, 10, 16, 02, 04000, 0x5412, 0x541C, 0x5423, ~0UL};
            for (size_t j = 0; j < sizeof values / sizeof values[0]; j++) {
                struct seccomp_data data = {.nr = (int)number, .arch = NATIVE};
                for (size_t k = 0; k < 6; k++) data.args[k] = values[j];
                run(&data);
            }
        }
        static const unsigned controls[] = {0x40086602, 0x40046602, 0x401C5820, 0x40806685, 0x800C6613};
        for (size_t j = 0; j < 5; j++) {
            run(&(struct seccomp_data){.nr = SYS_ioctl, .arch = NATIVE, .args = {0, controls[j]}});
        }
        for (size_t at = 0; at < length; at++) {
            if (reached[at]) continue;
            fprintf(stderr, "plan %zu: nothing reaches instruction %zu of %zu\n", i, at, length);
            failures++;
        }
        printf("plan %zu: %zu instructions\n", i, length);
    }
    return failures != 0;
}
