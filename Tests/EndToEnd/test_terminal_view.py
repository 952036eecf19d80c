"""What a run shows on a terminal while it happens."""

import shlex
import unittest

from harness import CHECK, GRAFT, KEY, GraftTest
from scripted import DONE, FIX, message, patch, shell, turn
from terminal import Terminal


@unittest.skipUnless(Terminal.is_there(), "tmux is not installed")
class StatusTest(GraftTest):
    def begin_at(self, columns, *turns):
        self.repo, server = self.repository(), self.simulate(*turns)
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url}
        self.terminal = Terminal(self.root, world, columns=columns, rows=50)
        self.addCleanup(self.terminal.close)
        self.terminal.run(f"{shlex.quote(str(GRAFT))} fix --repo {self.repo.path} -- {shlex.quote(CHECK)}; echo exit=$?")

    def test_the_status_fills_the_line_and_no_more(self):
        words = " ".join(f"word{number}" for number in range(10, 40))
        command = f"true {words}; sleep 3"
        for columns in (60, 120):
            with self.subTest(columns):
                self.setUp()
                self.begin_at(columns, turn(shell(command)), FIX, DONE)
                self.terminal.wait_for("… 1 s")
                (line,) = [line for line in self.terminal.screen.splitlines() if line.startswith("· $ true")]
                self.assertIn(len(line), (columns - 1, columns))
                self.terminal.wait_for("exit=0")
                self.assertNotIn("· $ true", self.terminal.screen)


class ViewTest(GraftTest):
    def test_each_patch_of_a_response_stands_with_its_own_difference(self):
        other = patch("other.txt", "@@\n-a\n+b\n")
        files = {"answer.txt": "wrong\n", "other.txt": "a\n"}
        run, _, _ = self.fix(0, turn(patch(), other), DONE, files=files, json_view=False)
        first = run.stdout.index("M answer.txt\ndiff --git a/answer.txt")
        second = run.stdout.index("M other.txt\ndiff --git a/other.txt")
        self.assertLess(first, run.stdout.index("+right"))
        self.assertLess(run.stdout.index("+right"), second)
        self.assertEqual(run.stdout.count("diff --git"), 2)

    def test_a_commit_does_not_stand_in_the_middle_of_a_message(self):
        words = message(" ".join(f"word{number}" for number in range(2000)) + ".", "commentary")
        long = {**turn(words, patch()), "delta_bytes": 2}
        files = {"answer.txt": "wrong\n", "other.txt": "a\n"}
        run, _, _ = self.fix(0, turn(shell("rm other.txt")), long, DONE, files=files, json_view=False)
        self.assertIn("  commit ", run.stdout)
        for line in run.stdout.splitlines():
            self.assertEqual(line.find("  commit "), 0 if "  commit " in line else -1, line[-200:])

    def test_a_command_whose_status_is_that_of_a_part_is_pointed_out(self):
        run, _, _ = self.fix(0, FIX, DONE, command="cat answer.txt | grep -q right", json_view=False)
        self.assertIn("! only the exit status of the last part of the command counts", run.stdout)
        repository = self.repository(name="other")
        self.run_graft(repository, 0, server=self.simulate(FIX, DONE), json_view=False)

    def test_a_run_without_a_name_for_its_commits_says_so(self):
        (self.root / "home/.gitconfig").write_text("")
        ann = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b.c"}
        self.world.update(ann)
        repository = self.repository()
        for name in ann:
            del self.world[name]
        run = self.run_graft(repository, 0, server=self.simulate(FIX, DONE), json_view=False)
        self.assertIn("! the session's commits are by Graft <graft@localhost>", run.stdout)


if __name__ == "__main__":
    unittest.main()
