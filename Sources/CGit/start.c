#include "shim.h"

#include <dlfcn.h>

#include "graft_load.h"

extern struct graft_library graft_libgit2;

static _Thread_local int starting;

int graft_git_start(void) {
    starting = 1;
    int count = git_libgit2_init();
    starting = 0;
    return count;
}

/// Takes the place of mbedTLS's function, with which libgit2 reads all certificates of the machine when it starts: the
/// greater part of that time. Graft leaves the network to git.
__attribute__((visibility("default"))) int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
    // As for a file that cannot be read (MBEDTLS_ERR_X509_FILE_IO_ERROR).
    if (starting || !graft_libgit2.handle) return -0x2900;
    int (*own)(void *, const char *) = (int (*)(void *, const char *))dlsym(graft_libgit2.handle, __func__);
    return own ? own(chain, path) : -0x2900;
}
