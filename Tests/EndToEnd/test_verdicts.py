"""The verdicts of `fix` and `run`, and what leads to them."""

import json
import os
import subprocess
import sys
from pathlib import Path

from harness import CHECK, GraftTest, Repository, Simulator, needs_namespaces, wait_until
from scripted import DONE, FIX, message, patch, shell, turn

FIXTURES = Path(__file__).resolve().parents[1] / "Fixtures"
NOT_YET = turn(patch(diff="@@\n-wrong\n+almost\n"))


class Fixing(GraftTest):
    def test_the_turns_are_limited(self):
        repository, server = self.repository(), self.simulate(*[turn(shell("true"))] * 9)
        run = self.run_graft(repository, 12, "--max-turns", "3", server=server, verdict="budget")
        self.assertEqual(len(server.requests), 3)
        self.assert_clear(run, "--max-turns")
        self.assertEqual(self.branches(repository), [])

    def test_the_tokens_are_limited(self):
        usage = {"input_tokens": 1000, "output_tokens": 50, "total_tokens": 1050}
        repository, server = self.repository(), self.simulate(*[turn(shell("true"), usage=usage)] * 9)
        run = self.run_graft(repository, 12, "--max-tokens", "2000", server=server, verdict="budget")
        self.assertEqual(len(server.requests), 2)
        self.assertEqual(run.result["usage"]["input_tokens"], 2000)
        self.assert_clear(run, "--max-tokens")

    def test_the_time_is_limited_while_the_model_thinks(self):
        repository, server = self.repository(), self.simulate(NOT_YET, turn(shell("true"), delay_ms=600_000))
        self.run_graft(repository, 12, "--max-time", "5s", server=server, verdict="budget")
        self.assert_branch_has(repository, "answer.txt", "almost")

    def ended_early(self, code, *turns, flags=(), name="repository", verdict):
        repository, server = self.repository(name=name), self.simulate(*turns)
        run = self.run_graft(repository, code, *flags, server=server, verdict=verdict)
        self.assertEqual(run.result["verification"]["commit"], run.result["commit"])
        self.assertEqual(run.result["verification"]["exit_code"] == 0, code == 0)
        self.assertTrue([e for e in run.events if "verifying what is committed" in e.get("message", "")], run.stdout)
        return run

    def test_right_work_is_verified_however_the_run_ends(self):
        quota = {"error": {"status": 429, "code": "insufficient_quota", "message": "No money left."}}
        long = {"error": {"status": 400, "code": "context_length_exceeded", "message": "Too long."}}
        cut = turn(message("Do"), terminal="incomplete", incomplete_reason="content_filter")
        for name, last, flags, words in (
            ("turns", DONE, ("--max-turns", "1"), "--max-turns"),
            ("time", turn(shell("true"), delay_ms=600_000), ("--max-time", "6s"), "--max-time"),
            ("quota", quota, (), "No money left"),
            ("context", long, (), "does not fit"),
            ("filter", cut, (), "content filter"),
        ):
            with self.subTest(name):
                run = self.ended_early(0, FIX, last, flags=flags, name=name, verdict="fixed")
                self.assertIn(words, run.result["message"])
                self.assertIn("the run ended early", run.result["message"])

    def test_wrong_work_is_verified_and_changes_no_verdict(self):
        quota = {"error": {"status": 429, "code": "insufficient_quota", "message": "No money left."}}
        run = self.ended_early(20, NOT_YET, quota, verdict="provider")
        self.assertIn("the command fails on what was committed so far", run.result["message"])

    def test_a_task_that_ends_early_is_verified(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        flags = ("--verify", CHECK, "--max-turns", "1")
        self.run_graft(repository, 0, *flags, server=server, task="Make it right.", verdict="fixed")

    def test_an_unknown_key_of_the_configuration_is_refused(self):
        (self.root / "config/graft").mkdir()
        (self.root / "config/graft/config.toml").write_text("max_turn = 3\n")
        run = self.run_graft(self.repository(), 64, verdict="usage")
        self.assert_clear(run, "max_turn", "config.toml")

    def test_wrong_arguments_are_a_usage_error(self):
        repository = self.repository()
        place = ("--repo", repository.path)
        for arguments in (
            ("fix", *place), ("fix", *place, "--", ""), ("fix", *place, "--max-turns", "0", "--", "true"),
            ("fix", *place, "--max-time", "soon", "--", "true"), ("fix", *place, "--no-such-flag", "--", "true"),
            ("run", *place, "  "), ("run", *place), ("ask",), ("simulate",), ("no-such-command",),
        ):
            with self.subTest(arguments=arguments[0] + " " + " ".join(map(str, arguments[3:]))):
                run = self.start(*arguments).end()
                self.assertEqual(run.exit_code, 64, run.stderr)
                self.assertTrue(run.stderr)


class NotStarted(GraftTest):
    """Deciding commands that cannot be started: nobody is asked, and nothing stays."""

    FILES = {"answer.txt": "wrong\n", "plain.sh": "exit 1\n", ".gitignore": "node_modules/\n"}

    def refused(self, command, *words, task=None, **more):
        repository, server = self.repository(self.FILES, **more), self.simulate(FIX, DONE)
        repository.write({"node_modules/a/index.js": "", "lib/node_modules/b/index.js": ""})
        flags = ("--verify", command) if task else ()
        run = self.run_graft(repository, 64, *flags, server=server, command=command, task=task, verdict="usage")
        self.assert_clear(run, "cannot be started", *words)
        self.assertEqual(server.requests, [])
        self.assertEqual(repository.git("for-each-ref", "refs/heads/graft", "refs/graft"), "")
        self.assertFalse([event for event in run.events if event["type"] == "notice"], run.stdout)

    @needs_namespaces
    def test_a_program_that_is_not_there_ends_the_run_and_leaves_nothing(self):
        for index in range(6):
            self.refused(["pytst", "tests/"], "pytst", name=f"repository{index}")

    @needs_namespaces
    def test_a_line_whose_program_is_not_there_ends_the_run(self):
        for index, line in enumerate(("pytst tests/", "cd . && pytst", "env pytst", "timeout 9 pytst")):
            self.refused(line, "pytst", name=f"repository{index}")

    @needs_namespaces
    def test_a_script_that_is_not_there_ends_the_run(self):
        self.refused("./missing.sh", "./missing.sh")

    @needs_namespaces
    def test_a_script_that_cannot_be_run_ends_the_run(self):
        self.refused("./plain.sh", "./plain.sh", "Permission denied", name="one")
        self.refused(["./plain.sh"], "./plain.sh", name="two")

    @needs_namespaces
    def test_a_task_whose_proof_cannot_start_is_not_begun(self):
        self.refused("pytst tests/", "pytst", task="Make it right.")

    def test_a_script_in_which_something_is_missing_is_started(self):
        script = f"#!/bin/sh\n{CHECK} || nosuchprogram\n"
        repository, server = self.repository({"answer.txt": "wrong\n", "test.sh": script}), self.simulate(FIX, DONE)
        (repository.path / "test.sh").chmod(0o755)
        repository.git("commit", "-qam", "Make it a program")
        run = self.run_graft(repository, 15, server=server, command="./test.sh", verdict="infrastructure")
        self.assertEqual((run.result["baseline"]["exit_code"], server.requests), (127, []))
        run = self.run_graft(repository, 0, "--force", server=server, command="./test.sh", verdict="fixed")
        self.assertEqual(run.result["baseline"]["exit_code"], 127)

    def test_a_proof_that_the_model_is_to_write_is_waited_for(self):
        script = turn(shell(f"printf '#!/bin/sh\\n{CHECK}\\n' > check.sh; chmod +x check.sh"), patch())
        repository, server = self.repository(), self.simulate(script, DONE)
        self.run_graft(repository, 0, "--verify", "./check.sh", server=server, task="Write it.", verdict="fixed")


class Running(GraftTest):
    def test_a_task_with_a_command_that_proves_it_is_fixed(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        task = "Make the answer right."
        run = self.run_graft(repository, 0, "--verify", CHECK, server=server, task=task, verdict="fixed")
        self.assertIn(task, server.text)
        self.assertEqual(run.result["verification"]["exit_code"], 0)
        self.assert_branch_has(repository, "answer.txt", "right")

    def test_a_task_without_a_command_is_unverified(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        run = self.run_graft(repository, 11, server=server, task="Make the answer right.", verdict="unverified")
        self.assert_clear(run, "--verify")
        self.assert_branch_has(repository, "answer.txt", "right")

    def test_a_task_whose_command_fails_is_not_fixed(self):
        repository, server = self.repository(), self.simulate(*[DONE] * 9)
        run = self.run_graft(repository, 10, "--verify", CHECK, server=server, task="Try.", verdict="not_fixed")
        self.assertEqual(run.result["verification"]["exit_code"], 1)

    def test_a_task_comes_from_standard_input(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        words = self.root / "words"
        words.write_text("Make it right, ünd gut.\n")
        with open(words, "rb") as stdin:
            self.run_graft(repository, 0, "--verify", CHECK, server=server, task="-", stdin=stdin)
        self.assertIn("Make it right, ünd gut.", json.dumps(server.requests, ensure_ascii=False))


class Asking(GraftTest):
    ANSWER = "Because it is so, ünd nicht anders. " * 20

    def ask(self, *arguments, code=0, server=None, **more):
        self.server = server or self.simulate(turn(message(self.ANSWER), delta_bytes=7))
        run = self.start("ask", *arguments, server=self.server, **more).end()
        self.assertEqual(run.exit_code, code, run.stderr)
        return run

    def test_an_answer_is_streamed_over_http(self):
        run = self.ask("Why?")
        self.assertEqual(run.stdout, self.ANSWER + "\n")
        self.assertEqual(run.stderr, "")
        (request,) = self.server.lines("request")
        self.assertEqual((request["transport"], request["method"]), ("http", "POST"))
        self.assertTrue(request["body"]["stream"])
        self.assertEqual(list(self.state.iterdir()), [], "a question leaves no session")

    def test_an_answer_is_shown_before_it_is_complete(self):
        delta = {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "content_index": 0}
        server = self.simulate({"raw_events": [{**delta, "delta": "Bec"}]})
        process = self.start("ask", "Why?", server=server)
        wait_until(lambda: process.stdout.startswith("Bec"), "the first words")

    def test_a_question_is_read_from_standard_input(self):
        words = self.root / "words"
        words.write_text("Why is it so?\n")
        with open(words, "rb") as stdin:
            self.ask("-", stdin=stdin)
        self.assertIn("Why is it so?", self.server.text)

    def test_an_open_standard_input_is_not_waited_for(self):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)
        self.ask("Why?", stdin=read)

    def test_a_question_that_cannot_be_asked_says_why(self):
        quota = {"status": 429, "code": "insufficient_quota", "message": "No money left."}
        run = self.ask("Why?", code=20, server=self.simulate({"error": quota}))
        self.assert_clear(run, "No money left")
        run = self.ask("Why?", code=21, env={"OPENAI_API_KEY": None})
        self.assert_clear(run, "OPENAI_API_KEY")

    def test_an_answer_that_is_cut_short_is_told_of(self):
        run = self.ask("Why?", code=20, server=self.simulate(turn(message("Bec"), terminal="incomplete")))
        self.assert_clear(run, "cut short")

    def test_an_answer_that_breaks_off_is_told_of_and_begun_on_a_new_line(self):
        broken = turn(message("Because."), drop_after_events=6)
        run = self.ask("Why?", server=self.simulate(broken))
        self.assertEqual(run.stdout.splitlines()[-1], "Because.")
        self.assertEqual(len(run.stdout.splitlines()), 2)
        self.assertIn("trying again", run.stderr)


class Doctor(GraftTest):
    def test_a_healthy_machine_is_told_so(self):
        server = self.simulate(DONE)
        run = self.start("doctor", "--online", server=server).end()
        self.assertEqual(run.exit_code, 0, run.stdout)
        self.assertNotIn("sk-test", run.stdout)

    def test_a_missing_key_is_told_of(self):
        run = self.start("doctor", env={"OPENAI_API_KEY": None}).end()
        self.assertEqual(run.exit_code, 1)
        self.assertIn("OPENAI_API_KEY", run.stdout)


class View(GraftTest):
    """What a person sees, without a terminal."""

    def test_the_view_tells_the_story_in_plain_text(self):
        run, repository, _ = self.fix(0, turn(shell("cat answer.txt")), FIX, DONE, json_view=False)
        (branch,) = self.branches(repository)
        self.assertNotIn("\x1b", run.stdout)
        story = [
            "grep -q right", "✗ before: exit 1", "$ cat answer.txt", "wrong", "Say what is right.", "M answer.txt",
            "-wrong", "+right", "commit ", "Done.", "✓ verified", "✓ fixed", "graft review accept --all", f"git merge {branch}",
        ]
        place = 0
        for words in story:
            self.assertIn(words, run.stdout[place:])
            place = run.stdout.index(words, place)

    def test_a_streamed_message_is_shown_once(self):
        text = "I look at the file first, then at the other one."
        look = turn(message(text, "commentary"), shell("true"), delta_bytes=5)
        run, _, _ = self.fix(0, look, FIX, DONE, json_view=False)
        self.assertEqual(run.stdout.count(text), 1)


class Libraries(GraftTest):
    """Published libraries with real bugs; their sources come from the package index."""

    def repaired(self, name):
        folder = self.root / "library"
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        made = subprocess.run(
            [sys.executable, FIXTURES / "make-library", name, folder], capture_output=True, timeout=120, check=False,
            env={**os.environ, "XDG_CACHE_HOME": cache},
        )
        self.assertEqual(made.returncode, 0, made.stderr.decode())
        repository = Repository.__new__(Repository)
        repository.path, repository.world = folder / "repository", self.world
        server = Simulator(json.loads((folder / "scenario.json").read_text()), self.root / "library-server", self.world)
        self.addCleanup(server.stop)
        command = (folder / "command").read_text().strip()
        self.run_graft(repository, 0, server=server, command=command, verdict="fixed")
        self.assertEqual(server.violations, [])
        (branch,) = self.branches(repository)
        tree = repository.git("rev-parse", f"{branch}^{{tree}}")
        self.assertEqual(tree, (folder / "expected-tree").read_text().strip())
        return self.commits(repository)

    def test_markdown_is_repaired_to_the_last_byte(self):
        self.repaired("markdown")

    def test_cachetools_is_repaired_to_the_last_byte(self):
        subjects = self.repaired("cachetools")
        self.assertEqual([subject.split()[-4] for subject in subjects], ["wrappers", "keys"], "the steps are ordered")


class Help(GraftTest):
    def assert_golden(self, name, *arguments):
        run = self.start(*arguments, env={"COLUMNS": "80"}).end()
        self.assertEqual(run.exit_code, 0, run.stderr)
        file = Path(__file__).parent / "golden" / name
        if os.environ.get("UPDATE_GOLDEN"):
            file.write_text(run.stdout)
        self.assertEqual(run.stdout, file.read_text(), "UPDATE_GOLDEN=1 takes the new text")

    def test_the_help_is_as_written(self):
        self.assert_golden("help.txt", "--help")

    def test_the_help_of_fix_is_as_written(self):
        self.assert_golden("help-fix.txt", "fix", "--help")
