#define _GNU_SOURCE
#include "attempts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Sockets of every kind, and the servers of the machine outside: HOST_TCP and HOST_UDP are ports on its loopback,
// HOST_SOCKET, HOST_DATAGRAM and HOST_HIDDEN paths, HOST_ABSTRACT a name.

static long open_socket(int family, int type, int protocol) {
    int descriptor = socket(family, type | SOCK_CLOEXEC, protocol);
    if (descriptor >= 0) close(descriptor);
    return descriptor;
}

static struct sockaddr_in internet(const char *address, long port) {
    struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    inet_pton(AF_INET, address, &result.sin_addr);
    return result;
}

static long tcp(const char *address, long port) {
    struct sockaddr_in there = internet(address, port);
    struct timeval patience = {.tv_sec = 2};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return connect(descriptor, (struct sockaddr *)&there, sizeof there);
}

static long udp(const char *address, long port) {
    struct sockaddr_in there = internet(address, port);
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (sendto(descriptor, "x", 1, 0, (struct sockaddr *)&there, sizeof there) < 0) return -1;
    // In a network of its own nobody listens, and that comes back.
    if (connect(descriptor, (struct sockaddr *)&there, sizeof there) != 0) return -1;
    if (send(descriptor, "x", 1, 0) < 0) return -1;
    usleep(20000);
    return send(descriptor, "x", 1, 0);
}

static struct sockaddr_un local(const char *name, bool is_abstract, socklen_t *size) {
    struct sockaddr_un result = {.sun_family = AF_UNIX};
    size_t length = strnlen(name, sizeof result.sun_path - 2);
    memcpy(result.sun_path + is_abstract, name, length);
    *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
    return result;
}

static long local_connect(const char *name, bool is_abstract) {
    socklen_t size;
    struct sockaddr_un there = local(name, is_abstract, &size);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return descriptor < 0 ? -1 : connect(descriptor, (struct sockaddr *)&there, size);
}

static long host_tcp(void) { return tcp("127.0.0.1", given_number("HOST_TCP")); }
static long host_udp(void) { return udp("127.0.0.1", given_number("HOST_UDP")); }
static long internet_tcp(void) { return tcp("192.0.2.1", 80); }
static long internet_udp(void) { return udp("192.0.2.1", 53); }
static long host_socket(void) { return local_connect(given("HOST_SOCKET"), false); }
static long host_hidden_socket(void) { return local_connect(given("HOST_HIDDEN"), false); }
static long host_temporary_socket(void) { return local_connect(given("HOST_TEMPORARY_SOCKET"), false); }
static long host_abstract(void) { return local_connect(given("HOST_ABSTRACT"), true); }

/// A datagram socket of a pair can be pointed elsewhere, without ever asking for a socket by itself.
static long pair_redirected(void) {
    int pair[2];
    socklen_t size;
    struct sockaddr_un there = local(given("HOST_DATAGRAM"), false, &size);
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) != 0) return -1;
    return sendto(pair[0], "x", 1, 0, (struct sockaddr *)&there, size);
}

static long packet(void) { return open_socket(AF_PACKET, SOCK_RAW, 0); }
static long raw(void) { return open_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static long raw6(void) { return open_socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6); }
static long virtual_machine(void) { return open_socket(AF_VSOCK, SOCK_STREAM, 0); }
static long algorithm(void) { return open_socket(AF_ALG, SOCK_SEQPACKET, 0); }
static long express(void) { return open_socket(AF_XDP, SOCK_RAW, 0); }
static long netlink_audit(void) { return open_socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT); }
static long netlink_events(void) { return open_socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT); }
static long netlink_generic(void) { return open_socket(AF_NETLINK, SOCK_DGRAM, NETLINK_GENERIC); }

/// Every family but those that tests use; some are not in this kernel, which is as good.
static long other_families(void) {
    for (int family = 3; family < 64; family++) {
        if (family == AF_INET6 || family == AF_NETLINK) continue;
        for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; type++) {
            if (open_socket(family, type, 0) < 0) continue;
            fprintf(stderr, "family %d, type %d\n", family, type);
            return 0;
        }
    }
    errno = EPERM;
    return -1;
}

/// Protocols for which the kernel would load a module: SCTP, L2TP, UDP-Lite.
static long other_protocols(void) {
    if (open_socket(AF_INET, SOCK_DGRAM, 115) >= 0 || open_socket(AF_INET6, SOCK_DGRAM, 136) >= 0) return 0;
    return open_socket(AF_INET, SOCK_STREAM, 132);
}

const struct attempt network_attempts[] = {
    {"host-tcp", host_tcp}, {"host-udp", host_udp}, {"internet-tcp", internet_tcp}, {"internet-udp", internet_udp},
    {"host-socket", host_socket}, {"host-hidden-socket", host_hidden_socket},
    {"host-temporary-socket", host_temporary_socket}, {"host-abstract", host_abstract},
    {"pair-redirected", pair_redirected}, {"packet-socket", packet}, {"raw-socket", raw}, {"raw6-socket", raw6},
    {"virtual-machine-socket", virtual_machine}, {"algorithm-socket", algorithm}, {"express-socket", express},
    {"netlink-audit", netlink_audit}, {"netlink-events", netlink_events}, {"netlink-generic", netlink_generic},
    {"other-families", other_families}, {"other-protocols", other_protocols}, {NULL, NULL},
};
