#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { DESCRIPTOR_LIMIT = 8 };

/// Aligned as the kernel wants it (cmsg(3)).
union space {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(DESCRIPTOR_LIMIT * sizeof(int))];
};

bool send_descriptor(int socket, int descriptor, char byte) {
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    union space space = {0};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
    if (descriptor >= 0) {
        message.msg_control = space.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof descriptor);
        space.header.cmsg_level = SOL_SOCKET;
        space.header.cmsg_type = SCM_RIGHTS;
        space.header.cmsg_len = CMSG_LEN(sizeof descriptor);
        memcpy(CMSG_DATA(&space.header), &descriptor, sizeof descriptor);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

int receive_descriptors(int socket, int *descriptors, size_t count) {
    char byte;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    union space space = {0};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = space.bytes, .msg_controllen = sizeof space.bytes,
    };
    ssize_t came;
    do came = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (came < 0 && errno == EINTR);
    if (came <= 0) return (int)came;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(count * sizeof(int))) {
        errno = EBADMSG;
        return -1;
    }
    memcpy(descriptors, CMSG_DATA(header), count * sizeof(int));
    return 1;
}
