"""Places that take nothing more: full file systems, a used-up quota, a repository that may only be read."""

import ctypes
import os
import shutil
import subprocess
import unittest

from harness import CHECK, GRAFT, GraftTest
from scripted import DONE, FIX, shell, turn

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// As write(2) fails where a user's quota is used up: for files below one place, once a mark is there.
ssize_t write(int file, const void *bytes, size_t count) {
    static ssize_t (*next)(int, const void *, size_t);
    const char *place = getenv("QUOTA_PLACE"), *mark = getenv("QUOTA_MARK");
    char link[64], path[4096];
    if (!next) next = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    if (place && mark && access(mark, F_OK) == 0) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, path, sizeof path - 1);
        if (length > 0 && !strncmp(path, place, strlen(place))) { errno = EDQUOT; return -1; }
    }
    return next(file, bytes, count);
}
"""
MARK = turn(shell("sleep 0.5; touch ready; sleep 1"))


class Full(GraftTest):
    def small_disk(self, name, size):
        place = self.root / name
        place.mkdir(exist_ok=True)
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"none", os.fsencode(place), b"tmpfs", 0, f"size={size},mode=755".encode()) != 0:
            self.skipTest(f"cannot mount a small file system: {os.strerror(ctypes.get_errno())}")
        self.addCleanup(libc.umount2, os.fsencode(place), 2)
        return place

    @staticmethod
    def fill(place):
        free = os.statvfs(place)
        (place / "filling").write_bytes(b"x" * (free.f_bavail * free.f_frsize))

    def run_until(self, change, repository, *turns, **more):
        server = self.simulate(MARK, *turns)
        run = self.begin(repository, server=server, **more)
        run.wait_for("item.started", lambda event: event["item"]["type"] == "command_execution")
        change()
        run.end()
        self.assertEqual(run.exit_code, 70, run.stdout + run.stderr)
        self.assertLess(len(server.requests), 6)
        return run

    def test_the_file_system_of_the_sessions(self):
        disk = self.small_disk("state", "4m")
        turns = [turn(shell("seq 4000")) for _ in range(20)]
        run = self.run_until(lambda: self.fill(disk), self.repository(), *turns, FIX, DONE)
        self.assert_clear(run, "No space left on device", "XDG_STATE_HOME", "journal")

    def test_the_file_system_of_the_repository_and_its_index(self):
        disk = self.small_disk("disk", "4m")
        run = self.run_until(lambda: self.fill(disk), self.repository(name="disk/repository"), FIX, DONE)
        self.assert_clear(run, "No space left on device", f"the file system at {disk}", "free some space")

    def test_a_full_disk_from_the_start_under_the_repository(self):
        disk = self.small_disk("disk", "4m")
        repository = self.repository(name="disk/repository")
        repository.write({"answer.txt": "still wrong\n"})
        self.fill(disk)
        server = self.simulate(FIX, DONE)
        run = self.begin(repository, server=server).end()
        self.assertEqual((run.exit_code, server.requests), (70, []), run.stderr)
        self.assert_clear(run, "No space left on device")


class Quota(Full):
    """A quota needs a file system and tools that few machines have: here write(2) fails as it does with one."""

    def setUp(self):
        super().setUp()
        compiler = shutil.which("cc") or shutil.which("clang")
        if not compiler:
            self.skipTest("there is no C compiler")
        (self.root / "shim.c").write_text(SHIM)
        self.shim = self.root / "shim.so"
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-o", self.shim, self.root / "shim.c", "-ldl"], check=True, timeout=60)

    def used_up(self, place, *turns):
        mark = self.root / "mark"
        env = {"LD_PRELOAD": str(self.shim), "QUOTA_PLACE": str(place), "QUOTA_MARK": str(mark)}
        return self.run_until(mark.touch, self.repository(), *turns, env=env)

    def test_of_the_repository(self):
        run = self.used_up(self.root / "repository/.git/objects", FIX, DONE)
        self.assert_clear(run, "Disk quota exceeded", "quota", str(self.root / "repository/.git"))

    def test_of_the_sessions(self):
        run = self.used_up(self.state, FIX, DONE)
        self.assert_clear(run, "Disk quota exceeded", "XDG_STATE_HOME")


class ReadOnly(GraftTest):
    def test_a_repository_that_the_user_may_only_read_is_refused_with_the_next_step(self):
        setpriv = shutil.which("setpriv")
        if os.geteuid() != 0 or not setpriv:
            self.skipTest("another user is needed, and so are root and setpriv")
        prefix = (setpriv, "--reuid=65534", "--regid=65534", "--clear-groups")
        if subprocess.run([*prefix, GRAFT, "--version"], capture_output=True, check=False).returncode:
            self.skipTest("another user cannot run the program here")
        self.root.chmod(0o755)
        repository = self.repository()
        for folder, folders, files in os.walk(self.root):
            for name in [folder, *(os.path.join(folder, name) for name in folders + files)]:
                os.chown(name, 65534, 65534, follow_symlinks=False)
        git = repository.path / ".git"
        for place, next_step in (("objects", "chown or chmod"), ("refs/heads", "chown or chmod"), (".", "chown or chmod")):
            with self.subTest(place):
                (git / place).chmod(0o555)
                server = self.simulate(FIX, DONE)
                run = self.start("fix", "--repo", repository.path, "--", CHECK, server=server, prefix=prefix).end()
                (git / place).chmod(0o755)
                self.assertEqual((run.exit_code, server.requests), (64, []), run.stderr)
                self.assert_clear(run, "Permission denied", "where commits are stored", next_step)


if __name__ == "__main__":
    unittest.main()
