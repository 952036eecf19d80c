"""Takes commits of sessions onto the user's branch, and takes them back."""

import os
import shutil
import unittest

from reviewing import BRANCH, FILES, ReviewTest, STEPS
from scripted import DONE, note, patch, turn


class Accepting(ReviewTest):
    def test_the_first_commit_keeps_its_id_and_a_later_one_is_merged(self):
        repository = self.session()
        first = repository.git("rev-parse", f"{BRANCH}~2")
        answer = self.json(repository, "accept", "1")
        self.assertEqual([answer["branch"], answer["after"]], ["main", first])
        self.assertEqual(repository.git("rev-parse", "main"), first)
        self.assertEqual(self.status(repository), [])
        self.review(repository, "accept", "3", says="accepted onto main")
        self.assertEqual(self.subjects(repository)[1:], [STEPS[0][0], STEPS[2][0]])
        author = ("log", "-1", "--format=%an %at")
        self.assertEqual(repository.git(*author), repository.git(*author, BRANCH))
        self.assertEqual(self.status(repository), [])
        self.assertEqual((repository.path / "new.txt").read_text(), "hello\n")
        self.assertIn("graft: accept Add a file", repository.git("reflog", "-1", "--format=%gs", "main"))
        states = [commit["state"] for commit in self.json(repository, "list")["commits"]]
        self.assertEqual(states, ["accepted", "pending", "accepted"])
        self.refuses(repository, "accept", "1", says="has been accepted already, as")
        self.review(repository, "accept", "--all")
        self.assertEqual(repository.git("diff", "main", BRANCH), "")
        self.refuses(repository, "accept", "--all", says="all commits have been accepted")

    def test_ranges_are_taken_too(self):
        repository = self.session()
        answer = self.json(repository, "accept", "2-3", "3")
        self.assertEqual([one["n"] for one in answer["accepted"]], [2, 3])
        self.review(repository, "undo")
        for words, says in (
            (["3-1"], "write 1-3"), (["2-4"], 'unknown commit "4"'), (["0-2"], 'unknown commit "0"'), (["1-"], "unknown commit"),
            (["1-2-3"], "unknown commit"),
        ):
            self.refuses(repository, "accept", *words, code=64, says=says)
        self.json(repository, "drop", "1-2")
        self.assertEqual(self.subjects(repository, BRANCH)[1:], [STEPS[2][0]])

    def test_several_levels_are_undone(self):
        repository = self.session()
        start = self.users(repository)
        tip = repository.git("rev-parse", BRANCH)
        self.review(repository, "accept", "2")
        between = repository.git("rev-parse", "main")
        self.review(repository, "drop", "1")
        self.review(repository, "accept", "2")
        self.assertEqual(self.json(repository, "undo")["undone"], "accept")
        self.assertEqual([repository.git("rev-parse", "main"), self.status(repository)], [between, []])
        self.assertEqual(self.json(repository, "undo")["undone"], "drop")
        self.assertEqual(repository.git("rev-parse", BRANCH), tip)
        self.assertEqual(self.json(repository, "undo")["undone"], "accept")
        after = self.users(repository)
        self.assertEqual([after[key] for key in ("HEAD", "branches", "files", "status")],
                         [start[key] for key in ("HEAD", "branches", "files", "status")])
        self.refuses(repository, "undo", says="there is nothing to undo")

    def test_commits_on_top_of_uncommitted_work_say_what_to_do(self):
        change = patch("calc.py", "@@\n-a\n+b\n")
        for files, dirty in (
            ({"answer.txt": "wrong\n"}, {"calc.py": "a\n"}),
            ({"answer.txt": "wrong\n", "calc.py": "x\ny\nz\n"}, {"calc.py": "x\na\nz\n"}),
        ):
            with self.subTest(files):
                repository = self.repository(files, name=f"repository{len(files)}")
                repository.write(dirty)
                run = self.run_graft(repository, 0, server=self.simulate(turn(note("Say b."), patch(), change), DONE), json_view=False)
                self.assertIn("commit your own work in calc.py first", run.stdout)
                self.assertNotIn("git merge", run.stdout)
                before = self.users(repository)
                self.refuses(
                    repository, "accept", "--all",
                    says="commit 1 is made on top of your work in calc.py, which you have uncommitted here; commit it first",
                )
                self.assertEqual(self.users(repository), before)
                repository.git("stash", "-q", "-u")
                (branch,) = self.branches(repository)
                own = repository.git("rev-parse", "--short=10", f"{branch}~1")
                self.refuses(
                    repository, "accept", "--all",
                    says=f"work in calc.py that was uncommitted then and is not on main; bring it with: git cherry-pick {own}",
                )
                repository.git("stash", "pop", "-q")
                repository.git("add", "-A")
                repository.git("commit", "-q", "-m", "Mine")
                self.review(repository, "accept", "--all")
                self.assertEqual(self.subjects(repository), ["Start", "Mine", "Say b"])
                self.assertEqual(repository.show("main", "calc.py"), dirty["calc.py"].replace("a", "b").rstrip("\n"))

    def test_uncommitted_work_elsewhere_survives(self):
        repository = self.session(files={**FILES, "staged": "a\n", "unstaged": "a\n", "both": "a\n", "gone": "a\n"})
        repository.write({"staged": "b\n", "both": "b\n", "fresh": "f\n"})
        repository.git("add", "staged", "both", "fresh")
        repository.write({"unstaged": "b\n", "both": "c\n", "untracked": "u\n"})
        (repository.path / "gone").unlink()
        before = self.status(repository)
        self.review(repository, "accept", "--all")
        self.assertEqual(self.status(repository), before)
        self.assertEqual((repository.path / "answer.txt").read_text(), "right\n")
        self.review(repository, "undo")
        self.assertEqual(self.status(repository), before)
        self.assertFalse((repository.path / "new.txt").exists())

    def test_a_change_within_the_second_of_the_index_still_shows(self):
        repository = self.session()
        repository.git("config", "core.trustctime", "false")
        index, file = repository.path / ".git/index", repository.path / "src/deep/x.py"
        self.review(repository, "drop", "3")
        before = 1_700_000_000 * 10**9
        os.utime(file, ns=(before, before))
        repository.git("update-index", "--refresh")
        repository.write({"src/deep/x.py": FILES["src/deep/x.py"].replace("1", "3")})
        os.utime(file, ns=(before + 4 * 10**8, before + 4 * 10**8))
        os.utime(index, ns=(before + 5 * 10**8, before + 5 * 10**8))
        self.assertEqual(self.status(repository), [" M src/deep/x.py"])
        self.review(repository, "accept", "--all")
        self.assertEqual(self.status(repository), [" M src/deep/x.py"])

    def test_it_goes_to_the_branch_that_is_checked_out_now(self):
        repository = self.session()
        repository.git("checkout", "-q", "-b", "topic")
        self.review(repository, "accept", "2", says="onto topic")
        self.assertEqual(self.subjects(repository, "main"), ["Start"])
        repository.git("checkout", "-q", "main")
        self.review(repository, "undo", says="on topic")
        self.assertEqual(repository.git("rev-parse", "topic"), repository.git("rev-parse", "main"))
        self.assertEqual(self.status(repository), [])

    def test_a_linked_working_tree_gets_it_on_its_own_branch(self):
        repository = self.session()
        linked = self.root / "linked"
        repository.git("worktree", "add", "-q", "-b", "side", linked)
        before = self.users(repository)
        self.review(linked, "accept", "--all", says="onto side")
        self.assertEqual(self.users(repository)["files"], before["files"])
        self.assertEqual((linked / "answer.txt").read_text(), "right\n")
        self.assertEqual(repository.git("-C", str(linked), "status", "--porcelain"), "")
        self.review(repository, "undo")
        self.assertEqual((linked / "answer.txt").read_text(), "wrong\n")
        self.assertEqual(repository.git("-C", str(linked), "status", "--porcelain"), "")

    def test_a_detached_head_moves_itself(self):
        repository = self.session()
        repository.git("checkout", "-q", "--detach")
        self.review(repository, "accept", "2", says="onto the detached HEAD")
        self.assertEqual(self.subjects(repository), ["Start", STEPS[1][0]])
        self.assertEqual(self.subjects(repository, "main"), ["Start"])
        self.review(repository, "undo")
        self.assertEqual([self.subjects(repository), self.status(repository)], [["Start"], []])

    def test_a_change_that_is_there_already_makes_no_commit(self):
        repository = self.session()
        repository.write({"answer.txt": "right\n"})
        repository.git("commit", "-qam", "Mine")
        head = repository.git("rev-parse", "HEAD")
        self.review(repository, "accept", "2", says="was there already")
        self.assertEqual(repository.git("rev-parse", "HEAD"), head)
        self.assertEqual(self.json(repository, "list")["commits"][1]["state"], "accepted")
        self.review(repository, "undo")
        self.assertEqual(self.json(repository, "list")["commits"][1]["state"], "pending")

    def test_what_the_user_took_with_git_counts_as_accepted(self):
        repository = self.session()
        repository.git("merge", "-q", "--ff-only", f"{BRANCH}~1")
        states = [commit["state"] for commit in self.json(repository, "list")["commits"]]
        self.assertEqual(states, ["accepted", "accepted", "pending"])
        self.refuses(repository, "accept", "1", says="has been accepted already")
        self.refuses(repository, "undo", says="there is nothing to undo")
        self.review(repository, "accept", "--all")
        self.assertEqual(repository.git("rev-parse", "main"), repository.git("rev-parse", BRANCH))

    def test_line_endings_of_the_checkout_are_kept(self):
        repository = self.session()
        repository.git("config", "core.autocrlf", "true")
        shutil.rmtree(repository.path / "src")
        for name in ["answer.txt", "long.txt"]:
            (repository.path / name).unlink()
        repository.git("checkout", "-q", "-f", ".")
        self.assertEqual((repository.path / "answer.txt").read_bytes(), b"wrong\r\n")
        self.review(repository, "accept", "--all")
        self.assertEqual((repository.path / "answer.txt").read_bytes(), b"right\r\n")
        self.assertEqual((repository.path / "new.txt").read_bytes(), b"hello\r\n")
        self.assertEqual(self.status(repository), [])
        self.review(repository, "undo")
        self.assertEqual((repository.path / "answer.txt").read_bytes(), b"wrong\r\n")
        self.assertEqual(self.status(repository), [])

    def test_every_kind_of_file_arrives_as_git_would_write_it(self):
        files = {".gitattributes": "*.win eol=crlf\n", "a.win": b"one\r\n", "tool": "#!/bin/sh\n", "old": "o\n" * 9,
                 "dir/x": "x\n", "file": "f\n", "link": "plain\n"}
        step = {"a.win": b"one\r\ntwo\r\n", "tool": ("x", "#!/bin/sh\n"), "old": None, "new/name": "o\n" * 9,
                "dir/x": None, "dir": "now a file\n", "file": None, "file/y": "y\n", "link": ("link", "tool"),
                "bits": b"\0\1", "no newline": "end", "with spaces/ünï": "u\n", "empty": ""}

        repository = self.session(("Change all kinds", step), files=files)
        self.review(repository, "accept", "1")
        self.assertEqual(self.status(repository), [])
        self.assertEqual((repository.path / "a.win").read_bytes(), b"one\r\ntwo\r\n")
        self.assertTrue(os.access(repository.path / "tool", os.X_OK))
        self.assertEqual(os.readlink(repository.path / "link"), "tool")
        repository.git("update-index", "--really-refresh")
        self.assertEqual(repository.git("rev-parse", "HEAD"), repository.git("rev-parse", BRANCH))
        self.review(repository, "undo")
        self.assertEqual(self.status(repository), [])
        self.assertFalse((repository.path / "new").exists())
        self.assertEqual((repository.path / "a.win").read_bytes(), b"one\r\n")

    def test_filters_sparse_and_split_indexes_are_left_to_git(self):
        def filtered(repository):
            repository.git("config", "filter.rot.clean", "tr a-z b-za")
            repository.git("config", "filter.rot.smudge", "tr b-za a-z")
            (repository.path / ".git/info/attributes").write_text("answer.txt filter=rot\n")
            (repository.path / "answer.txt").unlink()
            repository.git("checkout", "-f", "answer.txt")
            return "qhfgs\n"

        def attributes(repository):
            return "right\n"

        def split(repository):
            repository.git("update-index", "--split-index")
            return "right\n"

        def sparse(repository):
            repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "src")
            return "right\n"

        def encoded(repository):
            (repository.path / ".git/info/attributes").write_text("answer.txt working-tree-encoding=UTF-16LE\n")
            (repository.path / "answer.txt").unlink()
            repository.git("checkout", "-f", "answer.txt")
            return "right\n".encode("utf-16-le")

        for number, case in enumerate([filtered, attributes, split, sparse, encoded]):
            with self.subTest(case.__name__):
                steps = STEPS + ([("Attributes", {".gitattributes": "*.txt text\n"})] if case is attributes else [])
                repository = self.session(
                    *steps, repository=self.repository(FILES, name=case.__name__), name=f"20261121-0000-bbb{number}")
                content = case(repository)
                content = content if isinstance(content, bytes) else content.encode()
                self.assertEqual(self.status(repository), [])
                kept = (repository.path / "answer.txt").read_bytes()
                self.review(repository, "accept", "--all")
                self.assertEqual(self.status(repository), [])
                self.assertEqual((repository.path / "answer.txt").read_bytes(), content)
                self.review(repository, "undo")
                self.assertEqual(self.status(repository), [])
                repository.write({"answer.txt": "mine\n"})
                self.refuses(repository, "accept", "--all", says="uncommitted work in answer.txt")
                (repository.path / "answer.txt").write_bytes(kept)


if __name__ == "__main__":
    unittest.main()
