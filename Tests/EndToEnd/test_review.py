"""Reviews sessions with `graft review` and its subcommands, and compares what is the user's before and after."""

import fcntl
import json
import os
import re
import shutil
import stat
import subprocess
import unittest

from harness import GraftTest, Repository, wait_until
from scripted import DONE, note, patch, shell, turn

ID = "20261121-0000-aaaa"
BRANCH = f"graft/{ID}"
LONG = "".join(f"line {number}\n" for number in range(1, 41))
FILES = {"answer.txt": "wrong\n", "long.txt": LONG, "src/deep/x.py": "def f():\n    return 1\n"}
LONGER = LONG.replace("line 2\n", "LINE 2\n").replace("line 38\n", "LINE 38\n")
STEPS = [
    ("Change the long file at both ends", {"long.txt": LONGER}),
    ("Say what is right", {"answer.txt": "right\n"}),
    ("Add a file and return two", {"new.txt": "hello\n", "src/deep/x.py": "def f():\n    return 2\n"}),
]


class ReviewTest(GraftTest):
    """A repository with a session that is made by hand: the branch, and the two ends of a journal."""

    def session(self, *steps, files=None, command="grep -q right answer.txt", name=ID, repository=None, running=False):
        repository = repository or self.repository(FILES if files is None else files)
        scratch = self.root / f"scratch-{name}"
        repository.git("clone", "-q", "--no-checkout", repository.path, scratch)
        work = Repository.__new__(Repository)
        work.path, work.world = scratch, repository.world
        work.git("checkout", "-q", "-f", repository.git("rev-parse", "HEAD"))
        base = work.git("rev-parse", "HEAD")
        for number, (subject, changes) in enumerate(steps or STEPS, 1):
            for path, content in changes.items():
                self.put(scratch / path, content)
            work.git("add", "-A", "-f")
            trailers = f"Graft-Session: {name}\nGraft-Step: {number}"
            work.git("commit", "-q", "--allow-empty", "-m", f"{subject}\n\nBecause of {number}.\n\n{trailers}")
        repository.git("fetch", "-q", scratch, f"HEAD:refs/heads/graft/{name}")
        shutil.rmtree(scratch)
        folder = self.state / "graft/sessions" / name
        (folder / "output").mkdir(parents=True)
        start = {
            "type": "run.started", "t_ms": 1, "repository": str(repository.path), "base": base, "start": base,
            "branch": f"graft/{name}", "tree": str(folder / "tree"), "model": "m", "endpoint": "e", "sandbox": "s",
            "time": 1795000000,
        }
        start |= {"command": command} if command else {}
        end = {"type": "run.finished", "t_ms": 2, "verdict": "fixed", "exit_code": 0, "message": "done", "commits": []}
        lines = [start] if running else [start, end]
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        (folder / "journal.jsonl").write_text(text)
        self.folder = folder
        return repository

    @staticmethod
    def put(path, content):
        if path.is_symlink() or path.is_file():
            path.unlink()
        if content is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, tuple):
            kind, content = content
            if kind == "link":
                return path.symlink_to(content)
            path.write_text(content)
            return path.chmod(0o755)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def review(self, repository, *words, code=0, says=(), lines=1, **more):
        path = getattr(repository, "path", repository)
        process = self.start("review", *words, "--repo", path, **more).end()
        told = f"{words}: {process.stdout}{process.stderr}"
        self.assertEqual(process.exit_code, code, told)
        if code and "Usage:" not in process.stderr:
            self.assertEqual(process.stderr.count("\n"), lines, f"not one line: {told}")
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, process.stdout + process.stderr, told)
        return process

    def json(self, repository, *words, **more):
        process = self.review(repository, *words, "--json", **more)
        self.assertEqual(process.stdout.count("\n"), 1, process.stdout)
        return json.loads(process.stdout)

    def users(self, repository):
        """All that is the user's: not what lies under Graft's own references."""
        state = repository.state()
        state["branches"] = [line for line in state["branches"] if "refs/graft/" not in line]
        return state

    def refuses(self, repository, *words, says=(), code=1, **more):
        """Expects one line, and everything as it was, the series too."""
        before = self.users(repository), repository.git("for-each-ref")
        process = self.review(repository, *words, code=code, says=says, **more)
        self.assertEqual((self.users(repository), repository.git("for-each-ref")), before, words)
        return process

    def subjects(self, repository, revision="HEAD"):
        return repository.git("log", "--reverse", "--format=%s", revision).splitlines()

    def series(self, repository):
        return self.subjects(repository, f"{repository.base}..{BRANCH}")

    def status(self, repository):
        return repository.git("status", "--porcelain").splitlines()


