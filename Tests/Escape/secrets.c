#define _GNU_SOURCE
#include "attempts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

// Reading what is masked: SECRETS, a folder with a file "key", and SECRET, a file; and GIT, a folder with a file
// "token" and a folder "objects", of which something else is shown but for the objects.

static long read_file(void) { return try_read(given("SECRET")); }
static long read_in_folder(void) { return try_read(below("SECRETS", "key")); }

static long list_folder(void) {
    DIR *folder = opendir(given("SECRETS"));
    if (folder == NULL) return -1;
    long count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return not_zero(count);
}

static long read_through(const char *format, long number) {
    char path[4096];
    snprintf(path, sizeof path, format, number, given("SECRET"));
    return try_read(path);
}

static long through_own_root(void) { return read_through("/proc/%ld/root%s", getpid()); }
static long through_first_root(void) { return read_through("/proc/%ld/root%s", 1); }
static long through_parent_root(void) { return read_through("/proc/%ld/root%s", getppid()); }
static long through_host_root(void) { return read_through("/proc/%ld/root%s", given_number("HOST_PROCESS")); }
static long through_host_folder(void) {
    char path[4096];
    snprintf(path, sizeof path, "/proc/%ld/cwd/secret", given_number("HOST_PROCESS"));
    return try_read(path);
}

static long through_hard_link(void) {
    if (link(given("SECRET"), below("TREE", "secret")) != 0) return -1;
    return try_read(below("TREE", "secret"));
}

static long through_moved_parent(void) {
    if (rename(given("VAULT"), below("TREE", "vault")) != 0) return -1;
    return try_read(below("TREE", "vault/secret"));
}

static long unmounted(void) {
    if (umount2(given("SECRET"), MNT_DETACH) != 0) return -1;
    return read_file();
}

static long through_handle(void) {
    union {
        struct file_handle handle;
        char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
    } name = {.handle.handle_bytes = MAX_HANDLE_SZ};
    int mount_number;
    if (name_to_handle_at(AT_FDCWD, given("OUTSIDE"), &name.handle, &mount_number, 0) != 0) {
        return errno == EOPNOTSUPP ? absent() : -1;
    }
    int place = open(given("TREE"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return open_by_handle_at(place, &name.handle, O_RDONLY | O_CLOEXEC);
}

static long git_token(void) { return try_read(below("GIT", "token")); }
static long git_token_around(void) { return try_read(below("GIT", "objects/../token")); }

static long git_token_through_root(void) {
    char path[4096];
    snprintf(path, sizeof path, "/proc/self/root%s/token", given("GIT"));
    return try_read(path);
}

static long git_token_unmounted(void) {
    if (umount2(given("GIT"), MNT_DETACH) != 0) return -1;
    return git_token();
}

static long git_token_moved(void) {
    if (rename(given("GIT"), below("TREE", "git")) != 0) return -1;
    return try_read(below("TREE", "git/token"));
}

// MODULE, a folder of the tree that is shown with its .git taken away, which has a file "config" with a token; LENT is
// where it really lies.

static long module_token(void) { return try_read(below("MODULE", ".git/config")); }
static long module_token_at_home(void) { return try_read(below("LENT", ".git/config")); }

static long module_token_through_root(void) {
    char path[4096];
    snprintf(path, sizeof path, "/proc/self/root%s/.git/config", given("MODULE"));
    return try_read(path);
}

static long module_token_unmounted(void) {
    if (umount2(given("MODULE"), MNT_DETACH) != 0) return -1;
    return module_token();
}

static long module_token_uncovered(void) {
    // What takes it away is a device with number 0 among the changes; removing the name must not bring it back.
    if (mkdir(below("MODULE", ".git"), 0700) != 0 && errno != EEXIST) return -1;
    return module_token();
}

static long password_hashes(void) { return try_read("/etc/shadow"); }

/// The environment of every process in sight, of which one outside has a secret.
static long environments(void) {
    DIR *folder = opendir("/proc");
    if (folder == NULL) return -1;
    char path[300], text[65536];
    long found = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        snprintf(path, sizeof path, "/proc/%s/environ", entry->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        ssize_t count = read(file, text, sizeof text);
        close(file);
        if (count > 0 && memmem(text, (size_t)count, "sk-outside", 10) != NULL) found++;
    }
    closedir(folder);
    return not_zero(found);
}

static long own_environment(void) {
    for (char **entry = environ; *entry != NULL; entry++) {
        if (strncmp(*entry, "OPENAI_API_KEY=", 15) == 0) return 0;
    }
    errno = 0;
    return -1;
}

const struct attempt secret_attempts[] = {
    {"secret-file", read_file}, {"secret-in-folder", read_in_folder}, {"secret-folder", list_folder},
    {"secret-own-root", through_own_root}, {"secret-first-root", through_first_root},
    {"secret-parent-root", through_parent_root}, {"secret-host-root", through_host_root},
    {"secret-host-folder", through_host_folder}, {"secret-hard-link", through_hard_link},
    {"secret-moved-parent", through_moved_parent}, {"secret-unmounted", unmounted},
    {"secret-handle", through_handle}, {"git-token", git_token}, {"git-token-around", git_token_around},
    {"git-token-through-root", git_token_through_root}, {"git-token-unmounted", git_token_unmounted},
    {"git-token-moved", git_token_moved}, {"module-token", module_token},
    {"module-token-at-home", module_token_at_home}, {"module-token-through-root", module_token_through_root},
    {"module-token-unmounted", module_token_unmounted}, {"module-token-uncovered", module_token_uncovered},
    {"password-hashes", password_hashes}, {"environments", environments},
    {"own-environment", own_environment}, {NULL, NULL},
};
