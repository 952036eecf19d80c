"""Meets what is in the way of a review, and looks that everything stays as it was."""

import fcntl
import json
import shutil
import subprocess
import unittest

from reviewing import BRANCH, FILES, LONG, ReviewTest


class Refusing(ReviewTest):
    def test_uncommitted_work_in_the_same_files_is_not_overwritten(self):
        def unstaged(repository):
            repository.write({"answer.txt": "mine\n"})

        def staged(repository):
            unstaged(repository)
            repository.git("add", "-A")

        def staged_as_wanted(repository):
            repository.write({"answer.txt": "right\n"})
            repository.git("add", "-A")

        def removed(repository):
            (repository.path / "answer.txt").unlink()

        def removed_from_the_index(repository):
            repository.git("rm", "-q", "--cached", "answer.txt")

        def executable(repository):
            (repository.path / "answer.txt").chmod(0o755)

        def linked(repository):
            self.put(repository.path / "answer.txt", ("link", "long.txt"))

        def folder(repository):
            removed(repository)
            repository.write({"answer.txt/inside": "mine\n"})

        def untracked(repository):
            repository.write({"new.txt": "mine\n"})

        def ignored(repository):
            (repository.path / ".git/info/exclude").write_text("new.txt\n")
            untracked(repository)

        def intended(repository):
            untracked(repository)
            repository.git("add", "-N", "new.txt")

        def file_for_a_folder(repository):
            shutil.rmtree(repository.path / "src/deep")
            repository.write({"src/deep": "mine\n"})

        cases = [unstaged, staged, staged_as_wanted, removed, removed_from_the_index, executable, linked, folder,
                 untracked, ignored, intended, file_for_a_folder]
        for case in cases:
            with self.subTest(case.__name__):
                repository = self.session(
                    repository=self.repository(FILES, name=case.__name__),
                    name=f"20261121-00{cases.index(case):02}-cccc")
                case(repository)
                self.refuses(repository, "accept", "--all", says="uncommitted work in")

    def test_the_files_that_are_in_the_way_are_named(self):
        repository = self.session()
        repository.write({"answer.txt": "mine\n", "new.txt": "mine\n"})
        line = self.refuses(repository, "accept", "--all").stderr
        self.assertIn("uncommitted work in answer.txt, new.txt would be overwritten", line)
        self.review(repository, "accept", "1")
        self.assertEqual(self.status(repository), [" M answer.txt", "?? new.txt"])

    def test_a_conflict_is_told_with_its_lines_and_leaves_all_as_it_was(self):
        repository = self.session()
        text = "first\nsecond\n" + LONG.replace("line 38\n", "my line\n")
        repository.write({"long.txt": text})
        repository.git("commit", "-qam", "Mine")
        process = self.refuses(repository, "accept", "--all", says="conflict in long.txt at line 40")
        self.assertIn("      my line\n", process.stdout)
        process = self.refuses(repository, "accept", "1", "--json")
        error = json.loads(process.stdout)["error"]
        self.assertEqual(error["code"], "conflict")
        (file,) = error["conflicts"]
        (hunk,) = file["hunks"]
        self.assertEqual([file["path"], file["kind"]], ["long.txt", "content"])
        self.assertEqual(hunk["ours"], {"line": 40, "lines": ["my line"]})
        self.assertEqual(hunk["base"], {"line": 38, "lines": ["line 38"]})
        self.assertEqual(hunk["theirs"], {"line": 38, "lines": ["LINE 38"]})
        self.review(repository, "accept", "2", "3")
        self.assertEqual(self.status(repository), [])

    def test_other_kinds_of_conflict_have_a_name(self):
        files = {"gone": "a\n", "kept": "a\n", "binary": b"\0a", "x": "x\n"}
        steps = [("Go", {"gone": "b\n"}), ("Keep", {"kept": None}), ("Bits", {"binary": b"\0b"})]
        steps.append(("New", {"new": "b\n"}))
        repository = self.session(*steps, files=files)
        (repository.path / "gone").unlink()
        repository.write({"kept": "c\n", "binary": b"\0c", "new": "c\n"})
        repository.git("add", "-A")
        repository.git("commit", "-qm", "Mine")
        for number, kind in enumerate(["missing", "deleted", "binary", "both_added"], 1):
            process = self.refuses(repository, "accept", str(number), "--json")
            self.assertEqual(json.loads(process.stdout)["error"]["conflicts"][0]["kind"], kind)

    def test_what_cannot_take_commits_now_is_refused(self):
        def unborn(repository):
            repository.git("checkout", "-q", "--orphan", "fresh")
            return "no commit yet"

        def own_branch(repository):
            repository.git("checkout", "-q", repository.git("branch", "--list", "graft/*", "--format=%(refname:short)"))
            return "itself is checked out"

        def merging(repository):
            repository.git("checkout", "-q", "-b", "side")
            repository.write({"answer.txt": "side\n"})
            repository.git("commit", "-qam", "Side")
            repository.git("checkout", "-q", "main")
            repository.git("merge", "-q", "--no-ff", "--no-commit", "side")
            return "a merge is in progress"

        def rebasing(repository):
            subprocess.run(["git", "-C", repository.path, "rebase", "-q", "-x", "false", "--root"], env=self.world,
                           capture_output=True, check=False)
            return "a rebase is in progress"

        def bisecting(repository):
            repository.git("bisect", "start")
            return "a bisect is in progress"

        def locked(repository):
            (repository.path / ".git/index.lock").write_text("")
            return "the index is locked"

        for number, case in enumerate([unborn, own_branch, merging, rebasing, bisecting, locked]):
            with self.subTest(case.__name__):
                repository = self.session(
                    repository=self.repository(FILES, name=case.__name__), name=f"20261121-0000-aaa{number}")
                self.refuses(repository, "accept", "1", says=case(repository))

    def test_undo_is_refused_when_the_branch_has_moved_on(self):
        repository = self.session()
        accepted = self.json(repository, "accept", "1")["after"]
        repository.write({"mine": "mine\n"})
        repository.git("add", "mine")
        repository.git("commit", "-qm", "Mine")
        self.refuses(repository, "undo", says=["main has moved on since", f"git revert {accepted[:10]}"])
        repository.git("reset", "-q", "--hard", "HEAD~1")
        repository.write({"long.txt": "mine\n"})
        self.refuses(repository, "undo", says="uncommitted work in long.txt")
        repository.git("reset", "-q", "--hard", "HEAD~1")
        self.assertEqual(self.json(repository, "list")["commits"][0]["state"], "pending")

    def test_a_crash_in_the_middle_is_mended_by_the_next_command(self):
        repository = self.session()
        index = repository.path / ".git/index"
        start = self.users(repository)
        (old_index, before) = index.read_bytes(), repository.git("rev-parse", "main")
        self.review(repository, "accept", "--all")
        (new_index, after) = index.read_bytes(), repository.git("rev-parse", "main")
        log = (self.folder / "review.jsonl").read_text().splitlines(keepends=True)
        done = self.users(repository)

        def crashed(*names, index_bytes, tip):
            """The state with only these files written."""
            repository.git("update-ref", "refs/heads/main", tip)
            for name, content in {**FILES, "new.txt": None}.items():
                if name not in names:
                    self.put(repository.path / name, content)
            index.write_bytes(index_bytes)
            (self.folder / "review.jsonl").write_text(log[0] + '{"type":"do')

        states = [
            ((), old_index, before), (("answer.txt", "new.txt"), old_index, before),
            (("answer.txt", "long.txt", "new.txt", "src/deep/x.py"), old_index, before),
            (("answer.txt", "long.txt", "new.txt", "src/deep/x.py"), new_index, before),
        ]
        for names, index_bytes, tip in states:
            crashed(*names, index_bytes=index_bytes, tip=tip)
            (repository.path / ".graft-1abcdefghi").write_text("hel")
            process = self.review(repository, "list")
            self.assertIn("an earlier accept was interrupted; everything is as before it", process.stderr)
            now = self.users(repository)
            self.assertEqual([now["files"], now["status"]], [start["files"], start["status"]], names)
            self.review(repository, "accept", "--all")
            self.assertEqual(self.users(repository)["files"], done["files"])
            self.assertEqual(self.status(repository), [])
        crashed("answer.txt", index_bytes=old_index, tip=before)
        (repository.path / ".git/index.lock").write_text("")
        self.review(repository, "list", says=["cannot be taken back yet: the index is locked", "index.lock"])
        self.review(repository, "accept", "1", code=1, lines=2, says="the index is locked")
        (repository.path / ".git/index.lock").unlink()
        self.review(repository, "accept", "--all", says="everything is as before it")
        (self.folder / "review.jsonl").write_text(log[0])
        self.assertEqual(self.review(repository, "list").stderr, "")
        self.assertEqual(self.json(repository, "list")["commits"][0]["state"], "accepted")
        crashed("answer.txt", index_bytes=old_index, tip=before)
        repository.write({"long.txt": "mine\n"})
        self.assertIn("except for your own changes in long.txt", self.review(repository, "list").stderr)
        self.assertEqual((repository.path / "long.txt").read_text(), "mine\n")
        self.assertEqual(self.status(repository), [" M long.txt"])
        self.assertNotEqual(after, before)

    def test_a_session_that_is_still_at_work_is_only_looked_at(self):
        repository = self.session(running=True)
        with open(self.folder / "journal.jsonl") as journal:
            fcntl.flock(journal, fcntl.LOCK_EX)
            self.review(repository, "list", says="still at work")
            self.assertTrue(self.json(repository, "list")["running"])
            self.review(repository, "show", "1")
            self.review(repository, "diff")
            changes = [["accept", "1"], ["drop", "1"], ["reword", "1", "-m", "x"], ["squash", "2"],
                       ["split", "1", "--hunks", "1"], ["undo"]]
            for words in changes:
                self.refuses(repository, *words, says="is still at work")
        self.review(repository, "list", says="killed before its end")
        self.review(repository, "accept", "1")


if __name__ == "__main__":
    unittest.main()
