#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// By number: <sys/mount.h> of older C libraries lacks these, and of newer ones quarrels with <linux/mount.h>.

extern int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);

enum { OLD_NOSUID = 2, OLD_NODEV = 4, OLD_NOEXEC = 8, OLD_REMOUNT_RECURSIVE = 16384, OLD_PRIVATE = 1 << 18 };

/// Opens a place to mount on or from, never through a link: a command may have put one there.
static int open_place(const char *path) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

int clone_tree(const char *path) {
    int place = open_place(path);
    if (place < 0) return -1;
    // Recursive: the kernel refuses to uncover what is mounted below.
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_EMPTY_PATH;
    int tree = (int)syscall(SYS_open_tree, place, "", flags);
    // The caller asks why it failed.
    int reason = errno;
    close(place);
    errno = reason;
    return tree;
}

/// Neither setuid programs nor devices count, except those that are put into /dev one by one.
enum { HARMLESS = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV };

static int set_attributes(int place, const char *path, unsigned flags, unsigned long long attributes) {
    struct mount_attr attr = {.attr_set = attributes};
    return (int)syscall(SYS_mount_setattr, place, path, flags, &attr, sizeof attr);
}

/// Makes the folders above a path; only what is in memory can be written to.
static void make_folders_above(const char *path) {
    char part[PATH_MAX];
    size_t length = strlen(path);
    errno = ENAMETOOLONG;
    if (length >= sizeof part) fail("make a place for", path);
    memcpy(part, path, length + 1);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST && errno != EROFS) fail("make a place for", path);
        *slash = '/';
    }
}

/// Makes an empty file or folder to mount on.
static void make_place(const char *path, bool is_folder) {
    make_folders_above(path);
    if (is_folder) {
        if (mkdir(path, 0755) != 0) fail("make a place for", path);
        return;
    }
    int file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0444);
    if (file < 0) fail("make a place for", path);
    close(file);
}

/// Mounts a detached tree over a path; a path that is gone needs no hiding.
static void cover(int tree, const char *path) {
    int place = open_place(path);
    if (place < 0 && errno != ENOENT) fail("find the place of", path);
    if (place >= 0
        && syscall(SYS_move_mount, tree, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) != 0
        && errno != ENOENT) {
        fail("mount on", path);
    }
    if (place >= 0) close(place);
    close(tree);
}

/// Puts a detached tree in its place.
static void attach(int tree, const char *path) {
    int place = open_place(path);
    if (place < 0 && errno == ENOENT) {
        struct stat status;
        if (fstat(tree, &status) != 0) fail("look at what goes to", path);
        make_place(path, S_ISDIR(status.st_mode));
        place = open_place(path);
    }
    if (place < 0) fail("find the place of", path);
    if (syscall(SYS_move_mount, tree, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) != 0) {
        fail("mount on", path);
    }
    close(place);
    close(tree);
}

/// Makes a file system of its own and puts it in its place; options are pairs that end with NULL.
static void attach_new(const char *type, const char *path, const char *const options[], const char *const flags[],
                       unsigned attributes) {
    int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
    if (context < 0) fail("make a file system for", path);
    for (size_t i = 0; options[i] != NULL; i += 2) {
        if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, options[i], options[i + 1], 0) != 0) {
            fail("set up a file system for", path);
        }
    }
    // One that this kernel does not know changes nothing that is relied on.
    for (size_t i = 0; flags[i] != NULL; i++) syscall(SYS_fsconfig, context, FSCONFIG_SET_FLAG, flags[i], NULL, 0);
    if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0) {
        fail("make a file system for", path);
    }
    int tree = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
    if (tree < 0) fail("make a mount for", path);
    close(context);
    attach(tree, path);
}

static const char *const no_flags[] = {NULL};

static void attach_memory(const char *path, const char *mode, unsigned attributes) {
    // The kernel's own limit is a half of the memory, for each of them.
    const char *const options[] = {"mode", mode, "size", "25%", NULL};
    attach_new("tmpfs", path, options, no_flags, attributes | HARMLESS);
}

static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};
enum { DEVICE_COUNT = sizeof devices / sizeof devices[0] };
static int device_trees[DEVICE_COUNT];

static void clone_devices(void) {
    for (size_t i = 0; i < DEVICE_COUNT; i++) {
        char path[64];
        snprintf(path, sizeof path, "/dev/%s", devices[i]);
        device_trees[i] = clone_tree(path);
        if (device_trees[i] < 0) fail("copy the device", path);
    }
}

