"""What graft does with commands that misbehave, and what commands may see."""

import json
import os
import sys
from pathlib import Path

from harness import CHECK, GraftTest, KEY, needs_namespaces
from scripted import DONE, FIX, message, patch, shell, turn

HUGE = "head -c 100000000 /dev/zero | tr '\\0' x"


class Deciding(GraftTest):
    """The command behind `--`."""

    def test_a_command_that_passes_needs_no_model(self):
        run = self.run_graft(self.repository({"answer.txt": "right\n"}), 0, verdict="already_passing")
        self.assertEqual(run.result["turns"], 0)

    def test_a_program_that_a_test_of_a_line_misses_is_a_failure_like_any_other(self):
        make = turn(patch("no-such-tool", "+true\n", "create_file"), shell("chmod +x no-such-tool"))
        repository, server = self.repository(), self.simulate(make, DONE)
        self.run_graft(repository, 0, "--allow-changes-to", "no-such-tool", server=server,
                       command="test -x no-such-tool && ./no-such-tool")

    def test_a_program_that_does_not_exist_is_a_usage_error_in_an_argv(self):
        run = self.run_graft(self.repository(), 64, command=["no-such-program", "--flag"], verdict="usage")
        self.assert_clear(run, "no-such-program", "cannot be started")

    def test_an_argv_is_run_without_a_shell(self):
        self.fix(0, FIX, DONE, command=["grep", "-q", "right", "answer.txt"])

    def test_a_command_that_prints_100_megabytes_is_cut(self):
        run, _, server = self.fix(0, FIX, DONE, command=f"{HUGE}; echo; echo last words; {CHECK}")
        self.assertEqual(run.result["baseline"]["output_bytes"], 100_000_012)
        self.assertLess(run.usage.ru_maxrss, 100_000, "kilobytes")
        self.assertLess(len(json.dumps(server.requests)), 100_000)
        self.assertIn("last words", json.dumps(server.requests))

    def test_a_command_that_prints_no_text_is_readable(self):
        run, _, server = self.fix(0, FIX, DONE, command=f"printf 'a\\377\\000\\033[31mb\\n'; {CHECK}")
        self.assertIn("b", run.result["baseline"]["aggregated_output"])
        self.assertEqual(server.violations, [])

    def test_a_command_that_reads_stdin_meets_its_end(self):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        self.addCleanup(os.close, write)
        self.fix(0, FIX, DONE, command=f"cat; {CHECK}", stdin=read)

    def test_a_command_that_never_ends_is_stopped_in_time(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        command = f"{CHECK} || sleep 86399"
        run = self.run_graft(repository, 0, "--command-timeout", "1s", server=server, command=command)
        self.assertIn("timed out after 1 s", run.result["baseline"]["ending"])

    def test_a_command_that_ignores_signals_is_stopped_in_time(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        command = f"trap '' TERM INT HUP; {CHECK} || sleep 86398"
        self.run_graft(repository, 0, "--command-timeout", "1s", server=server, command=command)

    def test_the_time_of_the_run_ends_a_command(self):
        run = self.run_graft(self.repository(), 12, "--max-time", "1s", command="sleep 86397", verdict="budget")
        self.assert_clear(run, "--max-time")


class Calls(GraftTest):
    """The commands of the model."""

    def test_a_call_that_prints_100_megabytes_is_cut(self):
        run, _, server = self.fix(0, turn(shell(f"{HUGE}; {HUGE} >&2"), patch()), DONE)
        self.assertEqual(run.items("command_execution")[0]["output_bytes"], 200_000_000)
        self.assertLess(run.usage.ru_maxrss, 100_000, "kilobytes")
        self.assertLess(len(json.dumps(server.requests)), 100_000)
        kept = sum(file.stat().st_size for file in self.state.glob("graft/sessions/*/output/*"))
        self.assertGreaterEqual(kept, 200_000_000, "the whole output is kept")

    def test_a_call_that_prints_no_text_is_answered(self):
        end = turn(message("Done."), expect={"outputs": [[0], "completed"]})
        _, _, server = self.fix(0, turn(shell("head -c 3000 /dev/urandom"), patch()), end)
        self.assertEqual(server.violations, [])

    def test_a_call_that_reads_stdin_meets_its_end(self):
        end = turn(message("Done."), expect={"outputs": [[0, 1], "completed"]})
        _, _, server = self.fix(0, turn(shell("cat", "read x"), patch()), end)
        self.assertEqual(server.violations, [])

    def test_a_command_that_does_not_exist_is_answered_with_127(self):
        end = turn(message("Done."), expect={"outputs": [[127], "completed"]})
        _, _, server = self.fix(0, turn(shell("no-such-program"), patch()), end)
        self.assertEqual(server.violations, [])

    def test_a_call_that_never_ends_is_stopped_by_its_own_limit(self):
        end = turn(message("Done."), expect={"outputs": [[None, 0], "completed"]})
        _, _, server = self.fix(0, turn(shell("sleep 86396", "true", timeout_ms=300), patch()), end)
        self.assertEqual(server.violations, [])

    def test_a_call_gets_no_more_time_than_the_command_that_decides(self):
        end = turn(message("Done."), expect={"outputs": ["timeout", "completed"]})
        repository, server = self.repository(), self.simulate(turn(shell("sleep 86395"), patch()), end)
        self.run_graft(repository, 0, "--command-timeout", "1s", server=server)
        self.assertEqual(server.violations, [])

    def test_a_child_left_behind_is_stopped(self):
        leave = shell("setsid nohup sleep 86394 >/dev/null 2>&1 &", "sleep 86394 &", "(sleep 86394 &)")
        run, _, _ = self.fix(0, turn(leave, patch()), DONE)
        self.assertLess(run.seconds, 30)

    def test_a_limit_of_output_is_echoed(self):
        _, _, server = self.fix(0, turn(shell("seq 10000", max_output_length=500), patch()), DONE)
        (output,) = [item for item in server.requests[1]["input"] if item["type"] == "shell_call_output"]
        self.assertEqual(output["max_output_length"], 500)
        self.assertLess(len(output["output"][0]["stdout"]), 800)

    @needs_namespaces
    def test_the_tree_is_writable_and_the_rest_is_not(self):
        (self.root / "home/.ssh").mkdir()
        (self.root / "home/.ssh/id").write_text("private words\n")
        repository = self.repository()
        lines = [
            "echo x > in-the-tree && rm in-the-tree", "echo x > /usr/escaped", "echo x >> .git",
            f"cat {self.root}/home/.ssh/id", f"ls {self.state}/graft/sessions/*/journal.jsonl",
            # These folders lie below a temporary folder, of which the sandbox has its own.
            f"echo x > {repository.path}/escaped", f"mkdir -p {self.root}/home; echo x > {self.root}/home/escaped",
        ]
        server = self.simulate(turn(shell(*lines), patch()), DONE)
        run = self.run_graft(repository, 0, server=server)
        codes = [item["exit_code"] for item in run.items("command_execution")]
        self.assertEqual([code == 0 for code in codes[:5]], [True, False, False, False, False])
        self.assertNotIn("private words", server.text)
        self.assertEqual(list(self.root.rglob("escaped")), [])

    @needs_namespaces
    def test_there_is_no_network_and_loopback_is_up(self):
        talk = (
            "python3 -c \"import socket; s = socket.create_server(('127.0.0.1', 0)); "
            "socket.create_connection(s.getsockname()); print('loopback')\""
        )
        server = self.simulate()
        reach = f"python3 -c \"import socket; socket.create_connection(('127.0.0.1', {server.port}), 2)\""
        server.stop()
        server = self.simulate(turn(shell(talk, reach), patch()), DONE)
        run = self.run_graft(self.repository(), 0, server=server)
        self.assertEqual([item["exit_code"] for item in run.items("command_execution")], [0, 1])

    def test_the_key_is_never_visible(self):
        look = "env; cat /proc/*/environ /proc/*/cmdline /proc/self/mountinfo 2>/dev/null | tr '\\0' '\\n'; true"
        repository, server = self.repository(), self.simulate(turn(shell(look), patch()), DONE)
        secrets = {"GITHUB_TOKEN": "ghp_very_secret", "AWS_SECRET_ACCESS_KEY": "aws_very_secret"}
        command = f"{look}; {CHECK}"
        for flags in ((), ("--sandbox", "off")):
            with self.subTest(flags):
                self.setUp()
                repository, server = self.repository(), self.simulate(turn(shell("env"), patch()), DONE)
                self.run_graft(repository, 0, *flags, server=server, command="env; " + CHECK, env=secrets)
                self.assert_no_secret(server, secrets)
        self.setUp()
        repository, server = self.repository(), self.simulate(turn(shell(look), patch()), DONE)
        self.run_graft(repository, 0, server=server, command=command, env=secrets)
        self.assert_no_secret(server, secrets)

    def assert_no_secret(self, server, secrets):
        kept = b"".join(file.read_bytes() for file in self.state.rglob("*") if file.is_file())
        for secret in (KEY, *secrets.values()):
            self.assertNotIn(secret, server.text)
            self.assertNotIn(secret.encode(), kept)


class Sandboxes(GraftTest):
    def forbid(self, *names):
        return [sys.executable, Path(__file__).parent / "forbid.py", *names, "--"]

    def test_without_a_sandbox_nothing_is_run(self):
        repository = self.repository()
        marker = self.root / "marker"
        run = self.run_graft(
            repository, 22, command=f"touch {marker}", verdict="sandbox", prefix=self.forbid("unshare", "landlock")
        )
        self.assert_clear(run, "--sandbox external")
        self.assertFalse(marker.exists())
        self.assertEqual(self.branches(repository), [])

    def sandbox_of(self, *flags, **more):
        """What a successful run says of its sandbox."""
        repository, server = self.repository(), self.simulate(FIX, DONE)
        run = self.run_graft(repository, 0, *flags, server=server, **more)
        (start,) = [event for event in run.events if event["type"] == "run.started"]
        return start["sandbox"]

    def test_without_namespaces_a_run_works_with_landlock(self):
        self.assertIn("Landlock and a system call filter alone", self.sandbox_of(prefix=self.forbid("unshare")))

    def test_a_person_may_say_that_the_outside_is_the_sandbox(self):
        prefix = self.forbid("unshare", "landlock")
        self.assertIn("world around", self.sandbox_of("--sandbox", "external", prefix=prefix))

    def test_without_proc_nothing_looks_like_success(self):
        prefix = ["bwrap", "--bind", "/", "/", "--dev", "/dev", "--tmpfs", "/proc", "--"]
        process = self.start("fix", "--repo", self.repository().path, "--", "true", prefix=prefix).end()
        self.assertEqual(process.exit_code, 70)
        self.assertIn("/proc cannot be read", process.stderr)

    def test_sandbox_off_is_the_users_word(self):
        self.assertIn("off", self.sandbox_of("--sandbox", "off"))

    def test_without_a_sandbox_a_child_left_behind_is_stopped_too(self):
        leave = shell("setsid nohup sleep 86393 >/dev/null 2>&1 &", "sleep 86393 &")
        repository, server = self.repository(), self.simulate(turn(leave, patch()), DONE)
        self.run_graft(repository, 0, "--sandbox", "off", server=server)


class Starting(GraftTest):
    """What a command loads."""

    LIBRARIES = "file=lib(git2|websockets|curl)"

    def loading(self, *arguments):
        """Runs graft; its standard error names each library that is loaded (ld.so(8))."""
        process = self.start(*arguments, env={"LD_DEBUG": "files"})
        process.end()
        return process

    def test_a_library_is_loaded_when_it_is_used(self):
        repository = self.repository()
        for words in (["--version"], ["sandbox", "--tree", repository.path, "--", "true"]):
            run = self.loading(*words)
            self.assertEqual(run.exit_code, 0, words)
            self.assertIn("file=libc.so", run.stderr)
            self.assertNotRegex(run.stderr, self.LIBRARIES, words)
        repository.git("config", "core.pager", 'less "-R"')
        run = self.loading("sandbox", "--tree", repository.path, "--", "git", "log", "--oneline")
        self.assertEqual(run.exit_code, 0)
        self.assertRegex(run.stderr, r"file=libgit2\.so", "settings that are not written plainly are read by libgit2")
        run = self.loading("doctor")
        self.assertRegex(run.stdout, r"libgit2 .*\d\.\d")
        self.assertRegex(run.stdout, r"libwebsockets .*\d\.\d")
