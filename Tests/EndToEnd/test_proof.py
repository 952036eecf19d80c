"""What a run of the command has to prove: before anything is done, on the last commit, and on those before."""

import unittest

from harness import CHECK, GraftTest
from scripted import DONE, FIX, message, patch, shell, turn

FILES = {"answer.txt": "wrong\n"}
CLAIM = turn(message("It is repaired."))


class ProofTest(GraftTest):
    def fix_with(self, code, command, *flags, turns=(FIX, DONE), files=None, **more):
        self.number = getattr(self, "number", 0) + 1
        repository = self.repository(files or FILES, name=f"repository{self.number}")
        server = self.simulate(*turns)
        run = self.run_graft(repository, code, *flags, server=server, command=command, **more)
        return run, server, repository

    def counting(self, body):
        """A command that knows how often it was run, in a folder that its sandbox may write to."""
        folder = self.root / "count"
        folder.mkdir(exist_ok=True)
        policy = self.root / "counting.toml"
        policy.write_text(f'working_tree = "write"\nwrite = ["{folder}"]\n')
        return f"echo x >> {folder}/runs; n=$(wc -l < {folder}/runs); {body}", ("--policy", str(policy))


class Confirmation(ProofTest):
    def test_a_command_that_passes_and_fails_is_flaky_and_costs_no_request(self):
        command, policy = self.counting("test $n -eq 2")
        run, server, repository = self.fix_with(14, command, "--confirm", "4", *policy, verdict="flaky")
        self.assertEqual(server.requests, [])
        self.assertEqual(run.result["confirmation"], {"passed": 1, "total": 4})
        self.assertIn("passed 1 of 4 times", run.result["message"])
        self.assertIn("--force", run.result["message"])
        self.assertEqual(self.branches(repository), [])

    def test_one_that_passes_first_and_fails_later_is_flaky_too(self):
        command, policy = self.counting("test $n -eq 1")
        run, _, _ = self.fix_with(14, command, "--confirm", "3", *policy, verdict="flaky")
        self.assertEqual(run.result["confirmation"], {"passed": 1, "total": 3})
        self.assertEqual(run.result["baseline"]["status"], "failed")

    def test_one_that_always_fails_is_repaired(self):
        run, _, _ = self.fix_with(0, CHECK, "--confirm", "3", verdict="fixed")
        self.assertEqual(run.result["confirmation"], {"passed": 0, "total": 3})

    def test_one_that_always_passes_is_left_alone(self):
        run, server, _ = self.fix_with(0, "true", "--confirm", "3", verdict="already_passing")
        self.assertEqual((run.result["confirmation"], server.requests), ({"passed": 3, "total": 3}, []))

    def test_the_model_is_asked_by_force_and_has_to_pass_as_often(self):
        command, policy = self.counting(f"test $n -eq 1 || {CHECK}")
        run, server, _ = self.fix_with(0, command, "--confirm", "3", "--force", *policy, verdict="fixed")
        self.assertIn("it passed 1 of 3 times", server.text)
        self.assertEqual(run.result["verification"]["repetitions"], {"passed": 3, "total": 3})

    def test_one_that_passes_without_a_change_is_flaky(self):
        command, policy = self.counting("test $n -ge 2")
        run, _, repository = self.fix_with(14, command, *policy, turns=(CLAIM,), verdict="flaky")
        self.assertIn("passed 1 of 2 times on the same commit", run.result["message"])
        self.assertEqual(self.branches(repository), [])


class Repetition(ProofTest):
    def test_a_repair_has_to_pass_each_time(self):
        command, policy = self.counting(f"{CHECK} && test $n -ne 4")
        turns = (FIX, DONE, DONE, DONE, DONE)
        run, server, _ = self.fix_with(14, command, "--repeat", "5", *policy, turns=turns, verdict="flaky")
        self.assertIn("It passed 2 of 3 times on the same commit", server.text)
        self.assertEqual(run.result["verification"]["repetitions"], {"passed": 2, "total": 3})

    def test_one_that_does_is_proved(self):
        run, _, _ = self.fix_with(0, CHECK, "--repeat", "4", verdict="fixed")
        self.assertEqual(run.result["verification"]["repetitions"], {"passed": 4, "total": 4})

    def test_numbers_that_make_no_sense_are_refused(self):
        for flag, value in (("--repeat", "0"), ("--confirm", "-1"), ("--confirm", "1001"), ("--repeat", "x")):
            with self.subTest(flag=flag, value=value):
                run = self.start("fix", flag, value, "--", "true")
                run.end()
                self.assertEqual(run.exit_code, 64)
                self.assertIn(flag, run.stderr)


