"""What graft does when it is interrupted, when nobody listens, and when the disk is full."""

import os
import signal
import subprocess

from harness import CHECK, GraftTest, wait_until
from scripted import DONE, FIX, message, note, patch, shell, turn

ALMOST = turn(note("Come nearer."), patch(diff="@@\n-wrong\n+almost\n"))
SLOW = turn(shell("echo begun; sleep 86392"))
STUBBORN = turn(shell("trap '' TERM INT HUP; echo begun; while :; do sleep 86391; done"))
THINKING = turn(message("Done."), delay_ms=600_000)


def is_command(event):
    return event["item"]["type"] == "command_execution"


class Signals(GraftTest):
    def interrupted(self, *turns, wait_for, send=(signal.SIGINT,), code=130, verdict="interrupted", flags=()):
        repository, server = self.repository(), self.simulate(*turns)
        process = self.begin(repository, *flags, server=server)
        process.wait_for(*wait_for)
        for number in send:
            process.signal(number)
        self.finish(process, repository, code, verdict)
        return process, repository

    def assert_kept(self, repository):
        self.assert_branch_has(repository, "answer.txt", "almost")
        self.assertEqual(self.commits(repository), ["Come nearer"])

    def test_ctrl_c_ends_a_command_of_the_model(self):
        _, repository = self.interrupted(ALMOST, SLOW, wait_for=("item.started", is_command))
        self.assert_kept(repository)

    def test_ctrl_c_ends_the_wait_for_the_model(self):
        _, repository = self.interrupted(ALMOST, THINKING, wait_for=("request.sent", lambda event: event["turn"] == 2))
        self.assert_kept(repository)

    def test_ctrl_c_ends_the_wait_for_the_model_over_http(self):
        waiting = ("request.sent", lambda event: event["turn"] == 2)
        _, repository = self.interrupted(ALMOST, THINKING, wait_for=waiting, flags=("--transport", "http"))
        self.assert_kept(repository)

    def test_ctrl_c_ends_the_first_run_of_the_command(self):
        repository = self.repository()
        process = self.begin(repository, command="sleep 86390")
        process.wait_for("run.started")
        process.signal(signal.SIGINT)
        self.finish(process, repository, 130, "interrupted")
        self.assertEqual(self.branches(repository), [])

    def test_ctrl_c_ends_the_verification(self):
        server, repository = self.simulate(FIX, DONE), self.repository()
        process = self.begin(repository, server=server, command=f"{CHECK} && sleep 86389")
        process.wait_for("turn.completed", count=2)
        process.signal(signal.SIGINT)
        self.finish(process, repository, 130, "interrupted")
        self.assert_branch_has(repository, "answer.txt", "right")

    def right_when_stopped(self, number):
        process, _ = self.interrupted(
            FIX, SLOW, wait_for=("item.started", is_command), send=(number,), code=0, verdict="fixed"
        )
        self.assertIn("the run ended early: stopped by", process.result["message"])
        self.assertEqual(process.result["verification"]["commit"], process.result["commit"])

    def test_right_work_is_verified_at_ctrl_c(self):
        self.right_when_stopped(signal.SIGINT)

    def test_right_work_is_verified_at_sigterm(self):
        self.right_when_stopped(signal.SIGTERM)

    def stopped_while_verifying(self, *later, code, verdict):
        """A run whose command takes for ever on right work, stopped, and again once it verifies."""
        repository, server = self.repository(), self.simulate(FIX, THINKING)
        process = self.begin(repository, server=server, command=f"{CHECK} && sleep 86387")
        process.wait_for("request.sent", lambda event: event["turn"] == 2)
        process.signal(later[0])
        process.wait_for("notice", lambda event: "verifying what is committed" in event["message"])
        for number in later[1:]:
            process.signal(number)
        self.finish(process, repository, code, verdict)
        self.assertIsNone(process.result["verification"])
        session = process.result["session"].rpartition("/")[2]
        self.assertIn(f"graft review verify --session {session}", process.result["message"])
        return process

    def test_ctrl_c_again_skips_the_verification_at_the_end(self):
        process = self.stopped_while_verifying(signal.SIGINT, signal.SIGINT, code=130, verdict="interrupted")
        notice = [event["message"] for event in process.events if event["type"] == "notice"][-1]
        self.assertIn("ctrl-C again skips it", notice)
        self.assertLess(process.seconds, 20)

    def test_sigterm_does_not_wait_for_a_verification_that_takes_long(self):
        process = self.stopped_while_verifying(signal.SIGTERM, code=143, verdict="terminated")
        self.assertLess(process.seconds, 20)

    def test_ctrl_c_ends_the_wait_before_another_try(self):
        limit = {"status": 429, "message": "Slow down.", "headers": {"retry-after": "50"}}
        self.interrupted(ALMOST, {"error": limit}, wait_for=("notice",))

    def test_what_a_command_has_changed_is_committed_when_interrupted(self):
        change = turn(shell("echo almost > answer.txt", "sleep 86388"))
        waiting = ("item.started", lambda event: "sleep" in event["item"].get("command", ""))
        _, repository = self.interrupted(change, wait_for=waiting)
        self.assert_branch_has(repository, "answer.txt", "almost")

    def test_ctrl_c_twice_ends_at_once(self):
        process, repository = self.interrupted_twice()
        self.assertLess(process.seconds, 20)
        self.assert_branch_has(repository, "answer.txt", "almost")

    def test_ctrl_c_twice_still_names_the_commits(self):
        process, repository = self.interrupted_twice()
        self.assertEqual([process.result["branch"]], self.branches(repository))
        self.assertEqual([commit["subject"] for commit in process.result["commits"]], ["Come nearer"])

    def test_ctrl_c_twice_names_the_tree_that_has_changes_in_no_commit(self):
        stubborn = "echo precious > new.txt; trap '' TERM INT HUP; echo begun; while :; do sleep 86391; done"
        for flags, place in (((), "tree"), (("--tree", "overlay"), "overlays/upper")):
            with self.subTest(flags):
                repository = self.repository(name=f"changed{len(flags)}")
                process, _ = self.interrupted_twice(turn(shell(stubborn)), repository=repository, flags=flags)
                kept = f"{process.result['session']}/{place}"
                self.assertIn(f"what is in no commit is kept in {kept}", process.result["message"])
                self.assertIn("graft clean --session ", process.result["message"])
                with open(f"{kept}/new.txt", encoding="utf-8") as file:
                    self.assertEqual(file.read(), "precious\n")

    def test_ctrl_c_twice_names_no_tree_without_changes(self):
        process, _ = self.interrupted_twice()
        self.assertNotIn("is kept in", process.result["message"])

    def test_a_working_tree_that_was_left_is_taken_away_by_the_next_run(self):
        _, repository = self.interrupted_twice()
        self.assertEqual(repository.state()["worktrees"], 2)
        process = self.begin(repository, command="true")
        self.before["worktrees"] = 1
        self.finish(process, repository, 0)
        self.assertEqual(repository.state()["worktrees"], 1)

    def test_the_working_tree_of_a_run_that_was_killed_is_taken_away_by_the_next_run(self):
        repository, server = self.repository(), self.simulate(SLOW)
        process = self.begin(repository, server=server)
        process.wait_for("item.started", is_command)
        self.wait_for_sleep()
        os.kill(process.pid, signal.SIGKILL)
        process.end()
        self.assertEqual(repository.state()["worktrees"], 2)
        wait_until(lambda: not self.left_processes(), "the end of what graft started", 10)
        process = self.begin(repository, command="true")
        self.before["worktrees"] = 1
        self.finish(process, repository, 0)

    def test_the_working_tree_of_a_run_that_goes_on_stays(self):
        repository, server = self.repository(), self.simulate(SLOW)
        other = self.begin(repository, server=server)
        other.wait_for("item.started", is_command)
        self.wait_for_sleep()
        process = self.begin(repository, command="true").end()
        self.assertEqual(process.result["verdict"], "already_passing")
        self.assertEqual(repository.state()["worktrees"], 2)
        other.signal(signal.SIGINT)
        self.before["worktrees"] = 1
        self.finish(other, repository, 130, "interrupted")

    def wait_for_sleep(self):
        wait_until(lambda: any(line.startswith(b"sleep") for _, line in self.left_processes()), "the command")

    def interrupted_twice(self, stubborn=STUBBORN, repository=None, flags=()):
        repository, server = repository or self.repository(), self.simulate(ALMOST, stubborn)
        process = self.begin(repository, *flags, server=server)
        process.wait_for("item.started", is_command)
        self.wait_for_sleep()
        process.signal(signal.SIGINT)
        process.signal(signal.SIGINT)
        process.end()
        self.assertEqual(process.exit_code, 130, process.stderr)
        self.assertEqual(process.events[-1]["type"], "run.finished")
        self.assertEqual(self.content(process.events[-1]), self.content(process.result))
        self.assertEqual(repository.state()["files"], self.before["files"])
        wait_until(lambda: not self.left_processes(), "the end of what graft started", 10)
        return process, repository

    def test_sigterm_ends_a_run(self):
        _, repository = self.interrupted(
            ALMOST, SLOW, wait_for=("item.started", is_command), send=(signal.SIGTERM,), code=143, verdict="terminated"
        )
        self.assert_kept(repository)

    def test_nothing_lives_on_when_graft_is_killed(self):
        repository, server = self.repository(), self.simulate(SLOW)
        process = self.begin(repository, server=server)
        process.wait_for("item.started", is_command)
        self.wait_for_sleep()
        os.kill(process.pid, signal.SIGKILL)
        process.end()
        self.assertEqual(process.exit_code, -signal.SIGKILL)
        wait_until(lambda: not self.left_processes(), "the end of what graft started", 10)

    def test_ctrl_c_ends_a_question(self):
        server = self.simulate(THINKING)
        process = self.start("ask", "Why?", server=server)
        wait_until(lambda: server.requests, "the question")
        process.signal(signal.SIGINT)
        process.end()
        self.assertIn(process.exit_code, (130, -signal.SIGINT))


