"""The command that decides where it is configured, and what is shown of one that fails."""

import unittest

from harness import CHECK, GraftTest
from scripted import DONE, FIX

NAMED = f'verify = "{CHECK}"\n'
FILES = {"answer.txt": "wrong\n"}


class ConfiguredCheck(GraftTest):
    def configure(self, text):
        (self.root / "config/graft").mkdir(parents=True, exist_ok=True)
        (self.root / "config/graft/config.toml").write_text(text)

    def go(self, code, *flags, files=None, turns=(FIX, DONE)):
        self.number = getattr(self, "number", 0) + 1
        repository = self.repository(files or FILES, name=f"repository{self.number}")
        run = self.run_graft(repository, code, *flags, server=self.simulate(*turns), task="Say what is right.")
        return run, next(event for event in run.events if event["type"] == "run.started")

    def test_that_of_the_repository_decides(self):
        run, start = self.go(0, files={**FILES, ".graft/config.toml": NAMED})
        self.assertEqual((run.result["verdict"], start["command"]), ("fixed", CHECK))
        self.assertEqual(run.result["verification"]["exit_code"], 0)

    def test_that_of_the_user_decides_and_goes_before_the_repositorys(self):
        self.configure(NAMED)
        for files in (FILES, {**FILES, ".graft/config.toml": 'verify = "false"\n'}):
            run, start = self.go(0, files=files)
            self.assertEqual((run.result["verdict"], start["command"]), ("fixed", CHECK))

    def test_one_that_fails_is_no_success(self):
        self.configure('verify = "false"\n')
        run, _ = self.go(10, turns=(FIX, DONE, DONE, DONE, DONE, DONE, DONE))
        self.assertEqual(run.result["verdict"], "not_fixed")

    def test_an_empty_one_turns_it_off_and_another_one_goes_before_it(self):
        self.configure('verify = "false"\n')
        files = {**FILES, ".graft/config.toml": 'verify = "false"\n'}
        run, start = self.go(11, "--verify", "", files=files)
        self.assertIsNone(run.result["verification"])
        self.assertNotIn("command", start)
        _, start = self.go(0, "--verify", CHECK, files=files)
        self.assertEqual(start["command"], CHECK)

    def test_one_that_is_not_committed_is_not_the_repositorys(self):
        repository = self.repository(FILES)
        repository.write({".graft/config.toml": NAMED})
        self.run_graft(repository, 11, server=self.simulate(FIX, DONE), task="Say what is right.")


class LastLines(GraftTest):
    def test_of_a_command_that_names_no_test_the_last_ten_lines_are_shown(self):
        repository = self.repository(FILES)
        command = f"{CHECK} && exit 0; seq -f 'step %g' 30; echo compile error on line 3 >&2; exit 2"
        run = self.run_graft(repository, 0, server=self.simulate(FIX, DONE), command=command, json_view=False)
        before = run.stdout.split("✗ before: exit 2")[1].split("Say what is right")[0]
        for text in ("step 30", "step 22", "compile error on line 3"):
            self.assertIn(text, before)
        self.assertNotIn("step 21\n", before)
        self.assertNotIn("step 2\n", before)


class LeavesNothing(GraftTest):
    def test_a_command_that_is_missing_leaves_nothing_in_a_checkout_with_uncommitted_work(self):
        for tree in ("worktree", "overlay"):
            with self.subTest(tree):
                repository = self.repository({**FILES, "other.txt": "1\n"}, name=f"repository-{tree}")
                repository.write({"other.txt": "2\n", "mine.txt": "mine\n"})
                server = self.simulate(FIX, DONE)
                run = self.run_graft(
                    repository, 64, "--tree", tree, server=server, command="nosuchcmd", verdict="usage", json_view=False)
                self.assertIn("nosuchcmd", run.result["message"])
                for word in ("Commits on", "look:", "take:", "drop:", "git merge"):
                    self.assertNotIn(word, run.stdout)
                self.assertEqual((server.requests, run.result["commits"]), ([], []))
                self.assertEqual(repository.git("for-each-ref", "refs/graft", "refs/heads/graft"), "")
                self.assertEqual(repository.git("worktree", "list").count("\n"), 0)
                self.assertEqual(list(self.state.glob("graft/sessions/*/overlays")), [])


if __name__ == "__main__":
    unittest.main()
