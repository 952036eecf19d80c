#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

// The machine's settings and devices. Files are opened and not written: should it work, it must do no harm.

/// The first of these that is there.
static long open_first(const char *const paths[]) {
    for (size_t i = 0; paths[i] != NULL; i++) {
        long result = try_open(paths[i], O_WRONLY);
        if (result >= 0 || errno != ENOENT) return result;
    }
    return absent();
}

static long core_pattern(void) { return try_open("/proc/sys/kernel/core_pattern", O_WRONLY); }
static long module_loader(void) {
    static const char *const paths[] = {"/proc/sys/kernel/modprobe", "/proc/sys/kernel/hotplug", NULL};
    return open_first(paths);
}
static long system_request(void) {
    static const char *const paths[] = {"/proc/sysrq-trigger", NULL};
    return open_first(paths);
}
static long interrupts(void) {
    static const char *const paths[] = {"/proc/irq/default_smp_affinity", NULL};
    return open_first(paths);
}
static long devices_tree(void) {
    static const char *const paths[] = {"/sys/kernel/uevent_helper", "/sys/kernel/mm/ksm/run",
                                        "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/power/state", NULL};
    return open_first(paths);
}
static long control_group(void) {
    static const char *const folders[] = {"/sys/fs/cgroup/pids", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/graft-escape", folders[i]);
        if (mkdir(path, 0700) == 0) return rmdir(path);
        if (errno != ENOENT) return -1;
    }
    return absent();
}
static long control_group_escape(void) {
    static const char *const paths[] = {"/sys/fs/cgroup/pids/cgroup.procs", "/sys/fs/cgroup/cgroup.procs", NULL};
    return open_first(paths);
}

/// Number and name of the first block device.
static bool find_disk(char *path, size_t size, dev_t *number) {
    char line[256], name[64];
    unsigned major_number, minor_number;
    FILE *file = fopen("/proc/partitions", "re");
    if (file == NULL) return false;
    bool is_found = false;
    while (!is_found && fgets(line, sizeof line, file) != NULL) {
        is_found = sscanf(line, "%u %u %*u %63s", &major_number, &minor_number, name) == 3;
    }
    fclose(file);
    if (!is_found) return false;
    snprintf(path, size, "/dev/%s", name);
    *number = makedev(major_number, minor_number);
    return true;
}

static long disk(int flags) {
    char path[128];
    dev_t number;
    if (!find_disk(path, sizeof path, &number)) return absent();
    return try_open(path, flags);
}
static long disk_read(void) { return disk(O_RDONLY); }
static long disk_write(void) { return disk(O_WRONLY); }
static long disk_node(void) {
    char path[128];
    dev_t number;
    if (!find_disk(path, sizeof path, &number)) return absent();
    return mknod(below("TREE", "disk"), S_IFBLK | 0600, number);
}
static long memory_device(void) { return try_open("/dev/mem", O_RDONLY); }
static long memory_image(void) { return try_open("/proc/kcore", O_RDONLY); }
static long kernel_log(void) { return try_open("/dev/kmsg", O_RDONLY); }
static long kernel_log_call(void) { return klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0); }
static long tunnel_device(void) { return try_open("/dev/net/tun", O_RDWR); }
static long fuse_device(void) { return try_open("/dev/fuse", O_RDWR); }

static long machine_name(void) {
    char name[256];
    if (gethostname(name, sizeof name) != 0) return -1;
    return sethostname(name, strlen(name));
}
static long clock_time(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return clock_settime(CLOCK_REALTIME, &now);
}
static long swap_file(void) { return swapon("/nowhere", 0); }
static long accounting(void) { return acct("/nowhere"); }
static long restart(void) { return syscall(SYS_reboot, 0, 0, 0, NULL); }
static long module(void) { return syscall(SYS_init_module, "", 0, ""); }
static long new_kernel(void) { return syscall(SYS_kexec_load, 0, 0, NULL, 0); }

const struct attempt machine_attempts[] = {
    {"core-pattern", core_pattern}, {"module-loader", module_loader}, {"system-request", system_request},
    {"interrupts", interrupts}, {"devices-tree", devices_tree}, {"control-group", control_group},
    {"control-group-escape", control_group_escape}, {"disk-read", disk_read}, {"disk-write", disk_write},
    {"disk-node", disk_node}, {"memory-device", memory_device}, {"memory-image", memory_image},
    {"kernel-log", kernel_log}, {"kernel-log-call", kernel_log_call}, {"tunnel-device", tunnel_device},
    {"fuse-device", fuse_device}, {"machine-name", machine_name}, {"clock-time", clock_time},
    {"swap-file", swap_file}, {"accounting", accounting}, {"restart", restart}, {"module", module},
    {"new-kernel", new_kernel}, {NULL, NULL},
};
