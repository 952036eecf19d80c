"""Runs a command in a world where the kernel refuses some system calls, as in a container: forbid.py NAME... -- COMMAND"""

import ctypes
import os
import platform
import struct
import sys

EPERM, ENOSYS = 1, 38
#: Numbers on x86_64 and aarch64, and the error that a kernel or container without the feature gives.
CALLS = {
    "unshare": (272, 97, EPERM),
    "landlock": (444, 444, ENOSYS),
    "mount": (165, 40, EPERM),
}
#: clone with any of the flags that make namespaces, from CLONE_NEWCGROUP to CLONE_NEWNET, or CLONE_NEWNS.
CLONE, NAMESPACES = (56, 220), 0x7E020000


def instruction(code, value, yes=0, no=0):
    return struct.pack("HBBI", code, yes, no, value)


def program(names):
    """A classic BPF program (seccomp(2)): load the number, compare, return."""
    column = 1 if platform.machine() == "aarch64" else 0
    lines = [instruction(0x20, 0)]
    for name in names:
        number, error = CALLS[name][column], CALLS[name][2]
        lines += [instruction(0x15, number, 0, 1), instruction(0x06, 0x00050000 | error)]
    if "unshare" in names:
        # clone3 keeps its flags in memory; the C library falls back to clone.
        lines += [instruction(0x15, 435, 0, 1), instruction(0x06, 0x00050000 | ENOSYS)]
        lines += [instruction(0x15, CLONE[column], 0, 3), instruction(0x20, 16)]
        lines += [instruction(0x45, NAMESPACES, 0, 1), instruction(0x06, 0x00050000 | EPERM)]
    return b"".join([*lines, instruction(0x06, 0x7FFF0000)]), len(lines) + 1


def main():
    split = sys.argv.index("--")
    filter_bytes, count = program(sys.argv[1:split])
    buffer = ctypes.create_string_buffer(filter_bytes)
    header = struct.pack("HxxxxxxP", count, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.create_string_buffer(header), 0, 0):
        raise OSError(ctypes.get_errno(), "cannot forbid system calls")
    os.execvp(sys.argv[split + 1], sys.argv[split + 1 :])


if __name__ == "__main__":
    main()
