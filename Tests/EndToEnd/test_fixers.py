"""What a repository names for mending without a model: `[fixers]`."""

import signal

from harness import GraftTest, wait_until
from scripted import DONE, FIX, message, turn

RIGHT = 'sed -i s/wrong/right/ answer.txt'


def config(**fixers):
    return "[fixers]\n" + "".join(f"{name} = {line!r}\n".replace("'", '"') for name, line in fixers.items())


class FixersTest(GraftTest):
    def fixing(self, configuration, exit_code, *flags, server=None, env=None, verdict=None, files=None):
        files = {"answer.txt": "wrong\n", ".graft/config.toml": configuration, **(files or {})}
        self.subject = self.repository(files)
        return self.run_graft(self.subject, exit_code, *flags, server=server, env=env, verdict=verdict)

    def notices(self, run):
        return [event["message"] for event in run.events if event["type"] == "notice"]

    def test_a_fixer_that_is_enough_needs_no_model_and_no_key(self):
        run = self.fixing(config(format=RIGHT), 0, env={"OPENAI_API_KEY": None}, verdict="fixed")
        self.assertEqual(run.result["turns"], 0)
        self.assertEqual(self.commits(self.subject), ["Run the fixer format"])
        self.assertEqual(run.result["verification"]["commit"], run.result["commit"])
        self.assert_branch_has(self.subject, "answer.txt", "right")
        (branch,) = self.branches(self.subject)
        self.assertIn(RIGHT, self.subject.git("log", "-1", "--format=%b", branch))
        (command,) = run.items("command_execution")
        self.assertEqual((command["command"], command["exit_code"]), (RIGHT, 0))

    def test_they_run_in_order_each_with_a_commit_and_the_model_begins_behind_them(self):
        server = self.simulate(FIX, DONE)
        run = self.fixing(
            config(z="echo one > a.txt", b="cat a.txt a.txt > b.txt", c="true"), 0, server=server, verdict="fixed")
        self.assertEqual(
            self.commits(self.subject), ["Run the fixer z", "Run the fixer b", "Say what is right"], run.stdout)
        self.assert_branch_has(self.subject, "b.txt", "one\none")
        self.assertIn("the fixer c changes nothing", self.notices(run))
        # The command was run again behind them, before the model was asked.
        kinds = [event["type"] for event in run.events]
        self.assertLess(kinds.index("run.verified") if "run.verified" in kinds else 0, kinds.index("turn.completed"))

    def test_one_that_fails_is_said_and_the_next_one_runs(self):
        run = self.fixing(
            config(bad="echo x > x.txt; exit 3", gone="no-such-program", good=RIGHT), 0, env={"OPENAI_API_KEY": None},
            verdict="fixed")
        notices = "\n".join(self.notices(run))
        self.assertIn("the fixer bad fails; what it has changed is in the commit", notices)
        self.assertIn("the fixer gone fails; changes nothing", notices)
        self.assertEqual(self.commits(self.subject), ["Run the fixer bad", "Run the fixer good"])

    def test_without_a_key_the_model_is_missed_only_when_it_is_needed(self):
        run = self.fixing(config(nothing="true"), 21, env={"OPENAI_API_KEY": None}, verdict="credentials")
        self.assert_clear(run, "OPENAI_API_KEY")
        self.assertEqual(self.branches(self.subject), [])

    def test_they_can_be_left_out(self):
        server = self.simulate(FIX, DONE)
        self.fixing(config(format=RIGHT), 0, "--no-fixers", server=server, verdict="fixed")
        self.assertEqual(self.commits(self.subject), ["Say what is right"])

    def test_a_command_that_passes_needs_none(self):
        run = self.fixing(
            config(format="echo x > x.txt"), 0, verdict="already_passing", files={"answer.txt": "right\n"},
            env={"OPENAI_API_KEY": None})
        self.assertEqual(run.items("command_execution"), [])

    def test_they_are_read_from_the_base_commit_and_run_in_the_sandbox(self):
        outside = self.root / "home/outside"
        repository = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": config(out=f"touch {outside}")})
        repository.write({".graft/config.toml": config(own=RIGHT)})
        server = self.simulate(turn(message("I cannot.")), *[DONE] * 3)
        run = self.run_graft(repository, 10, "--max-turns", "9", server=server, verdict="not_fixed")
        self.assertFalse(outside.exists())
        self.assertTrue([text for text in self.notices(run) if "the fixer out" in text], self.notices(run))

    def test_sigterm_ends_a_fixer_that_does_not_want_to(self):
        line = "trap '' TERM; echo half > half.txt; while :; do sleep 1; done"
        repository = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": '[fixers]\nslow = "' + line + '"\n'})
        process = self.begin(repository, env={"OPENAI_API_KEY": None})
        process.wait_for("item.started")
        wait_until(lambda: list(self.state.glob("graft/sessions/*/tree/half.txt")), "the half of its work")
        process.signal(signal.SIGTERM)
        process.end(10)
        self.assertEqual((process.exit_code, process.result["verdict"]), (143, "terminated"))