class Looking(ReviewTest):
    def test_a_run_is_listed_with_what_was_run_around_each_commit(self):
        repository = self.repository({**FILES})
        server = self.simulate(
            turn(shell("cat answer.txt; false")),
            turn(note("Say what is right. The check asks for it."), patch()),
            turn(shell("grep right answer.txt")),
            turn(note("Add a file"), patch("new.txt", "+hello\n", "create_file")),
            DONE,
        )
        self.run_graft(repository, 0, server=server)
        answer = self.json(repository, "list")
        first, second = answer["commits"]
        self.assertEqual([first["subject"], second["subject"]], ["Say what is right", "Add a file"])
        self.assertEqual(first["body"], "The check asks for it.")
        self.assertEqual([first["state"], first["added"], first["removed"]], ["pending", 1, 1])
        evidence = first["evidence"]
        self.assertEqual([run["command"] for run in evidence["before"]], ["cat answer.txt; false"])
        self.assertEqual([run["command"] for run in evidence["after"]], ["grep right answer.txt"])
        self.assertEqual([evidence["before"][0]["passed"], evidence["after"][0]["passed"]], [False, True])
        self.assertEqual([evidence["baseline"]["passed"], evidence["verification"]["passed"]], [False, True])
        self.assertNotIn("own", evidence)
        self.assertTrue(second["evidence"]["own"]["passed"])
        text = self.review(repository, "show", "1").stdout
        self.assertRegex(text, r"(?m)^  before +✗ exit 1, .*  cat answer.txt; false$")
        self.assertRegex(text, r"(?m)^  after +✓ exit 0, .*  grep right answer.txt$")
        self.assertEqual(self.review(repository).stdout, self.review(repository, "list").stdout)
        self.assertEqual(self.review(repository, answer["session"]).stdout, self.review(repository).stdout)

    def test_uncommitted_work_that_a_run_took_along_is_no_part_of_its_series(self):
        repository = self.repository({"answer.txt": "wrong\n", "notes.txt": "a\n"})
        repository.write({"notes.txt": "mine\n", "fresh.txt": "mine\n"})
        server = self.simulate(turn(note("Say what is right."), patch()), DONE)
        self.run_graft(repository, 0, server=server)
        self.assertEqual([commit["n"] for commit in self.json(repository, "list")["commits"]], [1])
        self.review(repository, "accept", "--all")
        self.assertEqual(self.subjects(repository), ["Start", "Say what is right"])
        self.assertEqual(repository.git("diff", "--name-only", "HEAD~1", "HEAD"), "answer.txt")
        self.assertEqual(self.status(repository), [" M notes.txt", "?? fresh.txt"])
        self.review(repository, "export", "--bundle", self.root / "bundle")
        repository.git("bundle", "verify", str(self.root / "bundle"))
        self.review(repository, "undo")
        self.assertEqual(self.status(repository), [" M notes.txt", "?? fresh.txt"])

    def test_the_list_is_aligned_and_plain_where_it_is_no_terminal(self):
        repository = self.session()
        lines = self.review(repository, "list").stdout.splitlines()
        rows = [line for line in lines if re.match(r"  \d  ", line)]
        self.assertEqual([re.sub(r"[0-9a-f]{10}", "ID", row) for row in rows], [
            "  1  ID  Change the long file at both ends   1 file  +2  -2  · pending",
            "  2  ID  Say what is right                   1 file  +1  -1  · pending",
            "  3  ID  Add a file and return two          2 files  +2  -1  · pending",
        ])
        self.assertNotIn("\x1b", "".join(lines))

    def test_a_commit_shows_its_numbered_pieces(self):
        repository = self.session()
        text = self.review(repository, "show", "1").stdout
        self.assertIn("M long.txt  +2 -2\n[1] @@ -1,5 +1,5 @@\n line 1\n-line 2\n+LINE 2\n", text)
        self.assertIn("[2] @@ -35,6 +35,6 @@", text)
        self.assertIn("    Because of 1.\n", text)
        diff = self.json(repository, "show", "3")["diff"]
        self.assertEqual([(file["path"], file["kind"]) for file in diff], [("new.txt", "A"), ("src/deep/x.py", "M")])
        self.assertEqual([diff[0]["piece"], diff[1]["hunks"][0]["piece"]], [1, 2])
        prefix = repository.git("rev-parse", f"{BRANCH}~1")[:7]
        self.assertEqual(self.json(repository, "show", prefix)["n"], 2)

    def test_a_diff_is_one_that_git_applies(self):
        files = {"latin.txt": b"caf\xe9\n", "windows.txt": b"a\r\nb\r\n", "picture": b"\0\1\2" * 100}
        step = {"latin.txt": b"caf\xe9s\n", "windows.txt": b"a\r\nc\r\n", "picture": b"\0\2" * 90, "run": ("x", "#!\n")}
        repository = self.session(("Change all kinds", step), files=files)
        path = self.root / "patch"
        for words in [["diff"], ["diff", "1"]]:
            with open(path, "wb") as file:
                self.start("review", *words, "--repo", repository.path, stdout=file).end()
            repository.git("apply", "--index", path)
            self.assertEqual(repository.git("write-tree"), repository.git("rev-parse", f"{BRANCH}^{{tree}}"))
            repository.git("reset", "-q", "--hard")
        self.assertIn("A   +1  -0  run", self.review(repository, "diff", "--stat").stdout)
        stat = self.json(repository, "diff", "--stat", "1")["files"]
        self.assertEqual([file["binary"] for file in stat], [False, True, False, False])

    def test_an_empty_series_is_said_to_be_empty(self):
        repository = self.session()
        self.review(repository, "drop", "1", "2", "3")
        self.assertEqual(self.json(repository, "list")["commits"], [])
        self.review(repository, "list", says="There is nothing to review.")
        for words in [["accept", "--all"], ["export", "--mbox", "-"], ["export", "--bundle", "-"]]:
            self.refuses(repository, *words, says="the series is empty")
        self.refuses(repository, "accept", "1", code=64, says="it is empty")

    def test_a_run_without_commits_has_an_empty_series(self):
        repository = self.session()
        repository.git("branch", "-qD", BRANCH)
        self.review(repository, "list", says="There is nothing to review.")

    def test_sessions_are_found_by_part_of_their_name_and_from_a_linked_working_tree(self):
        repository = self.session()
        self.session(("Another", {"answer.txt": "right\n"}), name="20261121-0001-bbbb", repository=repository)
        linked = self.root / "linked"
        repository.git("worktree", "add", "-q", "-b", "side", linked)
        self.assertEqual(len(self.json(linked, "list")["commits"]), 1)
        self.assertEqual(len(self.json(linked, "list", "aaaa")["commits"]), 3)
        self.assertEqual(len(self.json(repository, "list", "--session", "20261121-0000")["commits"]), 3)
        self.refuses(repository, "list", "20261121", code=64, says="may be 2 sessions")
        self.refuses(repository, "list", "zzzz", code=64, says="there is no session")
        self.refuses(repository, "list", "aaaa", "--session", "bbbb", code=64, says="two sessions are named")

    def test_what_is_no_session_or_commit_is_refused(self):
        repository = self.repository()
        self.refuses(repository, "list", code=64, says="there is no session of")
        other = self.session(repository=self.repository(FILES, name="other"))
        self.refuses(repository, "list", ID, code=64, says="is one of")
        self.review(self.root, "list", code=64, says="is not in a git repository")
        for text in ["0", "4", "zz", "abcd", "1234567", "", other.git("rev-parse", "HEAD")]:
            self.refuses(other, "show", text, code=64, says="is no commit of the series")
        self.refuses(other, "accept", code=64)
        self.refuses(other, "accept", "--all", "1", code=64)
        self.refuses(other, "nonsense", "1", code=64)
        repository.git("clone", "-q", "--bare", repository.path, self.root / "bare")
        self.review(self.root / "bare", "list", code=64, says="bare repository")

    def test_a_prefix_that_fits_twice_is_refused(self):
        steps = [(f"Number {number}", {"a": f"{number}\n"}) for number in range(400)]
        repository = self.session(*steps[:1])
        tree = repository.git("rev-parse", "HEAD^{tree}")
        seen, parent = {}, repository.git("rev-parse", "HEAD")
        # Two of many ids share their first four digits.
        for number in range(4000):
            parent = repository.git("commit-tree", tree, "-p", parent, "-m", f"{number}")
            if parent[:4] in seen and not parent[:4].isdigit():
                break
            seen[parent[:4]] = parent
        repository.git("update-ref", f"refs/heads/{BRANCH}", parent)
        self.refuses(repository, "show", parent[:4], code=64, says="may be 2 commits")

    def test_a_branch_that_is_gone_is_named_with_what_brings_it_back(self):
        repository = self.session()
        tip = repository.git("rev-parse", BRANCH)
        self.review(repository, "drop", "1")
        repository.git("update-ref", f"refs/graft/{ID}/steps", tip)
        repository.git("branch", "-qD", BRANCH)
        self.refuses(repository, "list", says=f"git branch {BRANCH} refs/graft/{ID}/steps")
        self.refuses(repository, "accept", "1", says="is gone")

    def test_commits_that_the_user_adds_to_the_branch_belong_to_the_series(self):
        repository = self.session()
        own = self.root / "own"
        repository.git("worktree", "add", "-q", str(own), BRANCH)
        (own / "mine.txt").write_text("mine\n")
        subprocess.run(["git", "-C", own, "add", "-A"], env=self.world, check=True)
        subprocess.run(["git", "-C", own, "commit", "-qm", "Mine"], env=self.world, check=True)
        self.refuses(repository, "drop", "1", says="is checked out in")
        repository.git("worktree", "remove", str(own))
        self.assertEqual([commit["subject"] for commit in self.json(repository, "list")["commits"]][3:], ["Mine"])
        self.review(repository, "accept", "4")
        self.assertEqual(repository.show("HEAD", "mine.txt"), "mine")

    def test_merges_in_a_series_are_refused_in_one_line(self):
        repository = self.session()
        first = repository.git("rev-parse", f"{BRANCH}~2")
        tree = repository.git("rev-parse", f"{BRANCH}^{{tree}}")
        merge = repository.git("commit-tree", tree, "-p", BRANCH, "-p", first, "-m", "Merge")
        repository.git("update-ref", f"refs/heads/{BRANCH}", merge)
        self.review(repository, "list", says="Merge")
        for words in [["accept", "4"], ["drop", "1"], ["squash", "4"]]:
            self.refuses(repository, *words, says="is a merge")


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

    def test_what_cannot_take_commits_now_is_refused(self):
        def unborn(repository):
            repository.git("checkout", "-q", "--orphan", "fresh")
            return "no commit yet"

        def own_branch(repository):
            repository.git("checkout", "-q", BRANCH)
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
                if case is own_branch:
                    repository.git("branch", "-m", f"graft/20261121-0000-aaa{number}", BRANCH)
                    repository.git("branch", f"graft/20261121-0000-aaa{number}", BRANCH)
                    repository.git("checkout", "-q", f"graft/20261121-0000-aaa{number}")
                    says = "itself is checked out"
                else:
                    says = case(repository)
                self.refuses(repository, "accept", "1", says=says)

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

    def test_every_kind_of_file_arrives_as_git_would_write_it(self):
        files = {".gitattributes": "*.win eol=crlf\n", "a.win": b"one\r\n", "tool": "#!/bin/sh\n", "old": "o\n" * 9,
                 "dir/x": "x\n", "file": "f\n", "link": "plain\n"}
        step = {"a.win": b"one\r\ntwo\r\n", "tool": ("x", "#!/bin/sh\n"), "old": None, "new/name": "o\n" * 9,
                "dir/x": None, "dir": "now a file\n", "file": None, "file/y": "y\n", "link": ("link", "tool"),
                "bits": b"\0\1", "no newline": "end", "with spaces/ünï": "u\n", "empty": ""}

        class Ordered(dict):
            pass

        repository = self.repository(files)
        scratch_step = Ordered(step)
        original = ReviewTest.put

        def put(path, content):
            if path.name == "dir" and path.is_dir():
                path.rmdir()
            original(path, content)

        self.put = put
        self.session(("Change all kinds", scratch_step), repository=repository)
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


