#pragma once
#include <git2.h>
#include <git2/sys/repository.h>

// git_libgit2_opts is variadic, which Swift cannot call.
static inline int git_shim_register_extensions(const char **names, size_t count) {
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
}

/// Loads libgit2; the reason if that fails, else NULL. Otherwise the first call does it.
const char *graft_git_load(void);

/// Starts libgit2 without the certificates of its network functions, which are never called (git_libgit2_init).
int graft_git_start(void);
