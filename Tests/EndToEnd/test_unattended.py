"""Runs that nobody watches: no terminal, signals, the same task once, one folder for everything, a bounded disk."""

import ctypes
import json
import os
import pty
import signal
import socket
import struct
import subprocess
import time

from harness import CHECK, GRAFT, GraftTest, wait_until
from scripted import DONE, FIX, message, shell, turn

STUBBORN = "trap '' TERM INT; while :; do sleep 1; done"


class Watch:
    """Names of what is made or changed in some folders, by inotify(7)."""

    MASK = 0x100 | 0x2 | 0x80 | 0x200  # create, modify, moved to, delete

    def __init__(self, *folders):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.places = {}
        for folder in folders:
            number = self.libc.inotify_add_watch(self.descriptor, os.fsencode(folder), self.MASK)
            self.places[number] = str(folder)

    def found(self):
        found = []
        while True:
            try:
                data = os.read(self.descriptor, 1 << 16)
            except BlockingIOError:
                return found
            while data:
                number, _, _, length = struct.unpack_from("iIII", data)
                name = data[16 : 16 + length].rstrip(b"\0").decode(errors="replace")
                found.append(f"{self.places.get(number)}/{name}")
                data = data[16 + length :]

    def close(self):
        os.close(self.descriptor)


class SilentServer:
    """Accepts connections and never says anything."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/v1"


class Signals(GraftTest):
    def terminated(self, process, seconds=10):
        process.signal(signal.SIGTERM)
        process.end(seconds)
        self.assertEqual((process.exit_code, process.result["verdict"]), (143, "terminated"), process.stderr)
        wait_until(lambda: not self.left_processes(), "the end of what graft started", 5)

    def test_sigterm_during_a_baseline_that_ignores_it(self):
        process = self.begin(self.repository(), command=STUBBORN)
        process.wait_for("run.started")
        wait_until(lambda: any(b"trap" in line for _, line in self.left_processes()), "the command")
        self.terminated(process)

    def test_sigterm_during_a_command_of_the_model_that_ignores_it(self):
        process = self.begin(self.repository(), server=self.simulate(turn(shell(STUBBORN))))
        process.wait_for("item.started")
        self.terminated(process)

    def test_sigterm_during_a_verification_that_ignores_it(self):
        command = f"{CHECK} || exit 1; {STUBBORN}"
        process = self.begin(self.repository(), server=self.simulate(FIX, DONE), command=command)
        process.wait_for("commit.created")
        time.sleep(1)
        process.signal(signal.SIGTERM)
        process.end(10)
        self.assertEqual(process.exit_code, 143, process.stderr)

    def test_sigterm_while_a_server_is_silent(self):
        server = SilentServer()
        self.addCleanup(server.socket.close)
        for flags in ((), ("--transport", "http")):
            process = self.begin(self.repository(name=f"r{self.count}"), *flags, server=server)
            process.wait_for("run.started")
            time.sleep(1)
            self.terminated(process)

    def test_sigterm_while_a_remote_is_silent(self):
        server = SilentServer()
        self.addCleanup(server.socket.close)
        repository = self.repository()
        repository.git("remote", "add", "origin", server.url)
        repository.git("config", "branch.main.remote", "origin")
        repository.git("config", "branch.main.merge", "refs/heads/main")
        process = self.begin(repository, "--stop-if-moved", server=self.simulate(FIX))
        process.wait_for("run.started")
        time.sleep(2)
        self.terminated(process)


class Nobody(GraftTest):
    def test_no_standard_input_is_no_obstacle(self):
        permission = {
            "type": "function_call", "name": "run_with_permission",
            "arguments": json.dumps({"command": "true", "reason": "x", "network": "all"})}
        for number, prefix in enumerate((["sh", "-c", 'exec "$@" <&-', "sh"], ["sh", "-c", 'exec "$@" </dev/null', "sh"])):
            repository, server = self.repository(name=f"r{number}"), self.simulate(turn(permission), FIX, DONE)
            self.run_graft(repository, 0, server=server, prefix=prefix, json_view=False)

    def test_a_question_in_ci_on_a_terminal_is_not_put(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        self.run_graft(repository, 0, server=server)
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        for words in (["clean", "--all"], ["resume"]):
            run = subprocess.run(
                [GRAFT, *words], cwd=repository.path, env={**self.world, "CI": "1"}, stdin=slave, stdout=slave,
                stderr=subprocess.PIPE, text=True, timeout=20, check=False)
            self.assertEqual(run.returncode, 64, run.stderr)
        os.close(slave)


class Tasks(GraftTest):
    def test_a_task_that_has_ended_has_the_same_result_at_once(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        first = self.run_graft(repository, 0, "--task-id", "job.7", server=server, verdict="fixed")
        again = self.run_graft(repository, 0, "--task-id", "job.7", server=server, verdict="fixed")
        self.assertEqual(again.result, first.result)
        self.assertEqual([event["type"] for event in again.events], ["run.started", "run.finished"])
        self.assertIn("has come to its end before", again.stderr)
        self.assertEqual(len(server.requests), 2)
        self.assertEqual(len(list(self.state.glob("graft/sessions/*"))), 1)
        # People see it as they saw it then.
        shown = self.run_graft(repository, 0, "--task-id", "job.7", server=server, json_view=False)
        self.assertIn("✓ fixed", shown.stdout)

    def test_a_bad_verdict_is_the_same_one_too(self):
        repository, server = self.repository(), self.simulate(turn(message("No.")), *[turn(message("No."))] * 4)
        first = self.run_graft(repository, 10, "--task-id", "x", server=server, verdict="not_fixed")
        count = len(server.requests)
        again = self.run_graft(repository, 10, "--task-id", "x", server=server, verdict="not_fixed")
        self.assertEqual((again.result, len(server.requests)), (first.result, count))

    def test_another_commit_name_or_repository_begins_anew(self):
        repository, server = self.repository(), self.simulate(*[FIX, DONE] * 4)
        self.run_graft(repository, 0, "--task-id", "x", server=server)
        self.run_graft(repository, 0, "--task-id", "y", server=server)
        repository.git("commit", "-q", "--allow-empty", "-m", "Go on")
        self.run_graft(repository, 0, "--task-id", "x", server=server)
        self.run_graft(self.repository(name="other"), 0, "--task-id", "x", server=server)
        self.assertEqual(len(server.requests), 8)

    def test_a_task_that_was_killed_goes_on(self):
        repository = self.repository()
        server = self.simulate(FIX, turn(shell("sleep 100")), DONE, DONE)
        process = self.begin(repository, "--task-id", "x", server=server)
        process.wait_for("item.started", lambda event: event["item"].get("command") == "sleep 100")
        os.kill(process.pid, signal.SIGKILL)
        process.end()
        process = self.begin(repository, "--task-id", "x", server=server)
        # The tree that the killed one has left is taken up.
        self.before["worktrees"] = 1
        run = self.finish(process, repository, 0, "fixed")
        self.assertIn("run.resumed", [event["type"] for event in run.events])
        self.assertEqual(len(list(self.state.glob("graft/sessions/*"))), 1)

    def test_a_task_that_was_stopped_goes_on(self):
        repository = self.repository()
        server = self.simulate(turn(shell("sleep 100")), FIX, DONE)
        process = self.begin(repository, "--task-id", "x", server=server)
        process.wait_for("item.started")
        process.signal(signal.SIGTERM)
        process.end(12)
        self.run_graft(repository, 0, "--task-id", "x", server=server, verdict="fixed")

    def test_two_processes_do_not_do_one_task(self):
        repository = self.repository()
        server = self.simulate(turn(shell("sleep 100")))
        process = self.begin(repository, "--task-id", "x", server=server)
        process.wait_for("run.started")
        other = self.start("fix", "--repo", repository.path, "--task-id", "x", "--", CHECK, server=server).end()
        self.assertEqual(other.exit_code, 64)
        self.assert_clear(other, "the task x is being worked on by another process", str(process.pid))

    def test_a_name_for_something_else_is_refused(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        self.run_graft(repository, 0, "--task-id", "x", server=server)
        other = self.start("fix", "--repo", repository.path, "--task-id", "x", "--", "make test", server=server).end()
        self.assertEqual(other.exit_code, 64)
        self.assert_clear(other, "--task-id", CHECK)

    def test_names_that_are_none_are_refused(self):
        for name in ("", "a/b", "../x", "-x", ".x", "a b", "ä", "x" * 65, "a\nb"):
            run = self.start("fix", f"--task-id={name}", "--", "true").end()
            self.assertEqual(run.exit_code, 64, name)
        self.assertFalse((self.state / "graft").exists())


class OneFolder(GraftTest):
    def test_everything_lies_in_the_folder_that_is_named(self):
        place, temporary = self.root / "all/of it", self.root / "tmp"
        temporary.mkdir()
        for name in ("cache", "data", "runtime"):
            (self.root / name).mkdir()
        world = {
            "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(self.root / "cache"), "XDG_DATA_HOME": str(self.root / "data"),
            "XDG_RUNTIME_DIR": str(self.root / "runtime"), "XDG_STATE_HOME": str(self.state),
        }
        repository = self.repository()
        watch = Watch(self.root / "home", self.state, self.root / "config", temporary, *(
            self.root / name for name in ("cache", "data", "runtime")))
        self.addCleanup(watch.close)
        server = self.simulate(turn(shell("echo x > /tmp/x; mktemp; touch ~/y 2>/dev/null; true")), FIX, DONE)
        run = self.run_graft(
            repository, 0, "--state-dir", place, "--task-id", "t", "--keep", "5", server=server, env=world,
            verdict="fixed")
        self.assertTrue(run.result["session"].startswith(str(place)), run.result["session"])
        ask = self.start(
            "ask", "--repo", repository.path, "--state-dir", place, "what?", env=world,
            server=self.simulate(turn(shell("ls")), turn(message("That.")))).end()
        self.assertEqual(ask.exit_code, 0, ask.stderr)
        for words in (["sessions"], ["log"], ["review", "list"], ["clean", "-n"], ["sandbox", "--", "true"]):
            flags = ["--state-dir", place]
            words = words[: words.index("--")] + flags + words[words.index("--") :] if "--" in words else words + flags
            other = subprocess.run(
                [GRAFT, *words], cwd=repository.path, env={**self.world, **world}, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual(other.returncode, 0, (words, other.stderr))
        self.assertEqual(watch.found(), [])
        self.assertEqual(sorted(os.listdir(place)), ["cache-keys", "sessions", "tasks", "tmp"])
        self.assertEqual(os.listdir(place / "tmp"), [])

    def test_a_machine_whose_tmp_takes_nothing_is_enough(self):
        prefix = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o ro none /tmp && exec "$@"', "sh"]
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
            self.skipTest("needs the right to mount")
        place = self.root / "place"
        self.run_graft(
            self.repository(), 0, "--state-dir", place, server=self.simulate(turn(shell("echo x > /tmp/x")), FIX, DONE),
            prefix=prefix, verdict="fixed")
        for words in (["ask", "what?"], ["sandbox", "--", "true"]):
            server = self.simulate(turn(shell("ls")), turn(message("That.")))
            folder = "--tree" if words[0] == "sandbox" else "--repo"
            words = [words[0], "--state-dir", place, folder, self.root / "repository", *words[1:]]
            run = self.start(*words, server=server, prefix=prefix).end()
            self.assertEqual(run.exit_code, 0, run.stderr)

    def test_the_variable_says_the_same_and_a_relative_path_is_of_here(self):
        repository, server = self.repository(), self.simulate(*[FIX, DONE] * 2)
        self.run_graft(repository, 0, server=server, env={"GRAFT_STATE_DIR": str(self.root / "a")})
        self.assertTrue((self.root / "a/sessions").is_dir())
        (self.root / "b").mkdir()
        self.run_graft(
            repository, 0, "--state-dir", "./state here", server=server,
            prefix=["sh", "-c", f'cd "{self.root}/b" && exec "$@"', "sh"])
        self.assertTrue((self.root / "b/state here/sessions").is_dir())
        self.assertFalse((self.state / "graft").exists())


class Keeping(GraftTest):
    def sessions(self):
        return sorted(path.name for path in self.state.glob("graft/sessions/*"))

    def test_only_so_many_sessions_stay_and_no_commit_is_lost(self):
        repository, server = self.repository(), self.simulate(*[FIX, DONE] * 4)
        tips = []
        for number in range(4):
            run = self.run_graft(repository, 0, "--keep", "2", "--task-id", f"t{number}", server=server)
            tips.append((run.result["branch"], run.result["commit"]))
            time.sleep(1.1)
        self.assertEqual(len(self.sessions()), 2)
        self.assertEqual(self.sessions(), sorted(branch.removeprefix("graft/") for branch, _ in tips[2:]))
        for branch, commit in tips:
            self.assertEqual(repository.git("rev-parse", branch), commit)
        self.assertEqual(len(list(self.state.glob("graft/tasks/*"))), 2)

    def test_the_user_may_set_it_and_an_age_is_one_too(self):
        (self.root / "config/graft").mkdir()
        (self.root / "config/graft/config.toml").write_text('[ci]\nkeep = "1d"\n')
        repository, server = self.repository(), self.simulate(*[FIX, DONE] * 2)
        self.run_graft(repository, 0, server=server)
        (old,) = self.sessions()
        for file in (self.state / "graft/sessions" / old).glob("*.jsonl"):
            os.utime(file, (1, 1))
        time.sleep(1.1)
        self.run_graft(repository, 0, server=server)
        self.assertEqual(len(self.sessions()), 1)
        self.assertNotIn(old, self.sessions())

    def test_a_session_that_runs_stays(self):
        repository, server = self.repository(), self.simulate(turn(shell("sleep 100")))
        process = self.begin(repository, server=server)
        process.wait_for("item.started")
        (running,) = self.sessions()
        time.sleep(1.1)
        other = self.begin(repository, "--keep", "1", server=self.simulate(FIX, DONE)).end()
        self.assertEqual(other.exit_code, 0, other.stderr)
        self.assertIn(running, self.sessions())
        process.stop()