class Changing(ReviewTest):
    def session(self, *steps, **more):
        repository = super().session(*steps, **more)
        repository.base = repository.git("rev-parse", "main")
        return repository

    def test_commits_are_dropped(self):
        repository = self.session()
        before = self.users(repository)
        tip = repository.git("rev-parse", BRANCH)
        answer = self.json(repository, "drop", "1", "3")
        self.assertEqual(self.series(repository), [STEPS[1][0]])
        self.assertEqual([len(answer["before"]), len(answer["after"])], [3, 1])
        self.assertEqual(answer["replaced"][answer["before"][0]], [])
        self.assertEqual(self.users(repository), before)
        self.assertEqual(repository.git("rev-parse", f"refs/graft/{ID}/review/1"), tip)

    def test_a_drop_that_others_build_on_is_refused_with_the_place(self):
        steps = [("One", {"answer.txt": "one\n"}), ("Two", {"answer.txt": "two\n"})]
        repository = self.session(*steps)
        says = "commit 2 does not fit without that: conflict in answer.txt at line 1"
        self.refuses(repository, "drop", "1", says=says)

    def test_a_message_is_changed_and_its_trailers_stay(self):
        repository = self.session()
        tree = repository.git("rev-parse", f"{BRANCH}^{{tree}}")
        author = repository.git("log", "-1", "--format=%an %ae %ad", f"{BRANCH}~1")
        self.review(repository, "reword", "2", "-m", "Better words", "-m", "A reason\nof two lines.")
        message = repository.git("log", "-1", "--format=%B", f"{BRANCH}~1")
        self.assertEqual(
            message, f"Better words\n\nA reason\nof two lines.\n\nGraft-Session: {ID}\nGraft-Step: 2\n".rstrip("\n"))
        self.assertEqual(repository.git("rev-parse", f"{BRANCH}^{{tree}}"), tree)
        self.assertEqual(repository.git("log", "-1", "--format=%an %ae %ad", f"{BRANCH}~1"), author)
        file = self.root / "message"
        file.write_text("\n  From a file  \n\n\n\nwith a body   \n")
        self.review(repository, "reword", "1", "-F", file)
        with open(file) as stdin:
            self.review(repository, "reword", "3", "-F", "-", stdin=stdin)
        self.assertEqual(self.series(repository), ["From a file", "Better words", "From a file"])

    def test_messages_that_cannot_be_used_are_refused(self):
        repository = self.session()
        (self.root / "latin").write_bytes(b"caf\xe9")
        (latin, none) = (self.root / "latin", self.root / "none")
        for words in [["-m", " \n "], ["-F", latin], ["-F", none], [], ["-m", "a", "-F", "-"]]:
            self.refuses(repository, "reword", "1", *words, code=64)

    def test_a_commit_is_joined_with_the_one_before(self):
        repository = self.session()
        tree = repository.git("rev-parse", f"{BRANCH}^{{tree}}")
        self.review(repository, "squash", "2")
        self.assertEqual(self.series(repository), [STEPS[0][0], STEPS[2][0]])
        body = repository.git("log", "-1", "--format=%b", f"{BRANCH}~1")
        self.assertIn("Because of 1.\n\nSay what is right\n\nBecause of 2.\n\nGraft-Session", body)
        self.assertIn("Graft-Step: 1\nGraft-Step: 2", body)
        self.review(repository, "squash", "2", "-m", "All of it")
        self.assertEqual(self.series(repository), ["All of it"])
        self.assertEqual(repository.git("rev-parse", f"{BRANCH}^{{tree}}"), tree)
        self.refuses(repository, "squash", "1", says="the first commit of the series has none before it")

    def test_pieces_become_a_commit_of_their_own(self):
        repository = self.session()
        tree = repository.git("rev-parse", f"{BRANCH}^{{tree}}")
        self.review(repository, "split", "1", "--hunks", "2", "-m", "The end")
        self.assertEqual(self.series(repository)[:2], ["The end", STEPS[0][0]])
        self.assertEqual(repository.show(f"{BRANCH}~3", "long.txt") + "\n", LONG.replace("line 38\n", "LINE 38\n"))
        self.review(repository, "split", "4", "--hunks", "1")
        self.assertEqual(self.series(repository)[3:], ["Add new.txt", STEPS[2][0]])
        self.assertEqual(repository.git("rev-parse", f"{BRANCH}^{{tree}}"), tree)
        for hunks in ["3", "0", "1,2", "", "x", "2-1", "1-", "-"]:
            code = 1 if hunks in ("3", "1,2") else 64
            self.refuses(repository, "split", "5", f"--hunks={hunks}", code=code)
        self.review(repository, "undo")
        self.review(repository, "undo")
        self.assertEqual(self.series(repository), [step[0] for step in STEPS])

    def test_what_is_accepted_is_not_changed_and_is_followed_through_changes(self):
        repository = self.session()
        self.review(repository, "accept", "2")
        for words in [["drop", "2"], ["reword", "2", "-m", "x"], ["squash", "3"], ["split", "2", "--hunks", "1"]]:
            self.refuses(repository, *words, says="commit 2 has been accepted as")
        self.review(repository, "drop", "1")
        states = [commit["state"] for commit in self.json(repository, "list")["commits"]]
        self.assertEqual(states, ["accepted", "pending"])

    def test_undo_is_refused_when_the_series_has_moved(self):
        repository = self.session()
        self.review(repository, "drop", "1")
        repository.git("update-ref", f"refs/heads/{BRANCH}", f"{BRANCH}~1")
        self.refuses(repository, "undo", says="has moved since the drop")

    def test_two_reviews_do_not_change_at_the_same_time(self):
        repository = self.session()
        with open(self.folder / "review.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refuses(repository, "drop", "1", says="another graft review")
            self.review(repository, "list")
        self.review(repository, "drop", "1")


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
         {"ü.txt": "ü\n", "picture": b"\0\1\2" * 50, "long.txt": "From here\n" + LONG}),
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
        self.review(repository, "export", "--mbox", self.root / "series.mbox", says="git am")
        other = self.fresh(repository)
        other.git("am", "-q", "--keep-non-patch", self.root / "series.mbox")
        self.assertEqual(other.git("rev-parse", "HEAD^{tree}"), repository.git("rev-parse", f"{BRANCH}^{{tree}}"))
        messages = ("log", "--format=%s%n%b", "-2")
        self.assertEqual(other.git(*messages), repository.git(*messages, BRANCH))

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
        self.refuses(repository, "export", "--mbox", self.root / "none/file", says="cannot write")
        self.refuses(repository, "export", "--bundle", self.root, says="cannot write")
        if stat.S_ISCHR(os.stat("/dev/full").st_mode):
            self.refuses(repository, "export", "--mbox", "/dev/full", says="No space left")
            self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode), "a device stays one")
        self.refuses(repository, "export", code=64)
        self.refuses(repository, "export", "--mbox", "-", "--bundle", "-", code=64)
        self.refuses(repository, "export", "--mbox", "-", "--json", code=64)
        self.assertEqual([path.name for path in self.root.glob("*.graft-tmp")], [])


if __name__ == "__main__":
    unittest.main()
