#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// The caller sends one byte and four descriptors: the three standard streams, and a sealed file with the command as
// fields that end with NUL: the folder, the number of words, the words, and the environment up to the end.

enum { STREAM_COUNT = 3, DESCRIPTOR_COUNT = STREAM_COUNT + 1 };

/// Fields in memory; taking one advances the start.
struct fields {
    char *start, *end;
};

static char *take_field(struct fields *fields) {
    if (fields->start == fields->end) return NULL;
    char *field = fields->start;
    fields->start += strlen(field) + 1;
    return field;
}

static char **take_list(struct fields *fields, size_t count) {
    char **list = calloc(count + 1, sizeof *list);
    if (list == NULL) fail("keep", "a command");
    errno = EINVAL;
    for (size_t i = 0; i < count; i++) {
        list[i] = take_field(fields);
        if (list[i] == NULL) fail("read", "a command");
    }
    return list;
}

static size_t count_fields(struct fields fields) {
    size_t count = 0;
    while (take_field(&fields) != NULL) count++;
    return count;
}

static void read_command(int file, struct command *command) {
    struct stat status;
    if (fstat(file, &status) != 0) fail("read", "a command");
    size_t size = (size_t)status.st_size;
    char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED) fail("read", "a command");
    struct fields fields = {bytes, bytes + size};
    errno = EINVAL;
    if (bytes[size - 1] != '\0') fail("read", "a command without an end");
    command->directory = take_field(&fields);
    const char *count = take_field(&fields);
    errno = EINVAL;
    if (count == NULL) fail("read", "a command");
    command->words = take_list(&fields, strtoul(count, NULL, 10));
    if (command->words[0] == NULL) fail("read", "a command without words");
    command->environment = take_list(&fields, count_fields(fields));
}

void receive_command(struct command *command) {
    tell("ready", 0);
    int descriptors[DESCRIPTOR_COUNT];
    int came = receive_descriptors(COMMAND_DESCRIPTOR, descriptors, DESCRIPTOR_COUNT);
    if (came == 0) _exit(0);
    if (came < 0) fail("wait for", "a command");
    close(COMMAND_DESCRIPTOR);
    read_command(descriptors[STREAM_COUNT], command);
    for (int i = 0; i < STREAM_COUNT; i++) {
        if (dup2(descriptors[i], i) < 0) fail("connect", "a command");
    }
}
