"""Verifies series of commits, and hands them to git."""

import os
import re
import stat
import unittest

from harness import Repository, wait_until
from reviewing import BRANCH, LONG, ReviewTest, STEPS


class Proving(ReviewTest):
    def test_the_command_runs_on_each_commit_in_a_clean_checkout(self):
        repository = self.session()
        before = self.users(repository)
        process = self.review(repository, "verify", "--each", code=10, says="fails on 1 of 3 commits")
        rows = [re.sub(r"[0-9a-f]{10}|[0-9.]+ m?s", "_", line) for line in process.stdout.splitlines()]
        self.assertEqual(rows[0], "$ grep -q right answer.txt")
        self.assertRegex(rows[2], r"^  1  _  Change the long file at both ends  ✗ fails  +_  exit 1$")
        self.assertRegex(rows[3], r"^  2  _  Say what is right                  ✓ passes  +_$")
        self.assertEqual(self.users(repository), before)
        self.assertEqual(list(self.folder.glob("verify-*")), [])
        owns = [commit["evidence"]["own"]["passed"] for commit in self.json(repository, "list")["commits"]]
        self.assertEqual(owns, [False, True, True])
        self.review(repository, "verify", says="✓ passes")
        answer = self.json(repository, "verify", "1", code=10)
        self.assertEqual([answer["passed"], answer["results"][0]["exit_code"]], [False, 1])
        self.review(repository, "reword", "1", "-m", "Better")
        evidence = self.json(repository, "list")["commits"][0]["evidence"]
        self.assertIn("own", evidence, "the same files, the same outcome")

    def test_without_a_command_there_is_nothing_to_verify_with(self):
        repository = self.session(command=None)
        self.refuses(repository, "verify", says="has no command to verify with")
        self.refuses(repository, "verify", "--each", "1", code=64)

    def test_what_an_interrupted_verification_has_left_is_removed(self):
        repository = self.session()
        commit = repository.git("rev-parse", BRANCH)
        left = self.folder / f"verify-{commit[:12]}"
        repository.git("worktree", "add", "-q", "--detach", left, commit)
        (repository.path / f".git/worktrees/{left.name}/graft").write_text("")
        self.review(repository, "verify", says="✓ passes")
        self.assertFalse(left.exists())

    def test_an_interrupt_ends_the_command_and_leaves_nothing(self):
        repository = self.session(command="touch started; sleep 600")
        process = self.start("review", "verify", "--repo", repository.path)
        wait_until(lambda: list(self.folder.glob("verify-*/started")), "the command")
        process.signal(2)
        process.end()
        self.assertEqual(process.exit_code, 130, process.stderr)
        self.assertEqual(list(self.folder.glob("verify-*")), [])
        wait_until(lambda: not self.left_processes(), "the end of the command", 5)


class Exporting(ReviewTest):
    STEPS = [
        ("Ändere alles: [mit] Klammern",
         {"ü.txt": "ü\n", "dos.txt": "one\r\ntwo = 2 \r\n", "picture": b"\0\1\2" * 50, "long.txt": "From here\n" + LONG}),
        ("Make it run and move it", {"answer.txt": None, "moved.txt": ("x", "wrong\n")}),
    ]

    def fresh(self, repository):
        other = Repository.__new__(Repository)
        other.path, other.world = self.root / "fresh", self.world
        repository.git("clone", "-q", "-b", "main", repository.path, other.path)
        return other

    def test_a_mailbox_is_one_that_git_am_takes(self):
        repository = self.session(*self.STEPS)
        repository.git("config", "diff.noprefix", "true")
        repository.git("config", "format.attach", "x")
        repository.git("config", "format.coverLetter", "true")
        wild = "[mit]  Klammern\nund mehr\n\nFrom: here\n---\ndiff --git a/x b/x\n--- a/x\n"
        self.review(repository, "reword", "2", "-m", wild)
        self.review(repository, "export", "--mbox", self.root / "series.mbox", says="git am")
        other = self.fresh(repository)
        other.git("am", "-q", self.root / "series.mbox")
        self.assertEqual(other.git("rev-parse", "HEAD^{tree}"), repository.git("rev-parse", f"{BRANCH}^{{tree}}"))
        messages = ("log", "--format=%B", "-2")
        taken = re.sub("^ (---|diff)", r"\1", other.git(*messages), flags=re.MULTILINE)
        self.assertEqual(taken, repository.git(*messages, BRANCH))

    def test_a_bundle_is_one_that_git_fetch_takes(self):
        repository = self.session(*self.STEPS)
        path = self.root / "series.bundle"
        answer = self.json(repository, "export", "--bundle", path)
        self.assertEqual([answer["format"], answer["bytes"]], ["bundle", path.stat().st_size])
        other = self.fresh(repository)
        other.git("fetch", "-q", path, f"{BRANCH}:taken")
        self.assertEqual(other.git("rev-parse", "taken"), repository.git("rev-parse", BRANCH))

    def test_a_dash_is_standard_output(self):
        repository = self.session()
        self.assertTrue(self.review(repository, "export", "--mbox", "-").stdout.startswith("From "))
        self.assertTrue(self.review(repository, "export", "--bundle", "-").stdout.startswith("# v2 git bundle"))

    def test_a_file_that_cannot_be_written_is_named(self):
        repository = self.session()
        self.refuses(repository, "export", "--mbox", self.root / "none/file", code=64, says="cannot write")
        self.refuses(repository, "export", "--bundle", self.root, code=64, says="cannot write")
        if stat.S_ISCHR(os.stat("/dev/full").st_mode):
            self.refuses(repository, "export", "--mbox", "/dev/full", code=70, says="No space left")
            self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode), "a device stays one")
        self.refuses(repository, "export", code=64)
        self.refuses(repository, "export", "--mbox", "-", "--bundle", "-", code=64)
        self.refuses(repository, "export", "--mbox", "-", "--json", code=64)
        self.assertEqual([path.name for path in self.root.glob("*.graft-tmp*")], [])


if __name__ == "__main__":
    unittest.main()