class EachCommit(ProofTest):
    BREAK = turn(patch("other.txt", "@@\n-fine\n+broken\n"))
    MEND = turn(patch("other.txt", "@@\n-broken\n+fine\n"), patch())
    COMMAND = f"grep -q fine other.txt && {CHECK}"
    BOTH = {**FILES, "other.txt": "fine\n"}

    def test_a_series_with_a_broken_commit_is_no_proof(self):
        turns = (self.BREAK, self.MEND, DONE, DONE)
        run, server, _ = self.fix_with(
            13, self.COMMAND, "--verify-each", "--no-series", turns=turns, files=self.BOTH, verdict="needs_review")
        doubts = run.result["verification"]["doubts"]
        self.assertEqual([doubt["kind"] for doubt in doubts], ["broken_commit"])
        self.assertIn("of the series", server.text)
        self.assertEqual([commit["passed"] for commit in run.result["verification"]["earlier"]], [False])

    def test_without_the_flag_only_the_last_one_counts(self):
        turns = (self.BREAK, self.MEND, DONE)
        run, _, _ = self.fix_with(0, self.COMMAND, "--no-series", turns=turns, files=self.BOTH, verdict="fixed")
        self.assertNotIn("earlier", run.result["verification"])

    def test_a_series_whose_commits_all_pass_is_proved(self):
        more = turn(patch("other.txt", "@@\n-fine\n+fine, too\n"))
        run, _, _ = self.fix_with(
            0, self.COMMAND, "--verify-each", "--no-series", turns=(FIX, more, DONE), files=self.BOTH, verdict="fixed")
        self.assertEqual([commit["passed"] for commit in run.result["verification"]["earlier"]], [True])


class Surroundings(ProofTest):
    def assert_lacking(self, files, command, *words, **more):
        run, server, _ = self.fix_with(15, command, files=files, verdict="infrastructure", **more)
        for word in (*words, "--force"):
            self.assertIn(word, run.result["message"])
        self.assertEqual(server.requests, [])

    def test_what_is_lacking_is_named_and_how_to_give_it(self):
        test = {"test_a.py": "import nosuchpackage\n\ndef test_a(): pass\n"}
        self.assert_lacking(test, "python3 -B test_a.py", "Python module 'nosuchpackage'", "pip install")
        self.assert_lacking({"go.sh": "nosuchtool --all\n"}, "bash go.sh", "'nosuchtool'", "install")
        self.assert_lacking({"go.sh": "nosuchtool\n"}, "sh go.sh", "'nosuchtool'")
        self.assert_lacking({"go.sh": "#!/usr/bin/env nosuchshell\n"}, "chmod +x go.sh; ./go.sh", "'nosuchshell'")

    def test_a_network_that_is_not_there(self):
        fetch = "import urllib.request\nurllib.request.urlopen('http://packages.example.org/a')\n"
        self.assert_lacking({"a.py": fetch}, "python3 a.py", "network", "--policy network")

    def test_a_full_disk(self):
        self.assert_lacking(FILES, "head -c 1 /dev/zero > /dev/full || { echo 'write: No space left on device'; exit 1; }",
                            "no space left")

    def test_the_model_is_asked_by_force(self):
        files = {**FILES, "go.sh": f"{CHECK} || nosuchtool\n"}
        run, server, _ = self.fix_with(0, "bash go.sh", "--force", files=files, verdict="fixed")
        self.assertTrue(server.requests)

    def test_what_the_files_are_to_blame_for_goes_to_the_model(self):
        for name, files in {
            "a module that a test asks for": {"test_calc.py": "import calc\n"},
            "a misspelt module of the repository": {"helpers.py": "", "a.py": "import helprs\n"},
            "a misspelt module of Python's own": {"a.py": "import jsno\n"},
            "a submodule": {"pkg/__init__.py": "", "a.py": "import pkg.part\n"},
            "a header of the repository": {"src/list.h": "", "a.py": "raise SystemExit('a.c:1:1: fatal error: "
                                           "list.h: No such file or directory')\n"},
            "a test's own words": {"a.py": "print('the log said: No module named x'); raise SystemExit(1)\n"},
        }.items():
            with self.subTest(name):
                files = {**FILES, **files}
                program = "test_calc.py" if "test_calc.py" in files else "a.py"
                command = f"python3 -B {program} && {CHECK} || {CHECK}"
                run, server, _ = self.fix_with(0, command, files=files, verdict="fixed")
                self.assertTrue(server.requests)


if __name__ == "__main__":
    unittest.main()
