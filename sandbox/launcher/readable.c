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
// beside it and beside each folder above it is granted by name, and then what the plan shows in it. Names can be listed
// everywhere: only what is in files is kept.

/// Whether a path is the folder or lies in it.
static bool lies_in(const char *path, const char *folder) {
    size_t length = strlen(folder);
    if (length == 1) return true;
    return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static bool is_hidden_kind(const struct step *step) {
    return step->kind == STEP_HIDDEN_FOLDER || step->kind == STEP_HIDDEN_FILE || step->kind == STEP_CLOSED;
}

/// Whether a step hides something in a folder, but not the folder with it.
static bool hides_in(const struct step *step, const char *folder) {
    return is_hidden_kind(step) && lies_in(step->path, folder) && strcmp(step->path, folder) != 0;
}

bool holds_hidden(const struct plan *plan, const char *folder) {
    for (size_t i = 0; i < plan->step_count; i++) {
        if (hides_in(&plan->steps[i], folder)) return true;
    }
    return false;
}

enum fate { WHOLE, PART, NOTHING };

/// What becomes of a path that is reached from a shown folder; what hides that folder too does not count.
static enum fate fate_of(const struct plan *plan, const char *shown, const char *path) {
    enum fate fate = strcmp(path, "/dev") == 0 ? NOTHING : WHOLE;
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];
        if (!hides_in(step, shown)) continue;
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
static void grant_folder(int ruleset, const struct plan *plan, const char *shown, int place, char *path,
                         unsigned long long rights) {
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
        enum fate fate = fate_of(plan, shown, path);
        if (fate == WHOLE) {
            int child = openat(place, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
            if (child >= 0) grant(ruleset, child, rights);
            if (child >= 0) close(child);
        } else if (fate == PART) {
            int child = openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (child >= 0) grant_folder(ruleset, plan, shown, child, path, rights);
        }
        path[length] = '\0';
    }
    closedir(folder);
}

void allow_reading(int ruleset, const struct plan *plan, const char *shown, unsigned long long rights) {
    char path[PATH_MAX];
    if (strlen(shown) >= sizeof path) return;
    strcpy(path, shown);
    int place = open(shown, O_PATH | O_CLOEXEC);
    // What has gone needs no grant.
    if (place < 0) return;
    if (!holds_hidden(plan, shown) && strcmp(shown, "/") != 0) {
        grant(ruleset, place, rights);
        close(place);
        return;
    }
    close(place);
    place = open(shown, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (place >= 0) grant_folder(ruleset, plan, shown, place, path, rights);
}
