"""What a wrong command line is told: one form, one exit code, and an object where JSON was asked for."""

import json
import os
import pwd
import unittest

from harness import GraftTest


class UsageTest(GraftTest):
    def refuse(self, *words, exit_code=64, **more):
        """Runs the command; it must end with that code and begin what it says with `graft: `."""
        run = self.start(*words, **more).end()
        self.assertEqual(run.exit_code, exit_code, f"{words}: {run.stdout}{run.stderr}")
        self.assertRegex(run.stderr, r"^graft: [^\n]+\n", words)
        self.assertNotIn("Error:", run.stderr)
        return run

    def test_a_slip_in_the_name_of_a_command_is_recognised(self):
        for words, meant in (
            (["fux", "--", "true"], "fix?"), (["aply"], "apply?"), (["docter"], "doctor?"), (["sesions"], "sessions?"),
            (["help", "reveiw"], "review?"), (["Fix", "--", "true"], "fix?"),
        ):
            run = self.refuse(*words)
            self.assertIn(f"there is no command '{words[words[0] == 'help']}'; did you mean {meant}", run.stderr)
        self.assertNotIn("did you mean", self.refuse("zzzzz").stderr)
        repository = self.repository()
        for word, meant in (("shwo", "show"), ("lst", "list"), ("acept", "accept")):
            run = self.refuse("review", word, "--repo", repository.path)
            self.assertIn(f"did you mean graft review {meant}?", run.stderr)
        self.assertNotIn("did you mean", self.refuse("review", "20260101-0000-aaaa", "--repo", repository.path).stderr)

    def test_help_is_help(self):
        for words in (["--help"], ["help"], ["help", "fix"], ["fix", "--help"], ["help", "review", "show"], ["--version"]):
            run = self.start(*words).end()
            self.assertEqual((run.exit_code, run.stderr), (0, ""), words)
            self.assertNotEqual(run.stdout, "")
        self.assertRegex(self.start("--version").end().stdout, r"^graft \d+\.\d+\.\d+( \([0-9a-f]{10,}\+?, \d{4}-\d\d-\d\d\))?\n$")

    def test_the_usage_stands_where_it_helps(self):
        for words in (["fix", "make"], ["fix", "--bogus", "--", "true"], ["run"], ["review", "accept"], ["simulate"]):
            self.assertIn("Usage: graft", self.refuse(*words).stderr)
        missing = str(self.root / "missing")
        for words in (
            ["apply", missing], ["simulate", missing], ["sandbox", "--policy", missing, "--", "true"],
            ["fix", "--policy", missing, "--", "true"], ["fix", "--result", missing + "/x", "--", "true"],
            ["ask", " "], ["sessions", "--repo", "/"], ["clean", "--repo", "/"], ["review", "--repo", "/"],
            ["fix", "--repo", "/", "--", "true"],
        ):
            run = self.refuse(*words)
            self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
            self.assertNotIn("usage", run.stderr)

    def test_what_was_meant_is_said(self):
        for words, meant in (
            (["fix", "make", "test"], "graft fix -- make test"), (["fix", "make", "--", "test"], "graft fix -- make test"),
            (["fix", "--max-turns", "3", "make test"], "graft fix --max-turns 3 -- 'make test'"),
            (["fix", "ls", "-l"], "graft fix -- ls -l"), (["sandbox", "ls", "-l"], "graft sandbox -- ls -l"),
            (["fix", "make", "--max-time", "3s"], "graft fix --max-time 3s -- make"),
            (["fix the bug"], "graft run 'fix the bug'"), (["run", "add", "a", "flag"], "graft run 'add a flag'"),
            (["run", "add", "it", "--verify", "true"], "graft run --verify true 'add it'"),
            (["ask", "what", "is", "x?"], "graft ask 'what is x?'"),
        ):
            self.assertIn(f"did you mean: {meant}\n", self.refuse(*words).stderr)
        for words in (["fix"], ["run", "--bogus", "x"], ["fix", "--bogus", "--", "x"], ["run"]):
            self.assertNotIn("did you mean", self.refuse(*words).stderr)

    def test_options_behind_a_quoted_command_are_pointed_out(self):
        for words, line in (
            (["fix", "--", "make test", "--max-turns", "1"], "graft fix --max-turns 1 -- 'make test'"),
            (["sandbox", "--", "ls -l", "--verbose"], "graft sandbox --verbose -- 'ls -l'"),
            (["review", "verify", "--", "make test", "--each"], "graft review verify --each -- 'make test'"),
        ):
            self.assertIn(f"options of Graft go before --: {line}\n", self.refuse(*words).stderr)
        program = self.root / "a program"
        program.write_text("#!/bin/sh\nexit 7\n")
        program.chmod(0o755)
        self.assertEqual(self.start("sandbox", "--tree", self.root, "--", program, "x").end().exit_code, 7)
        repository = self.repository()
        run = self.start("fix", "--repo", repository.path, "--", "true", "--max-turns", "1").end()
        self.assertIn("graft: --max-turns behind -- belongs to the command; options of Graft go before --", run.stderr)
        self.assertEqual(run.exit_code, 0)

    def test_a_scenario_that_cannot_be_played_is_named(self):
        file = self.root / "scenario.json"
        file.write_text("{")
        self.assertIn(str(file), self.refuse("simulate", file).stderr)

    def test_what_asks_for_json_gets_json(self):
        for words in (["fix", "--json"], ["run", "--json", "--max-turns", "x", "t"], ["fix", "--json", "--effort", "", "--", "a"]):
            event = json.loads(self.refuse(*words).stdout)
            self.assertEqual((event["type"], event["verdict"], event["exit_code"]), ("run.finished", "usage", 64))
        for words in (
            ["review", "accept", "--json"], ["review", "--json", "--bogus"], ["review", "--json", "shwo", "--repo", "/"],
            ["sessions", "--json", "--bogus"], ["sessions", "--json", "--repo", "/"], ["clean", "--json", "--older-than", "x"],
        ):
            run = self.refuse(*words)
            error = json.loads(run.stdout)["error"]
            self.assertEqual(error["code"], "usage")
            self.assertIn(error["message"], run.stderr)
        self.assertEqual(self.refuse("fix", "--bogus", "--", "--json").stdout, "")

    def test_values_that_no_model_takes_are_refused_before_anything_is_done(self):
        for flag, value, known in (
            ("--effort", "", "none, minimal, low, medium, high, xhigh, max"), ("--verbosity", " ", "low, medium, high"),
            ("--model", "", "empty"), ("--model", " ", "empty"),
        ):
            for command in (["fix", "--", "true"], ["run", "task"], ["ask", "question"], ["doctor"]):
                run = self.refuse(command[0], flag, value, *command[1:])
                self.assertIn(flag, run.stderr)
                self.assertIn(known, run.stderr)
        repository = self.repository()
        for words in (["ask", "question"], ["fix", "--repo", repository.path, "--", "true"]):
            self.assertIn(
                'gpt-5.5 does not take the effort "max"', self.refuse(*words, env={"GRAFT_EFFORT": "max"}).stderr)
        (self.root / "config/graft").mkdir()
        (self.root / "config/graft/config.toml").write_text('verbosity = ""\n')
        self.assertIn('the verbosity is empty', self.refuse("ask", "question").stderr)

    def test_without_a_home_folder_the_one_of_the_user_is_taken(self):
        home = pwd.getpwuid(os.getuid()).pw_dir
        for value in ("", "relative", None):
            run = self.refuse("clean", "-n", "--session", "none", env={"HOME": value, "XDG_STATE_HOME": None})
            self.assertIn(f'"none" in {home}/.local/state/graft/sessions', run.stderr)

    def test_versions_are_numbers(self):
        run = self.start("doctor").end()
        for library in ("libgit2", "libwebsockets", "libcurl"):
            self.assertRegex(run.stdout, rf"(?m)^. {library} +[0-9]+(\.[0-9]+)+$")

    def test_the_sandbox_offers_only_what_is_one(self):
        text = self.start("sandbox", "--help").end().stdout
        self.assertNotIn("external", text)
        self.assertEqual(text.count("(default: .)"), 1)
        for rung in ("off", "external", "x"):
            self.assertIn("give namespaces, bubblewrap, landlock", self.refuse("sandbox", "--rung", rung, "--", "true").stderr)


if __name__ == "__main__":
    unittest.main()
