#include "launcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// The plan is fields that end with NUL: a word, then as many fields as the word takes; an empty field ends it.

static char bytes[PLAN_BYTES];
static size_t length, position;

static const char *next_field(void) {
    if (position >= length) return NULL;
    const char *field = bytes + position;
    position += strlen(field) + 1;
    return field;
}

static const char *path_field(void) {
    const char *field = next_field();
    errno = EINVAL;
    if (field == NULL || field[0] != '/') fail("read a path in the plan", field == NULL ? "" : field);
    return field;
}

static const struct {
    const char *word;
    enum step_kind kind;
    bool has_source, has_layers, is_kept, may_be_missing;
} step_words[] = {
    {"writable", STEP_WRITABLE, false, false, false, false},
    {"read-only", STEP_READ_ONLY, false, false, false, false},
    {"bind", STEP_BIND, true, false, false, false},
    {"bind-read-only", STEP_BIND_READ_ONLY, true, false, false, false},
    {"bind-if-there", STEP_BIND_READ_ONLY, true, false, false, true},
    {"empty", STEP_EMPTY, false, false, false, false},
    {"closed", STEP_CLOSED, false, false, false, false},
    {"link", STEP_LINK, true, false, false, false},
    {"hidden-folder", STEP_HIDDEN_FOLDER, false, false, false, false},
    {"hidden-file", STEP_HIDDEN_FILE, false, false, false, false},
    {"devices", STEP_DEVICES, false, false, false, false},
    {"processes", STEP_PROCESSES, false, false, false, false},
    {"overlay", STEP_OVERLAY, true, true, false, false},
    {"kept-overlay", STEP_OVERLAY, true, true, true, false},
};

static bool read_step(struct plan *plan, const char *word) {
    for (size_t i = 0; i < sizeof step_words / sizeof step_words[0]; i++) {
        if (strcmp(word, step_words[i].word) != 0) continue;
        errno = E2BIG;
        if (plan->step_count == STEP_LIMIT) fail("read the plan", "too many paths");
        struct step *step = &plan->steps[plan->step_count++];
        *step = (struct step){.kind = step_words[i].kind, .is_kept = step_words[i].is_kept,
                              .may_be_missing = step_words[i].may_be_missing, .tree = -1};
        if (step_words[i].has_source) step->source = path_field();
        if (step_words[i].has_layers) {
            step->upper = path_field();
            step->work = path_field();
        }
        step->path = path_field();
        return true;
    }
    return false;
}

static bool read_limit(struct plan *plan, const char *word) {
    static const struct {
        const char *word;
        int resource;
    } words[] = {
        {"limit-processes", RLIMIT_NPROC}, {"limit-address-space", RLIMIT_AS}, {"limit-file-size", RLIMIT_FSIZE},
        {"limit-open-files", RLIMIT_NOFILE}, {"limit-core-size", RLIMIT_CORE},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i].word) != 0) continue;
        const char *value = next_field();
        errno = EINVAL;
        if (value == NULL || plan->limit_count == LIMIT_LIMIT) fail("read a limit in the plan", word);
        plan->limits[plan->limit_count++] = (struct limit){words[i].resource, strtoull(value, NULL, 10)};
        return true;
    }
    return false;
}

void read_plan(struct plan *plan) {
    *plan = (struct plan){.task = TASK_RUN};
    length = position = 0;
    while (length < sizeof bytes) {
        ssize_t count = pread(PLAN_DESCRIPTOR, bytes + length, sizeof bytes - length, (off_t)length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("read the plan", "");
        if (count == 0) break;
        length += (size_t)count;
    }
    errno = E2BIG;
    if (length == sizeof bytes) fail("read the plan", "too long");
    errno = EINVAL;
    if (length == 0 || bytes[length - 1] != '\0') fail("read the plan", "it has no end");

    for (const char *word = next_field(); word != NULL && word[0] != '\0'; word = next_field()) {
        if (strcmp(word, "serve") == 0) {
            plan->task = TASK_SERVE;
        } else if (strcmp(word, "landlock-only") == 0) {
            plan->rung = RUNG_LANDLOCK;
        } else if (strcmp(word, "inside") == 0) {
            plan->rung = RUNG_INSIDE;
        } else if (strcmp(word, "network") == 0) {
            plan->has_network = true;
        } else if (strcmp(word, "guest") == 0) {
            plan->is_guest = true;
        } else if (strcmp(word, "hand-out") == 0) {
            plan->handed_out = path_field();
        } else if (strcmp(word, "no-loopback") == 0) {
            plan->has_no_loopback = true;
        } else if (strcmp(word, "bridge") == 0) {
            plan->has_bridge = true;
        } else if (strcmp(word, "cgroup") == 0) {
            errno = E2BIG;
            if (plan->cgroup_count == CGROUP_LIMIT) fail("read the plan", "too many cgroups");
            plan->cgroups[plan->cgroup_count++] = path_field();
        } else if (strcmp(word, "watch-memory") == 0) {
            const char *value = next_field();
            errno = EINVAL;
            if (value == NULL || value[0] == '\0') fail("read a limit in the plan", word);
            plan->memory = strtoull(value, NULL, 10);
        } else if (!read_step(plan, word) && !read_limit(plan, word)) {
            errno = EINVAL;
            fail("understand the plan's word", word);
        }
    }
}
