"""Looks at the commits of sessions with `graft review`."""

import re
import subprocess
import unittest

from harness import GRAFT
from reviewing import BRANCH, FILES, ID, ReviewTest, STEPS
from scripted import DONE, function, note, patch, shell, turn
from terminal import Terminal


class Looking(ReviewTest):
    def test_a_session_that_committed_nothing_does_not_hide_the_one_before(self):
        repository = self.session()
        server = self.simulate({"items": [{"type": "message", "content": "Nothing to do."}]})
        self.run_graft(repository, 11, server=server, task="Look.")
        self.review(repository, "show", "1", says=STEPS[0][0])
        self.review(repository, "drop", "1-3")
        self.review(repository, "undo")

    def test_a_verdict_is_about_the_files_that_were_verified(self):
        repository = self.repository({**FILES})
        add = turn(note("Add a file"), patch("new.txt", "+hello\n", "create_file"))
        server = self.simulate(turn(note("Say what is right"), patch()), add, DONE)
        self.run_graft(repository, 0, "--no-series", server=server)
        self.review(repository, "list", says="· fixed\n")
        self.review(repository, "reword", "2", "-m", "Add another file")
        self.review(repository, "list", says="· fixed\n")
        self.review(repository, "drop", "2")
        self.review(repository, "list", says="fixed, before the series was changed")

    def test_a_run_is_listed_with_what_was_run_around_each_commit(self):
        repository = self.repository({**FILES})
        server = self.simulate(
            turn(shell("cat answer.txt; false")),
            turn(note("Say what is right. The check asks for it."), patch()),
            turn(shell("cmp answer.txt answer.txt", "sed -n 1p answer.txt", "grep right answer.txt | head -3")),
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
        self.assertEqual([run["command"] for run in evidence["after"]], ["cmp answer.txt answer.txt"])
        self.assertEqual([evidence["before"][0]["passed"], evidence["after"][0]["passed"]], [False, True])
        self.assertEqual([evidence["baseline"]["passed"], evidence["verification"]["passed"]], [False, True])
        self.assertNotIn("own", evidence)
        self.assertTrue(second["evidence"]["own"]["passed"])
        text = self.review(repository, "show", "1").stdout
        self.assertRegex(text, r"(?m)^  before +✗ exit 1, .*  cat answer.txt; false$")
        self.assertRegex(text, r"(?m)^  after +✓ exit 0, .*  cmp answer.txt answer.txt$")
        self.assertEqual(self.review(repository).stdout, self.review(repository, "list").stdout)
        self.assertEqual(self.review(repository, answer["session"]).stdout, self.review(repository).stdout)

    def test_a_commit_is_shown_with_the_milestones_that_led_to_it(self):
        repository = self.repository({**FILES})
        report = function("report_milestone", {
            "milestone": "root_cause", "summary": "The answer is \x1b[31mwrong.", "evidence": {"file": "answer.txt", "line": 1}})
        server = self.simulate(turn(report), turn(note("Say what is right"), patch()), DONE)
        self.run_graft(repository, 0, server=server)
        (commit,) = self.json(repository, "list")["commits"]
        found = commit["evidence"]["milestones"]
        self.assertIn(("root_cause", "model", 1), [(one["milestone"], one["by"], one["turn"]) for one in found])
        self.assertIn(("fix_applied", "harness"), [(one["milestone"], one["by"]) for one in found])
        self.assertEqual(found[0]["evidence"], {"file": "answer.txt", "line": 1})
        text = self.review(repository, "show", "1").stdout
        self.assertRegex(text, r"(?m)^  ◆ root cause: The answer is \^\[\[31mwrong\. · answer\.txt:1  \(turn 1, after .*\)$")
        self.assertRegex(text, r"(?m)^  ✓ fix applied: ")
        page = self.root / "page.html"
        self.review(repository, "--html", page)
        html = page.read_text()
        self.assertIn("<h2 id=milestones-h>Milestones</h2>", html)
        self.assertIn("answer.txt:1", html)

    def test_what_tells_commands_apart_is_there_on_screens_of_all_widths(self):
        repository = self.repository({**FILES})
        lines = [f"PLACE=src python3 -B -c 'pass' tests.{name}" for name in ("first_of_them", "second_of_them")]
        server = self.simulate(turn(note("Say what is right"), patch()), turn(shell(*lines)), DONE)
        self.run_graft(repository, 0, server=server)
        # Where a row has no room for a command, it stands below.
        names = ("first_of_them", "second_of_them")
        for columns, shown in ((80, names), (60, lines), (40, (*names, "take: graft review accept 1"))):
            terminal = Terminal(self.root, self.world, columns=columns, rows=50)
            self.addCleanup(terminal.close)
            terminal.run(f"cd {repository.path}; clear; {GRAFT} review show 1; {GRAFT} review list")
            terminal.wait_for(*shown)
            rows = r"✓ exit 0, [^\n]*s +\S*…" if columns == 80 else r"✓ exit 0, [^\n]*s\n      \S"
            self.assertRegex(terminal.screen, r"(?m)^  after +" + rows)

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
        self.refuses(repository, "accept", "1", code=64, says="the series is empty")

    def test_a_run_without_commits_has_an_empty_series(self):
        repository = self.session()
        repository.git("branch", "-qD", BRANCH)
        self.review(repository, "list", ID, says="There is nothing to review.")

    def test_where_no_session_has_commits_that_is_said_in_a_sentence_with_the_next_step(self):
        repository = self.repository()
        says = f"there is no session of {repository.path} yet; graft fix and graft run make them\n"
        for words in ([], ["list"], ["show", "1"], ["accept", "--all"]):
            self.review(repository, *words, code=64, says=says)
        for _ in range(2):
            server = self.simulate({"items": [{"type": "message", "content": "Nothing to do."}]})
            self.run_graft(repository, 11, server=server, task="Look.")
        says = f"no session of {repository.path} has commits to review; graft fix and graft run make some, and graft " \
            "sessions lists the sessions\n"
        for words in ([], ["view"], ["list"]):
            run = self.review(repository, *words)
            self.assertEqual((run.stdout, run.stderr), (says, ""))
        for words in (["show", "1"], ["accept", "1"], ["accept", "--all"], ["drop", "1"], ["diff"], ["verify"],
                      ["export", "--mbox", "-"]):  # fmt: skip
            run = self.refuses(repository, *words, code=64)
            self.assertEqual((run.stdout, run.stderr), ("", f"graft: {says}"), words)
        self.assertEqual(self.json(repository, "list")["commits"], [])

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
            self.refuses(other, "show", text, code=64, says="unknown commit")
        self.refuses(other, "accept", code=64)
        self.refuses(other, "accept", "--all", "1", code=64)
        self.refuses(other, "nonsense", "1", code=64)
        repository.git("clone", "-q", "--bare", repository.path, self.root / "bare")
        self.review(self.root / "bare", "list", code=64, says="bare repository")

    def test_a_prefix_that_fits_twice_is_refused(self):
        repository = self.session()
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


if __name__ == "__main__":
    unittest.main()
