#pragma once
#include <zlib.h>

// inflateInit2 is a macro, which Swift does not import. Negative bits say that there is no header (zlib.h).
static inline int graft_zlib_start_raw(z_stream *stream) {
    return inflateInit2(stream, -MAX_WBITS);
}

/// Loads zlib; the reason if that fails, else NULL. Otherwise the first call does it.
const char *graft_zlib_load(void);
