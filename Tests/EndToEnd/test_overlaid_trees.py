"""`--tree overlay`: a session in an overlay of the whole checkout."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import unittest
from pathlib import Path

from harness import GRAFT, GraftTest, wait_until
from scripted import DONE, note, patch, shell, turn

FIX = turn(note("Say what is right."), patch())
FILES = {
    ".gitignore": "/deps/\n.env\n*.log\n",
    "answer.txt": "wrong\n", "docs/a.txt": "a\n", "docs/deep/b.txt": "b\n", "old.txt": "old\n", "tool.sh": "#!/bin/sh\n",
    "kind": "a file\n", "folder/inside": "a folder\n",
}  # fmt: skip


def contents(folder):
    """Every path below with kind, mode, owner, times and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        times = (state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
        found[str(path.relative_to(folder))] = (state.st_mode, state.st_uid, times, hashlib.sha256(content).hexdigest())
    return {name: found for name, found in found.items() if not name.startswith(".git/") and name != ".git"}


class OverlaidTrees(GraftTest):
    def project(self, files=None):
        repository = self.repository({**FILES, **(files or {})})
        repository.write({"deps/module": "vendored\n", ".env": "KEY=1\n", "build.log": "log\n"})
        (repository.path / "link").symlink_to("answer.txt")
        repository.git("add", "link")
        repository.git("commit", "-q", "-m", "Link")
        return repository

    def overlay(self, repository, code, *turns, kind="overlay", **more):
        before = contents(repository.path)
        server = self.simulate(*turns)
        run = self.run_graft(repository, code, "--tree", more.pop("choice", "overlay"), server=server, **more)
        self.assertEqual(contents(repository.path), before, "the checkout has changed")
        (started,) = [event for event in run.events if event["type"] == "run.started"]
        self.assertEqual(started["tree_kind"], kind, self.notices(run))
        self.assertEqual([*self.state.glob("graft/sessions/*/overlays"), *self.state.glob("graft/sessions/*/verify*")], [])
        return run

    @staticmethod
    def notices(run):
        return [event["message"] for event in run.events if event["type"] == "notice"]

    @staticmethod
    def outputs(run):
        return [item["aggregated_output"] for item in run.items("command_execution")]

    def changes(self, repository):
        (branch,) = self.branches(repository)
        return sorted(repository.git("diff", "--no-renames", "--name-status", "HEAD", branch).splitlines())

    def test_a_patch_is_committed_and_verified(self):
        repository = self.project()
        run = self.overlay(repository, 0, FIX, DONE, verdict="fixed")
        self.assertEqual(self.notices(run), [])
        self.assertEqual(self.changes(repository), ["M\tanswer.txt"])

    def test_commands_patches_and_git_see_one_tree(self):
        look = "pwd; ls -A | tr '\\n' ' '; cat deps/module answer.txt; git status --porcelain; git log --oneline | wc -l"
        repository = self.project()
        run = self.overlay(repository, 0, turn(shell(look)), FIX, turn(shell(look)), DONE, verdict="fixed")
        first, second = self.outputs(run)
        (tree,) = [event["tree"] for event in run.events if event["type"] == "run.started"]
        names = ".git .gitignore answer.txt deps docs folder kind link old.txt tool.sh"
        self.assertEqual(first, f"{tree}\n{names} vendored\nwrong\n2\n")
        self.assertEqual(second, f"{tree}\n{names} vendored\nright\n3\n")


if __name__ == "__main__":
    unittest.main()
