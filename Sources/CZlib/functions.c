#include "shim.h"

#include "graft_load.h"

__attribute__((visibility("hidden"))) struct graft_library graft_libz = {.name = "libz.so.1"};

const char *graft_zlib_load(void) {
    return graft_load(&graft_libz);
}

// The functions that are called; the linker tells of one that is missing here.
#define CALLED(name) GRAFT_LOADED(graft_libz, name)
CALLED(crc32)
CALLED(inflate)
CALLED(inflateEnd)
CALLED(inflateInit2_)