class ClosedOutput(GraftTest):
    def closed(self, json_view):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        read, write = os.pipe()
        process = self.begin(repository, server=server, stdout=write, json_view=json_view)
        os.close(write)
        with open(read, "rb") as stream:
            stream.readline()
        process.end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        self.assertEqual(process.result["verdict"], "fixed")
        self.assertEqual(repository.state(), self.before)
        self.assertEqual(process.stderr.count("standard output is closed"), 1, process.stderr)
        journal = next(self.state.glob("graft/sessions/*/journal.jsonl")).read_bytes().splitlines()
        self.assertIn(b'"run.finished"', journal[-1])

    def test_events_that_nobody_reads_do_not_end_a_run(self):
        self.closed(json_view=True)

    def test_a_view_that_nobody_reads_does_not_end_a_run(self):
        self.closed(json_view=False)

    def test_standard_streams_that_are_closed_from_the_start_do_no_harm(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        prefix = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")
        process = self.begin(repository, server=server, prefix=prefix, json_view=False).end()
        self.assertEqual(process.exit_code, 0)
        self.assertEqual(process.result["verdict"], "fixed")
        self.assertEqual(repository.state(), self.before)


def can_mount():
    command = ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"]
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0
    except OSError:
        return False


class FullDisk(GraftTest):
    def setUp(self):
        super().setUp()
        if not can_mount():
            self.skipTest("a small disk cannot be mounted here: that needs root and mount namespaces")

    def full(self, size, *turns, **more):
        repository, server = self.repository(), self.simulate(*turns)
        mount = f'mount -t tmpfs -o size={size} tmpfs "$XDG_STATE_HOME" && exec "$@"'
        prefix = ("unshare", "-m", "sh", "-c", mount, "sh")
        run = self.run_graft(repository, 70, server=server, prefix=prefix, verdict="internal", **more)
        self.assert_clear(run, "No space left on device", "XDG_STATE_HOME")
        self.assertLess(len(server.requests), 20, "a run without a journal goes no further")
        return run, repository

    def test_a_disk_that_is_full_from_the_start_ends_the_run(self):
        self.full("4k", FIX, DONE)

    def test_a_disk_that_fills_up_ends_the_run_and_keeps_the_work(self):
        fill = turn(shell("head -c 20000000 /dev/zero", "true"))
        _, repository = self.full("2m", ALMOST, fill, *[turn(shell("seq 3000"))] * 30, FIX, DONE)
        self.assert_branch_has(repository, "answer.txt", "almost")

    def test_a_working_tree_that_fills_the_disk_ends_the_run(self):
        fill = turn(shell("head -c 20000000 /dev/zero > big; true"))
        _, repository = self.full("2m", ALMOST, fill, *[turn(shell("seq 3000"))] * 30, FIX, DONE)
        self.assert_branch_has(repository, "answer.txt", "almost")

    def test_a_result_file_that_cannot_be_written_ends_the_run_before_it_begins(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        process = self.start(
            "fix", "--repo", repository.path, "--result", "/nowhere/result.json", "--", CHECK, server=server
        ).end()
        self.assertEqual(process.exit_code, 64)
        self.assertIn("cannot write the result to /nowhere/result.json", process.stderr)
        self.assertEqual(server.requests, [])

    def test_a_result_that_is_lost_on_the_way_is_no_success(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        process = self.start(
            "fix", "--repo", repository.path, "--result", "/dev/full", "--", CHECK, server=server
        ).end()
        self.assertEqual(process.exit_code, 70)
        self.assertIn("No space left", process.stderr)
