#define _GNU_SOURCE
#include "launcher.h"

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, text, strlen(text)) < 0) fail("write", path);
    close(file);
}

void make_shared_namespaces(const struct plan *plan) {
    uid_t user = geteuid();
    gid_t group = getegid();
    if (plan->is_guest) {
        if (setns(HOST_USER_DESCRIPTOR, CLONE_NEWUSER) != 0) fail("join the namespace of", "the user");
        close(HOST_USER_DESCRIPTOR);
        if (!plan->has_network && unshare(CLONE_NEWNET) != 0) fail("make namespaces for", "the network");
        return;
    }
    if (unshare(plan->has_network ? CLONE_NEWUSER : CLONE_NEWUSER | CLONE_NEWNET) != 0) {
        fail("make namespaces for", "a user");
    }

    // Without the right to change groups a process may map its own numbers (user_namespaces(7)).
    char map[64];
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", user, user);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%u %u 1", group, group);
    write_file("/proc/self/gid_map", map);
}

void make_own_namespaces(void) {
    if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP) != 0) {
        fail("make namespaces for", "a command");
    }
}

void raise_loopback(void) {
    int socket_descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {.ifr_name = "lo"};
    if (socket_descriptor < 0 || ioctl(socket_descriptor, SIOCGIFFLAGS, &request) != 0) {
        fail("find the loopback interface", "lo");
    }
    request.ifr_flags |= IFF_UP;
    if (ioctl(socket_descriptor, SIOCSIFFLAGS, &request) != 0) fail("bring up the loopback interface", "lo");
    close(socket_descriptor);
}

static int make_listener(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons(PROXY_PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (listener < 0 || bind(listener, (struct sockaddr *)&place, sizeof place) != 0 || listen(listener, 64) != 0) {
        fail("listen for", "the proxy");
    }
    return listener;
}

static void give(int descriptor, const char *what) {
    if (descriptor < 0 || !send_descriptor(SERVER_DESCRIPTOR, descriptor, 0)) fail("hand out", what);
    close(descriptor);
}

void hand_out(const struct plan *plan) {
    if (plan->step_count > 0) {
        give(open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC), "the user namespace");
        give(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), "the mount namespace");
    }
    if (plan->handed_out != NULL) give(clone_tree(plan->handed_out), plan->handed_out);
    if (plan->has_bridge) give(make_listener(), "the proxy's socket");
}
