#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

// What lies in the working tree and is not the command's: .git, and "nested/kept", a read-only folder deeper down.

static const char *mine(const char *name) { return below("TREE", name); }

static long git_config(void) { return try_open(mine(".git/config"), O_WRONLY | O_APPEND); }
static long git_hook(void) { return try_open(mine(".git/hooks/post-checkout"), O_WRONLY | O_CREAT); }
static long git_head(void) { return rename(mine("file"), mine(".git/HEAD")); }
static long git_moved(void) { return rename(mine(".git"), mine("git")); }
static long git_exchanged(void) {
    mkdir(mine("fake"), 0700);
    return renameat2(AT_FDCWD, mine("fake"), AT_FDCWD, mine(".git"), RENAME_EXCHANGE);
}
static long git_covered(void) {
    mkdir(mine("fake"), 0700);
    return rename(mine("fake"), mine(".git"));
}
static long git_hard_link(void) {
    if (link(mine(".git/config"), mine("config")) != 0) return -1;
    return try_open(mine("config"), O_WRONLY);
}
static long git_mode(void) { return chmod(mine(".git/config"), 0666); }
static long git_mount_over(void) { return mount(mine("folder"), mine(".git"), NULL, MS_BIND, NULL); }
static long git_unmount(void) { return umount2(mine(".git"), MNT_DETACH); }
static long common_config(void) { return try_open(below("COMMON", "config"), O_WRONLY); }
static long common_hook(void) { return try_open(below("COMMON", "hooks/post-checkout"), O_WRONLY | O_CREAT); }
static long git_file(void) { return try_open(mine("linked/.git"), O_WRONLY); }
static long git_file_removed(void) { return unlink(mine("linked/.git")); }
static long git_file_replaced(void) { return rename(mine("file"), mine("linked/.git")); }
// A mount keeps its own folder from being renamed, not those above: the next command would find the path free.
static long parent_moved(void) { return rename(mine("nested"), mine("moved")); }
static long parent_exchanged(void) {
    return renameat2(AT_FDCWD, mine("nested"), AT_FDCWD, mine("folder"), RENAME_EXCHANGE);
}
static long tree_moved(void) { return rename(given("TREE"), below("OUTSIDE", "tree")); }

// A program that root made and that runs as root for everybody is a way up for another user of the machine.
static long setuid_mode(void) { return chmod(mine("file"), 04755); }
static long setuid_mode_open(void) {
    int file = open(mine("file"), O_RDONLY | O_CLOEXEC);
    return file < 0 ? -1 : fchmod(file, 04755);
}
static long setuid_mode_at(void) { return syscall(SYS_fchmodat, AT_FDCWD, mine("file"), 04755, 0); }
static long setuid_mode_at2(void) { return syscall(452 /* fchmodat2 */, AT_FDCWD, mine("file"), 04755, 0); }
static long setuid_created(void) {
    const char *path = mine("created");
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 04755);
    struct stat status;
    if (file < 0) return -1;
    errno = EPERM;
    return fstat(file, &status) == 0 && (status.st_mode & S_ISUID) != 0 ? 0 : -1;
}
static long setuid_created2(void) {
    struct { unsigned long long flags, mode, resolve; } how = {O_WRONLY | O_CREAT, 04755, 0};
    return syscall(SYS_openat2, AT_FDCWD, mine("created"), &how, sizeof how);
}
static long setuid_node(void) { return mknod(mine("node"), S_IFREG | 04755, 0); }
static long file_capability(void) {
    static const unsigned char capability[20] = {1, 0, 0, 2, 0xFF, 0xFF};
    return setxattr(mine("file"), "security.capability", capability, sizeof capability, 0);
}

const struct attempt tree_attempts[] = {
    {"git-config", git_config}, {"git-hook", git_hook}, {"git-head", git_head}, {"git-moved", git_moved},
    {"git-exchanged", git_exchanged}, {"git-covered", git_covered}, {"git-hard-link", git_hard_link},
    {"git-mode", git_mode}, {"git-mount-over", git_mount_over}, {"git-unmount", git_unmount},
    {"common-config", common_config}, {"common-hook", common_hook}, {"git-file", git_file},
    {"git-file-removed", git_file_removed}, {"git-file-replaced", git_file_replaced},
    {"parent-moved", parent_moved}, {"parent-exchanged", parent_exchanged}, {"tree-moved", tree_moved},
    {"setuid-mode", setuid_mode}, {"setuid-mode-open", setuid_mode_open}, {"setuid-mode-at", setuid_mode_at},
    {"setuid-mode-at2", setuid_mode_at2}, {"setuid-created", setuid_created}, {"setuid-created2", setuid_created2},
    {"setuid-node", setuid_node}, {"file-capability", file_capability}, {NULL, NULL},
};
