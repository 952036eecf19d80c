#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void drop_capabilities(void) {
    // Without these bits a root user would get all capabilities back with the next program (capabilities(7)).
    unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED
                         | SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    // Refused to a user who has no capabilities anyway.
    if (prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) != 0 && errno != EPERM) fail("set the secure bits", "");
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EPERM) fail("drop capabilities", "");
    }
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    if (syscall(SYS_capset, &header, none) != 0) fail("drop capabilities", "");
}

void set_limits(const struct plan *plan) {
    for (size_t i = 0; i < plan->limit_count; i++) {
        struct rlimit limit;
        if (getrlimit(plan->limits[i].resource, &limit) != 0) fail("read a resource limit", "");
        // A lower limit that is set already is kept.
        if (limit.rlim_max > plan->limits[i].value) limit.rlim_max = plan->limits[i].value;
        bool is_too_low = plan->limits[i].resource == RLIMIT_CORE;
        if (limit.rlim_cur > limit.rlim_max || is_too_low) limit.rlim_cur = limit.rlim_max;
        if (setrlimit(plan->limits[i].resource, &limit) != 0) fail("set a resource limit", "");
    }
}

// Landlock's numbers (linux/landlock.h), because older headers lack the newer ones.

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

enum {
    FS_WRITE_FILE = 1 << 1,
    FS_READ_FILE = 1 << 2,
    FS_READ_DIR = 1 << 3,
    FS_REMOVE_DIR = 1 << 4,
    FS_MAKE_SYM = 1 << 12, // and between the two: REMOVE_FILE and MAKE_*
    FS_REFER = 1 << 13,
    FS_TRUNCATE = 1 << 14,
    FS_IOCTL_DEV = 1 << 15,
    NET_BIND_TCP = 1 << 0,
    NET_CONNECT_TCP = 1 << 1,
    SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0,
    SCOPE_SIGNAL = 1 << 1,
    RULE_PATH_BENEATH = 1,
    CREATE_VERSION = 1,
};

struct ruleset {
    unsigned long long handled_fs, handled_net, scoped;
};

struct __attribute__((packed)) path_rule {
    unsigned long long allowed;
    int parent;
};

/// All rights that change something.
static unsigned long long writing_rights(int version) {
    unsigned long long rights = FS_WRITE_FILE;
    for (unsigned long long right = FS_REMOVE_DIR; right <= FS_MAKE_SYM; right <<= 1) rights |= right;
    if (version >= 2) rights |= FS_REFER;
    if (version >= 3) rights |= FS_TRUNCATE;
    if (version >= 5) rights |= FS_IOCTL_DEV;
    return rights;
}

// The last one is the terminal that the command itself has, if it has one: its session is its own.
static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"};

static void allow_below(int ruleset, const char *path, unsigned long long rights) {
    int parent = open(path, O_PATH | O_CLOEXEC);
    struct stat status;
    if (parent < 0 || fstat(parent, &status) != 0) fail("allow writing below", path);
    unsigned long long for_files = FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV;
    struct path_rule rule = {.allowed = S_ISDIR(status.st_mode) ? rights : rights & for_files, .parent = parent};
    if (syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0) fail("allow writing below", path);
    close(parent);
}

/// The newest version that this kernel has, or below one; tests build for older ones.
static int landlock_version(void) {
    int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
#ifdef LANDLOCK_VERSION_LIMIT
    if (version > LANDLOCK_VERSION_LIMIT) version = LANDLOCK_VERSION_LIMIT;
#endif
    return version;
}

bool restrict_signals(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("forbid new privileges", "");
    if (landlock_version() < 6) return false;
    struct ruleset wanted = {.scoped = SCOPE_SIGNAL};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &wanted, sizeof wanted, 0);
    if (ruleset < 0) fail("make Landlock rules", "");
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) fail("use Landlock", "");
    close(ruleset);
    return true;
}

void restrict_files(const struct plan *plan) {
    int version = landlock_version();
    if (version < 1) {
        if (plan->rung == RUNG_LANDLOCK) fail("use Landlock", "this kernel");
        return;
    }
    struct ruleset wanted = {.handled_fs = writing_rights(version)};
    // Where nothing can be mounted over secrets.
    if (plan->rung == RUNG_LANDLOCK) wanted.handled_fs |= FS_READ_FILE | FS_READ_DIR;
    // In a network namespace of its own a command may use TCP as it likes.
    if (plan->rung == RUNG_LANDLOCK && !plan->has_network && version >= 4) {
        wanted.handled_net = NET_BIND_TCP | NET_CONNECT_TCP;
    }
    if (version >= 6) wanted.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
    // Kernels take a shorter structure for what they know (landlock_create_ruleset(2)).
    size_t size = version >= 6 ? sizeof wanted : version >= 4 ? 16 : 8;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &wanted, size, 0);
    if (ruleset < 0) fail("make Landlock rules", "");
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        switch (step->kind) {
        case STEP_WRITABLE:
        case STEP_BIND:
        case STEP_OVERLAY:
            // What is hidden in it cannot be read, nor can what is made beside that.
            if (plan->rung == RUNG_LANDLOCK && holds_hidden(plan, step->path)) {
                allow_below(ruleset, step->path, wanted.handled_fs & ~(unsigned long long)FS_READ_FILE);
                allow_reading(ruleset, plan, step->path, FS_READ_FILE);
            } else {
                allow_below(ruleset, step->path, wanted.handled_fs);
            }
            break;
        case STEP_CLOSED:
            if (plan->rung != RUNG_LANDLOCK) allow_below(ruleset, step->path, wanted.handled_fs);
            break;
        case STEP_EMPTY:
        case STEP_PROCESSES: allow_below(ruleset, step->path, wanted.handled_fs); break;
        case STEP_DEVICES:
            // All of a new /dev; of the machine's own only what is harmless.
            if (plan->rung == RUNG_LANDLOCK) {
                for (size_t j = 0; j < sizeof devices / sizeof devices[0]; j++) {
                    allow_below(ruleset, devices[j], wanted.handled_fs);
                }
            } else {
                allow_below(ruleset, step->path, wanted.handled_fs);
            }
            break;
        case STEP_READ_ONLY:
            // It may lie in what is hidden.
            if (plan->rung == RUNG_LANDLOCK) allow_reading(ruleset, plan, step->path, FS_READ_FILE);
            break;
        default: break;
        }
    }
    if (plan->rung == RUNG_LANDLOCK) {
        allow_below(ruleset, "/", FS_READ_DIR);
        allow_reading(ruleset, plan, "/", FS_READ_FILE);
    }
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) fail("use Landlock", "");
    close(ruleset);
}
