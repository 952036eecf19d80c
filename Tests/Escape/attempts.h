#pragma once

#include <stdbool.h>
#include <stddef.h>

// Each attempt does one hostile thing and tells how far it came: what the system call returned, with errno set when
// that is negative. They run inside; whoever started them looks at the outside afterwards.

struct attempt {
    const char *name;
    /// Negative with errno for a refusal; zero or more when it worked.
    long (*run)(void);
};

/// One topic's attempts, ended by a NULL name.
extern const struct attempt file_attempts[], tree_attempts[], secret_attempts[], home_attempts[], machine_attempts[],
    process_attempts[], network_attempts[], kernel_attempts[], bomb_attempts[];

/// An entry of the environment, which must be there.
const char *given(const char *name);
long given_number(const char *name);
/// A path below one that is given; lives until the next but three of these.
const char *below(const char *name, const char *rest);

/// Opens and closes.
long try_open(const char *path, int flags);
/// Reads a file: the count of bytes; an empty one is a refusal without errno.
long try_read(const char *path);
/// Turns a count that should not be zero into a refusal without errno.
long not_zero(long count);
/// The machine does not have what the attempt is about.
long absent(void);

/// Makes the outside for a folder and a name that nobody else has; returns when standard input ends.
int be_host(const char *root, const char *name);
