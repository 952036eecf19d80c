#define _GNU_SOURCE
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

// Writing outside the working tree. OUTSIDE is a folder of the same user with a file "canary".

static const char *canary(void) { return below("OUTSIDE", "canary"); }
static const char *mine(const char *name) { return below("TREE", name); }

static long write_file(void) { return try_open(canary(), O_WRONLY); }
static long append_file(void) { return try_open(canary(), O_WRONLY | O_APPEND); }
static long truncate_file(void) { return truncate(canary(), 0); }
static long create_file(void) { return try_open(below("OUTSIDE", "new"), O_WRONLY | O_CREAT); }
static long create_unnamed(void) { return try_open(given("OUTSIDE"), O_WRONLY | O_TMPFILE); }
static long create_folder(void) { return mkdir(below("OUTSIDE", "new"), 0700); }
static long create_pipe(void) { return mkfifo(below("OUTSIDE", "new"), 0600); }
static long create_link(void) { return symlink("/", below("OUTSIDE", "new")); }
static long remove_file(void) { return unlink(canary()); }
static long remove_folder(void) { return rmdir(below("OUTSIDE", "folder")); }
static long rename_there(void) { return rename(canary(), below("OUTSIDE", "new")); }
static long move_out(void) { return rename(mine("file"), below("OUTSIDE", "new")); }
static long move_in(void) { return rename(canary(), mine("stolen")); }
static long exchange(void) { return renameat2(AT_FDCWD, mine("file"), AT_FDCWD, canary(), RENAME_EXCHANGE); }

static long through_hard_link(void) {
    if (link(canary(), mine("hard")) != 0) return -1;
    return try_open(mine("hard"), O_WRONLY);
}

static long through_link(void) {
    if (symlink(canary(), mine("soft")) != 0) return -1;
    return try_open(mine("soft"), O_WRONLY);
}

static long through_folder_link(void) {
    if (symlink(given("OUTSIDE"), mine("softly")) != 0) return -1;
    return try_open(mine("softly/new"), O_WRONLY | O_CREAT);
}

static long through_dots(void) { return try_open(mine("../outside/canary"), O_WRONLY); }

static long through_descriptor(void) {
    char path[64];
    int file = open(canary(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return try_open(path, O_WRONLY);
}

static long through_path_descriptor(void) {
    char path[64];
    int file = open(canary(), O_PATH | O_CLOEXEC);
    if (file < 0) return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return truncate(path, 0);
}

static long through_own_root(void) {
    char path[4096];
    snprintf(path, sizeof path, "/proc/self/root%s", canary());
    return try_open(path, O_WRONLY);
}

static long through_first_root(void) {
    char path[4096];
    snprintf(path, sizeof path, "/proc/1/root%s", canary());
    return try_open(path, O_WRONLY);
}

static long change_mode(void) { return chmod(canary(), 0666); }

static long change_mode_open(void) {
    int file = open(canary(), O_RDONLY | O_CLOEXEC);
    return file < 0 ? -1 : fchmod(file, 0666);
}

static long change_owner(void) { return chown(canary(), getuid(), (gid_t)-1); }
static long change_times(void) { return utimensat(AT_FDCWD, canary(), NULL, 0); }
static long change_attribute(void) { return setxattr(canary(), "user.graft", "x", 1, 0); }

static long change_flags(void) {
    int file = open(canary(), O_RDONLY | O_CLOEXEC), flags = 0;
    if (file < 0 || ioctl(file, FS_IOC_GETFLAGS, &flags) != 0) return errno == ENOTTY ? absent() : -1;
    flags |= FS_NODUMP_FL;
    return ioctl(file, FS_IOC_SETFLAGS, &flags);
}

static long into_shared_memory(void) { return try_open(given("HOST_SHARED"), O_WRONLY); }
static long into_temporary(void) { return try_open(given("HOST_TEMPORARY"), O_WRONLY); }
static long into_home(void) { return try_open(below("HOME", ".graft-escape"), O_WRONLY | O_CREAT); }
static long into_system(void) { return try_open("/usr/bin/graft-escape", O_WRONLY | O_CREAT); }

const struct attempt file_attempts[] = {
    {"write-file", write_file}, {"append-file", append_file}, {"truncate-file", truncate_file},
    {"create-file", create_file}, {"create-unnamed", create_unnamed}, {"create-folder", create_folder},
    {"create-pipe", create_pipe}, {"create-link", create_link}, {"remove-file", remove_file},
    {"remove-folder", remove_folder}, {"rename-there", rename_there}, {"move-out", move_out}, {"move-in", move_in},
    {"exchange", exchange}, {"through-hard-link", through_hard_link}, {"through-link", through_link},
    {"through-folder-link", through_folder_link}, {"through-dots", through_dots},
    {"through-descriptor", through_descriptor}, {"through-path-descriptor", through_path_descriptor},
    {"through-own-root", through_own_root}, {"through-first-root", through_first_root}, {"change-mode", change_mode},
    {"change-mode-open", change_mode_open}, {"change-owner", change_owner}, {"change-times", change_times},
    {"change-attribute", change_attribute}, {"change-flags", change_flags},
    {"into-shared-memory", into_shared_memory}, {"into-temporary", into_temporary}, {"into-home", into_home},
    {"into-system", into_system}, {NULL, NULL},
};
