#define _GNU_SOURCE
#include "beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

_Static_assert(BENEATH_NO_MAGIC_LINKS == RESOLVE_NO_MAGICLINKS, "openat2(2)");
_Static_assert(BENEATH_NO_SYMLINKS == RESOLVE_NO_SYMLINKS, "openat2(2)");
_Static_assert(BENEATH_STAY == RESOLVE_BENEATH, "openat2(2)");
_Static_assert(BENEATH_PATH_ONLY == O_PATH, "open(2)");

int beneath_open(int folder, const char *path, int flags, mode_t mode, unsigned resolve)
{
    struct open_how how = { .flags = (unsigned)flags | O_CLOEXEC, .mode = mode, .resolve = resolve };
    // EAGAIN: the kernel saw a rename on the way and cannot be sure; its advice is to try again.
    for (int attempt = 0; attempt < 64; attempt++) {
        long fd = syscall(SYS_openat2, folder, path, &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
            return (int)fd;
    }
    return -1;
}

long beneath_list(int folder, void *buffer, size_t size)
{
    return syscall(SYS_getdents64, folder, buffer, size);
}

int beneath_is_opaque(int folder)
{
    char value = 0;
    return fgetxattr(folder, "user.overlay.opaque", &value, 1) == 1 && value == 'y';
}

int beneath_take_away(int folder, const char *name)
{
    return mknodat(folder, name, S_IFCHR, 0);
}

long beneath_file_system(int folder)
{
    struct statfs system;
    return fstatfs(folder, &system) == 0 ? (long)system.f_type : -1;
}
