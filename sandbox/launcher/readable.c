#define _GNU_SOURCE
#include "launcher.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// Landlock only grants, and what it grants for a folder holds for all below. So that a path stays hidden, everything
// beside it and beside each folder above it is granted by name. Names can be listed everywhere: only what is in files
// is kept.

/// Whether a path is the folder or lies in it.
static bool lies_in(const char *path, const char *folder) {
    size_t length = strlen(folder);
    if (length == 1) return true;
    return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static bool is_hidden_kind(const struct step *step) {
    return step->kind == STEP_HIDDEN_FOLDER || step->kind == STEP_HIDDEN_FILE;
}

enum fate { WHOLE, PART, NOTHING };

static enum fate fate_of(const struct plan *plan, const char *path) {
    enum fate fate = strcmp(path, "/dev") == 0 ? NOTHING : WHOLE;
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        if (!is_hidden_kind(step)) continue;
        if (lies_in(path, step->path)) return NOTHING;
        if (lies_in(step->path, path)) fate = PART;
    }
    return fate;
}

static void grant(int ruleset, int place, unsigned long long rights) {
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = place};
    // What has gone in between needs no grant.
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) return;
}

/// Goes down only where something hidden lies below.
static void grant_folder(int ruleset, const struct plan *plan, int place, char *path, unsigned long long reading_files) {
    DIR *folder = fdopendir(place);
    if (folder == NULL) {
        close(place);
        return;
    }
    size_t length = strlen(path);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const char *name = entry->d_name;
        // Where a link leads has its own grant or has none.
        if (entry->d_type == DT_LNK || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
        if (length + strlen(name) + 2 > PATH_MAX) continue;
        sprintf(path + length, "%s%s", length == 1 ? "" : "/", name);
        enum fate fate = fate_of(plan, path);
        if (fate == WHOLE) {
            int child = openat(place, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
            if (child >= 0) grant(ruleset, child, reading_files);
            if (child >= 0) close(child);
        } else if (fate == PART) {
            int child = openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (child >= 0) grant_folder(ruleset, plan, child, path, reading_files);
        }
        path[length] = '\0';
    }
    closedir(folder);
}

void allow_reading(int ruleset, const struct plan *plan, unsigned long long reading_files,
                   unsigned long long reading_folders) {
    char path[PATH_MAX] = "/";
    int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) fail("allow reading below", "/");
    grant(ruleset, root, reading_folders);
    grant_folder(ruleset, plan, root, path, reading_files);
}
