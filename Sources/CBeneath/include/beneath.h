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