static void make_devices(const char *folder) {
    attach_memory(folder, "0755", 0);
    int place = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (place < 0) fail("open", folder);
    char path[PATH_MAX];
    for (size_t i = 0; i < DEVICE_COUNT; i++) {
        int file = openat(place, devices[i], O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        if (file < 0) fail("make the device", devices[i]);
        close(file);
        snprintf(path, sizeof path, "%s/%s", folder, devices[i]);
        attach(device_trees[i], path);
    }
    static const char *const links[][2] = {
        {"/proc/self/fd", "fd"}, {"/proc/self/fd/0", "stdin"}, {"/proc/self/fd/1", "stdout"},
        {"/proc/self/fd/2", "stderr"}, {"pts/ptmx", "ptmx"},
    };
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        if (symlinkat(links[i][0], place, links[i][1]) != 0) fail("make the link", links[i][1]);
    }
    if (mkdirat(place, "shm", 0755) != 0 || mkdirat(place, "pts", 0755) != 0) fail("make folders in", folder);
    close(place);
    snprintf(path, sizeof path, "%s/shm", folder);
    attach_memory(path, "1777", 0);
    snprintf(path, sizeof path, "%s/pts", folder);
    static const char *const terminals[] = {"ptmxmode", "0666", "mode", "0620", NULL};
    attach_new("devpts", path, terminals, no_flags, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    if (set_attributes(AT_FDCWD, folder, 0, MOUNT_ATTR_RDONLY) != 0) fail("make read-only", folder);
}

/// Copies the sources of mounts before any of them is hidden.
static void clone_sources(struct plan *plan) {
    clone_devices();
    for (size_t i = 0; i < plan->step_count; i++) {
        struct step *step = &plan->steps[i];
        switch (step->kind) {
        case STEP_WRITABLE:
        case STEP_READ_ONLY:
        case STEP_BIND:
        case STEP_BIND_READ_ONLY: break;
        default: continue;
        }
        const char *source = step->source == NULL ? step->path : step->source;
        step->tree = clone_tree(source);
        if (step->tree < 0 && step->may_be_missing && errno == ENOENT) continue;
        if (step->tree < 0) fail("copy the mount of", source);
        bool is_read_only = step->kind == STEP_READ_ONLY || step->kind == STEP_BIND_READ_ONLY;
        unsigned long long attributes = HARMLESS | (is_read_only ? MOUNT_ATTR_RDONLY : 0);
        if (set_attributes(step->tree, "", AT_EMPTY_PATH | AT_RECURSIVE, attributes) != 0) {
            fail("make harmless", source);
        }
    }
}

/// Opens one layer and writes how to name it: options have characters of their own, which a path may contain.
static int name_layer(char name[32], const char *path) {
    int layer = open_place(path);
    if (layer < 0) fail("open", path);
    snprintf(name, 32, "/proc/self/fd/%d", layer);
    return layer;
}

static void attach_overlay(const struct step *step) {
    char lower[32], upper[32], work[32];
    int layers[] = {name_layer(lower, step->source), name_layer(upper, step->upper), name_layer(work, step->work)};
    const char *const options[] = {"lowerdir", lower, "upperdir", upper, "workdir", work, NULL};
    // What need not outlive the machine is not waited for; without "volatile" an overlay's end waits for the whole disk.
    const char *const flags[] = {"userxattr", step->is_kept ? NULL : "volatile", NULL};
    attach_new("overlay", step->path, options, flags, HARMLESS);
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) close(layers[i]);
}

static void make_link(const char *target, const char *path) {
    make_folders_above(path);
    // Something in its place serves as well.
    if (symlink(target, path) != 0 && errno != EEXIST) fail("make the link", path);
}

static void hide_file(const char *path) {
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, "/dev/null", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (tree < 0) fail("copy the device", "/dev/null");
    cover(tree, path);
}

static void make_step(const struct step *step) {
    bool hides = step->kind == STEP_HIDDEN_FOLDER || step->kind == STEP_HIDDEN_FILE;
    // What has gone since the plan was made needs no hiding.
    if (hides && access(step->path, F_OK) != 0 && errno == ENOENT) return;
    if (step->may_be_missing && step->tree < 0) return;
    switch (step->kind) {
    case STEP_WRITABLE:
    case STEP_READ_ONLY:
    case STEP_BIND:
    case STEP_BIND_READ_ONLY: attach(step->tree, step->path); break;
    case STEP_EMPTY: attach_memory(step->path, "1777", 0); break;
    case STEP_CLOSED: attach_memory(step->path, "0755", 0); break;
    case STEP_LINK: make_link(step->source, step->path); break;
    case STEP_HIDDEN_FOLDER: attach_memory(step->path, "0555", 0); break;
    case STEP_HIDDEN_FILE: hide_file(step->path); break;
    case STEP_DEVICES: make_devices(step->path); break;
    case STEP_PROCESSES: {
        static const char *const none[] = {NULL};
        attach_new("proc", step->path, none, no_flags, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
        break;
    }
    case STEP_OVERLAY: attach_overlay(step); break;
    }
}

void make_shared_mounts(const struct plan *plan) {
    if (plan->is_guest) {
        if (setns(HOST_MOUNT_DESCRIPTOR, CLONE_NEWNS) != 0) fail("join the namespace of", "the overlays");
        close(HOST_MOUNT_DESCRIPTOR);
        return;
    }
    if (plan->step_count == 0) return;
    // What is mounted outside later still comes in, and nothing goes out (mount_namespaces(7)).
    if (unshare(CLONE_NEWNS) != 0) fail("make namespaces for", "overlays");
    for (size_t i = 0; i < plan->step_count; i++) make_step(&plan->steps[i]);
}

void make_tree(struct plan *plan) {
    if (mount(NULL, "/", NULL, OLD_REMOUNT_RECURSIVE | OLD_PRIVATE, NULL) != 0) fail("make mounts private", "/");
    clone_sources(plan);
    if (set_attributes(AT_FDCWD, "/", AT_RECURSIVE, MOUNT_ATTR_RDONLY | HARMLESS) != 0) {
        fail("make everything read-only", "/");
    }
    for (size_t i = 0; i < plan->step_count; i++) make_step(&plan->steps[i]);
    // Only now: places for what lies in a hidden folder had to be made there.
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        if (step->kind != STEP_HIDDEN_FOLDER || access(step->path, W_OK) != 0) continue;
        if (set_attributes(AT_FDCWD, step->path, 0, MOUNT_ATTR_RDONLY) != 0) fail("make read-only", step->path);
    }
}
