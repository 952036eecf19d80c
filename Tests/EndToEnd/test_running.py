"""Commands that go on beside others: servers, programs that ask questions, and paging through what was printed."""

import json
import signal
from harness import GraftTest, needs_namespaces, wait_until
from scripted import DONE, FIX, function, message, note, patch, shell, turn

ENVELOPE = "*** Begin Patch\n*** Update File: answer.txt\n@@\n-wrong\n+right\n*** End Patch"
SERVER = "python3 -u -m http.server --bind 127.0.0.1 8765"


def call(name, **arguments):
    return function(name, json.dumps(arguments))


def start(command, **more):
    return call("start_command", command=command, **more)


def is_started(event):
    return "handle" in event["item"]


class Running(GraftTest):
    def answers(self, server):
        """The answers to function calls, in order."""
        seen, texts = set(), []
        for item in server.inputs:
            if item["type"] == "function_call_output" and item["call_id"] not in seen:
                seen.add(item["call_id"])
                texts.append(item["output"])
        return texts

    def play(self, *turns, flags=(), code=0, verdict="fixed", **more):
        repository, server = self.repository(), self.simulate(*turns)
        run = self.run_graft(repository, code, *flags, server=server, verdict=verdict, **more)
        self.assertEqual(server.violations, [])
        return run, repository, self.answers(server)

    @needs_namespaces
    def test_a_server_is_started_used_and_stopped(self):
        for flags in ((), ("--sandbox", "off")):
            with self.subTest(flags):
                self.setUp()
                run, _, answers = self.play(
                    turn(start(SERVER, until="Serving HTTP", wait_ms=30000)),
                    turn(shell("curl -sS http://127.0.0.1:8765/answer.txt || wget -qO- http://127.0.0.1:8765/answer.txt "
                               "|| python3 -c \"import urllib.request as u; "
                               "print(u.urlopen('http://127.0.0.1:8765/answer.txt').read().decode())\"")),
                    turn(call("poll_command", handle="p1", until="GET /answer.txt", wait_ms=30000)),
                    turn(call("stop_command", handle="p1")),
                    FIX, DONE, flags=flags,
                )
                self.assertRegex(answers[0], r"^p1: running\nServing HTTP")
                self.assertRegex(answers[1], r"(?s)^p1: running\n.*GET /answer.txt")
                self.assertNotIn("Serving HTTP", answers[1], "only what is new is told")
                self.assertRegex(answers[2], r"^p1: stopped after .*, nothing new\n$")
                server, fetch = run.items("command_execution")[1], run.items("command_execution")[0]
                self.assertIn("wrong", fetch["aggregated_output"])
                self.assertEqual((server["handle"], server["ending"]), ("p1", "stopped"))

    def test_the_functions_work_with_a_compatible_server(self):
        turns = [
            turn(start("cat", wait_ms=0)),
            turn(call("write_stdin", handle="p1", text="hello\n", close=True, until="nothing", wait_ms=30000)),
            turn(function("apply_patch", json.dumps({"patch": ENVELOPE}))),
            DONE,
        ]
        _, _, answers = self.play(*turns, flags=("--provider", "compatible"))
        self.assertEqual(answers[0], "p1: running, nothing new\n")
        self.assertRegex(answers[1], r"^p1: exit 0 after .*\nhello\n$")

    def test_a_program_on_a_terminal_answers_until_control_d(self):
        run, _, answers = self.play(
            turn(start("python3 -q", terminal=True, until=">>> ", wait_ms=30000)),
            turn(call("write_stdin", handle="p1", text="6 * 7\n", until=">>> ", wait_ms=30000)),
            turn(call("write_stdin", handle="p1", text="import time; time.sleep(86387)\n", wait_ms=300)),
            turn(call("write_stdin", handle="p1", text="\x03", until=">>> ", wait_ms=30000)),
            turn(call("write_stdin", handle="p1", text="", close=True, wait_ms=30000)),
            FIX, DONE,
        )
        self.assertTrue(answers[0].startswith("p1: running\n"), answers[0])
        self.assertIn("42\r\n", answers[1])
        self.assertIn("KeyboardInterrupt", answers[3])
        # Some versions of Python end by SIGINT once they have been interrupted.
        self.assertRegex(answers[4], r"^p1: (exit 0|killed by SIGINT) after")
        self.assertIn("42", run.items("command_execution")[0]["aggregated_output"])

    def test_a_command_that_ends_between_looks_is_told_with_its_end(self):
        run, repository, answers = self.play(
            turn(start("echo begun; until test -e go; do sleep 0.05; done; echo over; exit 3", until="begun",
                       wait_ms=30000)),
            turn(shell("touch go")),
            turn(call("poll_command", handle="p1", wait_ms=30000)),
            turn(call("poll_command", handle="p1")),
            turn(call("write_stdin", handle="p1", text="late\n")),
            FIX, DONE,
        )
        self.assertEqual(answers[0], "p1: running\nbegun\n")
        self.assertRegex(answers[1], r"^p1: exit 3 after .*\nover\n$")
        self.assertRegex(answers[2], r"^p1: exit 3 after .*, nothing new\n$")
        self.assertRegex(answers[3], r"^nothing was written, it has ended\np1: exit 3")
        (item,) = [item for item in run.items("command_execution") if "handle" in item]
        self.assertEqual((item["exit_code"], item["aggregated_output"]), (3, "begun\nover\n"))
        self.assertGreater(item["peak_bytes"], 0)
        self.assertIn("cpu_ms", item)
        kinds = [event["type"] for event in run.events if event.get("item", {}).get("handle")]
        self.assertEqual(kinds, ["item.started", "item.updated", "item.completed"])

    def test_sixteen_run_and_a_seventeenth_is_refused(self):
        starts = [start("sleep 86386", wait_ms=0) for _ in range(17)]
        run, _, answers = self.play(turn(*starts), FIX, DONE)
        self.assertEqual(answers[15], "p16: running, nothing new\n")
        names = ", ".join(f"p{number}" for number in range(1, 17))
        self.assertEqual(answers[16], f"16 commands run already, stop one first: {names}")
        self.assertEqual({item["ending"] for item in run.items("command_execution")}, {"stopped"})

    def test_output_that_was_cut_is_read_page_by_page(self):
        line = "seq 1 30000; echo häßlich 漢字; seq 1 9000 >&2"
        pages = [call("read_output", handle="item_0", offset=offset, limit=65536) for offset in range(0, 180000, 60000)]
        run, _, answers = self.play(
            turn(shell(line)),
            turn(*pages, call("read_output", handle="item_0.stderr", limit=10),
                 call("read_output", handle="item_0", offset=1 << 40)),
            turn(start(line, wait_ms=30000)), turn(call("read_output", handle="p1", offset=168894)),
            turn(call("poll_command", handle="p1")), FIX, DONE,
        )
        first = run.items("command_execution")[0]["aggregated_output"]
        self.assertRegex(first, r"left out; read_output handle=item_0 offset=\d+[];]")
        self.assertRegex(first, r"left out; read_output handle=item_0.stderr offset=\d+[];]")
        whole = "".join(f"{n}\n" for n in range(1, 30001)) + "häßlich 漢字\n"
        text = ""
        for offset, answer in zip(range(0, 180000, 60000), answers):
            head, page = answer.split("\n", 1)
            text = text[:offset] + page
            self.assertTrue(head.startswith(f"item_0: bytes {offset} to "), head)
        self.assertEqual(text, whole)
        self.assertTrue(answers[3].endswith("; go on with offset=10\n1\n2\n3\n4\n5\n"), answers[3])
        self.assertIn("is behind its end", answers[4])
        self.assertLess(len(answers[5]), 17000)
        self.assertIn("read_output handle=p1 offset=", answers[5])
        self.assertTrue(answers[6].startswith("p1: bytes 168894 to "), answers[6][:80])
        self.assertIn("häßlich 漢字\n", answers[6])
        self.assertIn("nothing new", answers[7])

    def test_what_a_command_changes_while_it_runs_is_committed_in_its_name(self):
        line = "while read -r word; do echo $word > answer.txt; echo wrote; done"
        _, repository, _ = self.play(
            turn(start(line, wait_ms=0)),
            turn(call("write_stdin", handle="p1", text="almost\n", until="wrote", wait_ms=30000)),
            turn(call("write_stdin", handle="p1", text="right\n", until="wrote", wait_ms=30000)),
            DONE,
        )
        self.assert_branch_has(repository, "answer.txt", "right")
        (branch,) = self.branches(repository)
        self.assertIn("Changed by:\n\n    " + line, repository.git("log", "-1", "--format=%b", branch))

    def test_a_command_that_runs_at_the_end_is_stopped_before_the_verification(self):
        stubborn = "trap '' TERM; echo ready; while :; do sleep 86385 & wait; done"
        run, _, _ = self.play(turn(start(stubborn, until="ready", wait_ms=30000)), FIX, DONE)
        kinds = [event["type"] for event in run.events if is_of_interest(event)]
        self.assertEqual(kinds[-2:], ["item.completed", "verification.completed"])

    def test_control_c_leaves_nothing(self):
        stubborn = "trap '' INT TERM HUP; setsid sleep 86383 & echo ready; while :; do sleep 86383; done"
        turns = [
            turn(note("Come nearer."), patch(diff="@@\n-wrong\n+almost\n")),
            turn(start(stubborn, until="ready", wait_ms=30000)),
            turn(call("poll_command", handle="p1", wait_ms=60000)),
        ]
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                self.setUp()
                repository, server = self.repository(), self.simulate(*turns)
                process = self.begin(repository, server=server)
                process.wait_for("turn.completed", count=3)
                process.signal(number)
                self.finish(process, repository, 128 + number)
                self.assertLess(process.seconds, 40)
                self.assert_branch_has(repository, "answer.txt", "almost")
                (item,) = process.items("command_execution")
                self.assertEqual(item["ending"], "stopped")

    def test_control_c_twice_leaves_nothing(self):
        stubborn = "trap '' INT TERM HUP; echo ready; while :; do sleep 86382; done"
        server = self.simulate(turn(start(stubborn, until="ready", wait_ms=30000)), turn(message("x"), delay_ms=600_000))
        process = self.begin(self.repository(), server=server)
        process.wait_for("item.updated", is_started)
        process.signal(signal.SIGINT)
        process.signal(signal.SIGINT)
        process.end()
        self.assertEqual(process.exit_code, 130)
        wait_until(lambda: not self.left_processes(), "the end of what graft started", 10)

    def test_nothing_lives_on_when_graft_is_killed(self):
        server = self.simulate(turn(start("setsid sleep 86378 & echo ready; sleep 86378", until="ready",
                                          wait_ms=30000)), turn(message("x"), delay_ms=600_000))
        process = self.begin(self.repository(), server=server)
        process.wait_for("item.updated", is_started)
        process.signal(signal.SIGKILL)
        process.end()
        wait_until(lambda: not self.left_processes(), "the end of what graft started", 10)

    def test_a_flood_of_output_is_survived(self):
        run, _, answers = self.play(
            turn(start("head -c 100000000 /dev/zero | tr '\\0' x", until="never", wait_ms=60000)), FIX, DONE)
        self.assertRegex(answers[0], r"^p1: exit 0 after ")
        self.assertIn("left out; read_output handle=p1 offset=", answers[0])
        self.assertLess(len(answers[0]), 17000)
        self.assertLess(run.usage.ru_maxrss, 100_000, "kilobytes")

    def test_a_budget_that_ends_leaves_nothing(self):
        run, _, _ = self.play(
            turn(start("sleep 86381", wait_ms=0)), flags=("--max-turns", "1"), code=12, verdict="budget")
        self.assertEqual(run.items("command_execution")[0]["ending"], "stopped")

    def test_an_error_of_the_provider_leaves_nothing(self):
        broken = {"error": {"status": 404, "code": "model_not_found", "type": "invalid_request_error", "message": "No."}}
        run, _, _ = self.play(turn(start("sleep 86380", wait_ms=0)), broken, code=20, verdict="provider")
        self.assertEqual(run.items("command_execution")[0]["ending"], "stopped")

    def test_limits_of_time_and_signals_are_told(self):
        run, _, answers = self.play(
            turn(start("sleep 86379", timeout_ms=200, wait_ms=30000), start("kill -SEGV $$", wait_ms=30000),
                 start("sleep 86379", wait_ms=30000, timeout_ms=999999999)),
            turn(shell("sleep 86379", timeout_ms=200)), turn(shell("kill -SEGV $$")), FIX, DONE,
            flags=("--command-timeout", "2s"),
        )
        self.assertIn("[timed out after 200 ms: its timeout_ms]\n", answers[0])
        self.assertRegex(answers[1], r"^p2: killed by SIGSEGV after .*\n\[killed by SIGSEGV, peak memory .*\]\n$")
        self.assertIn("[timed out after 2 s: the most a command gets]\n", answers[2])
        items = run.items("command_execution")
        self.assertEqual([item.get("signal") for item in items], [None, "SIGSEGV", None, None, "SIGSEGV"])
        self.assertIn("timed out after 200 ms: its timeout_ms", items[3]["aggregated_output"])

    def test_a_person_sees_start_news_and_end(self):
        run, _, _ = self.play(
            turn(start("echo one; read -r x; echo two $x; exit 4", until="one", wait_ms=30000)),
            turn(call("write_stdin", handle="p1", text="more\n", wait_ms=30000)), FIX, DONE, json_view=False,
        )
        shown = run.stdout
        self.assertIn("\np1 $ echo one; read -r x; echo two $x; exit 4\n", shown)
        self.assertRegex(shown, r"\n  two more\n  exit 4, .*\n")


def is_of_interest(event):
    return event["type"] == "verification.completed" or (event["type"] == "item.completed" and is_started(event))
