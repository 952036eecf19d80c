#pragma once
#include <sys/types.h>

// Bits of `resolve`; the values are those of openat2(2).
enum {
    BENEATH_NO_MAGIC_LINKS = 0x02,
    BENEATH_NO_SYMLINKS = 0x04,
    BENEATH_STAY = 0x08,
};

// O_PATH of open(2), which Swift's module Glibc does not show.
enum { BENEATH_PATH_ONLY = 010000000 };

// Opens `path` relative to `folder` with openat2(2), for which glibc has no wrapper.
// Returns a descriptor (always close-on-exec), or -1 with errno.
int beneath_open(int folder, const char *path, int flags, mode_t mode, unsigned resolve);

// Reads entries of a folder (getdents64(2)) into `buffer`; returns their bytes, 0 at the end, -1 with errno.
long beneath_list(int folder, void *buffer, size_t size);

// One entry: its length in bytes, its type (DT_* of readdir(3)), and where its name begins.
static inline unsigned short beneath_entry_length(const void *entry)
{
    return *(const unsigned short *)((const char *)entry + 16);
}

static inline unsigned char beneath_entry_type(const void *entry)
{
    return *((const unsigned char *)entry + 18);
}

static inline const char *beneath_entry_name(const void *entry)
{
    return (const char *)entry + 19;
}

// Whether a folder among the changes of an overlay hides all that is below it ("user.overlay.opaque"; the kernel's
// documentation of overlayfs). The descriptor must be one that reads.
int beneath_is_opaque(int folder);

// Puts a mark among the changes of an overlay that takes away what is below it (a device with number 0); 0 or -1.
int beneath_take_away(int folder, const char *name);

// The type of the file system (statfs(2)), for which Swift's module Glibc has no header; -1 with errno.
long beneath_file_system(int folder);
