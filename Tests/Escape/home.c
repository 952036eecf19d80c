#define _GNU_SOURCE
#include "attempts.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

// What a closed home folder holds. HOUSE is one, with programs in .cargo/bin and .newtool/bin on the search path, and one
// file more for each of these.

#define FILES(X) \
    X("home-m2-settings", m2_settings, ".m2/settings.xml") \
    X("home-m2-security", m2_security, ".m2/settings-security.xml") \
    X("home-gradle-properties", gradle_properties, ".gradle/gradle.properties") \
    X("home-gradle-script", gradle_script, ".gradle/init.d/login.gradle") \
    X("home-cargo-credentials", cargo_credentials, ".cargo/credentials.toml") \
    X("home-cargo-config", cargo_config, ".cargo/config.toml") \
    X("home-kaggle", kaggle, ".kaggle/kaggle.json") \
    X("home-huggingface", huggingface, ".huggingface/token") \
    X("home-huggingface-cache", huggingface_cache, ".cache/huggingface/token") \
    X("home-gemini", gemini, ".gemini/oauth_creds.json") \
    X("home-copilot", copilot, ".config/github-copilot/hosts.json") \
    X("home-opencode", opencode, ".local/share/opencode/auth.json") \
    X("home-doctl", doctl, ".config/doctl/config.yaml") \
    X("home-composer", composer, ".composer/auth.json") \
    X("home-fly", fly, ".fly/config.yml") \
    X("home-subversion", subversion, ".subversion/auth/svn.simple/1") \
    X("home-terraform", terraform, ".terraformrc") \
    X("home-wget", wget, ".wgetrc") \
    X("home-curl", curl, ".curlrc") \
    X("home-pip", pip, ".config/pip/pip.conf") \
    X("home-fish-history", fish_history, ".config/fish/fish_history") \
    X("home-shell-start", shell_start, ".zshrc") \
    X("home-git-config", git_config, ".gitconfig") \
    X("home-npm", npm, ".npmrc") \
    X("home-conda", conda, ".miniconda/.condarc") \
    X("home-netlify", netlify, ".netlify/config.json") \
    X("home-unknown-tool", unknown_tool, ".newtool/credentials") \
    X("home-unknown-cache", unknown_cache, ".cache/newtool/session") \
    X("home-document", document, "Documents/taxes.txt") \
    X("home-mail", mail, "Mail/inbox") \
    X("home-browser", browser, ".mozilla/firefox/logins.json")

#define READ(name, function, path) \
    static long function(void) { return try_read(below("HOUSE", path)); }
FILES(READ)

/// A link in a shown folder, to what lies beside it.
static long through_link(void) { return try_read(below("HOUSE", ".newtool/bin/link")); }
static long through_dots(void) { return try_read(below("HOUSE", ".cargo/bin/../config.toml")); }

static long through_other_name(void) {
    char path[4096];
    snprintf(path, sizeof path, "/proc/self/root%s/.m2/settings.xml", given("HOUSE"));
    return try_read(path);
}

static long through_host(void) {
    char path[4096];
    snprintf(path, sizeof path, "/proc/%ld/cwd/../home/.m2/settings.xml", given_number("HOST_PROCESS"));
    return try_read(path);
}

static long linked_out(void) {
    if (link(below("HOUSE", ".newtool/credentials"), below("TREE", "stolen")) != 0) return -1;
    return try_read(below("TREE", "stolen"));
}

static long change_program(void) { return try_open(below("HOUSE", ".cargo/bin/tool"), O_WRONLY); }
static long remove_program(void) { return unlink(below("HOUSE", ".cargo/bin/tool")); }
static long move_programs(void) { return rename(below("HOUSE", ".cargo/bin"), below("HOUSE", "bin")); }
static long change_start(void) { return try_open(below("HOUSE", ".zshrc"), O_WRONLY | O_APPEND); }

static long list_documents(void) {
    DIR *folder = opendir(below("HOUSE", "Documents"));
    if (folder == NULL) return -1;
    closedir(folder);
    return 0;
}

#define ENTRY(name, function, path) {name, function},
const struct attempt home_attempts[] = {
    FILES(ENTRY)
    {"home-through-link", through_link}, {"home-through-dots", through_dots},
    {"home-through-root", through_other_name}, {"home-through-host", through_host}, {"home-hard-link", linked_out},
    {"home-changed-program", change_program}, {"home-removed-program", remove_program},
    {"home-moved-programs", move_programs}, {"home-changed-start", change_start},
    {"home-listed-documents", list_documents}, {NULL, NULL},
};
