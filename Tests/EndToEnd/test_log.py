"""`graft log`: the whole conversation of a session, what was compacted away included."""

import json
import os
import pty
import signal
import subprocess

from harness import GRAFT, GraftTest, wait_until
from scripted import DONE, FIX, function, note, shell, turn

LONG = "yes 'a line of some length that tells little' | head -c 30000"


class LogTest(GraftTest):
    def made(self, *turns, exit_code=0, flags=()):
        self.repo = self.repository()
        return self.run_graft(self.repo, exit_code, *flags, server=self.simulate(*turns))

    def log(self, *arguments, exit_code=0, **more):
        run = subprocess.run(
            [GRAFT, "log", *map(str, arguments)], env=self.world, cwd=self.repo.path, capture_output=True, timeout=60,
            stdin=subprocess.DEVNULL, check=False, **more)
        self.assertEqual(run.returncode, exit_code, run.stdout.decode() + run.stderr.decode())
        return run.stdout.decode() if exit_code == 0 else run.stderr.decode()

    def follow(self):
        """A follower that has shown what was said before the call."""
        with open(self.root / "followed", "wb") as output:
            follower = subprocess.Popen([GRAFT, "log", "--follow"], env=self.world, cwd=self.repo.path, stdout=output)
        self.addCleanup(follower.kill)
        wait_until(lambda: b"Wait." in (self.root / "followed").read_bytes(), "what has been said")
        return follower

    def journal(self):
        (folder,) = self.state.glob("graft/sessions/2*")
        return [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]

    def test_it_shows_what_was_said_in_order_with_calls_and_their_answers(self):
        self.made(turn(note("Look first."), shell("cat answer.txt")), FIX, DONE)
        text = self.log()
        places = [text.index(words) for words in (
            "rules", "You are Graft", "to the model", "the model, on its way · turn 1", "  Look first.",
            "call of shell", "  $ cat answer.txt", "answer to #4 shell", "  exit 0\n  wrong", "call of apply_patch",
            "  update answer.txt", "  -wrong\n  +right", "Done: M answer.txt", "the model, its answer", "  Done.")]
        self.assertEqual(places, sorted(places))
        self.assertNotIn("\x1b", text)

    def test_what_was_compacted_away_is_there_with_a_line_where_it_was(self):
        work = [turn(note(f"Look {number}."), *[shell(LONG) for _ in range(3)]) for number in range(3)]
        found = turn(
            note("That is it."), shell("cat answer.txt"),
            function("report_milestone", {"milestone": "root_cause", "summary": "It is wrong."}))
        self.made(*work, found, FIX, DONE)
        text = self.log()
        self.assertRegex(text, r"── compacted: \d+k → \S+k tokens, the root cause is found: the model went on")
        self.assertIn("◆ root cause: It is wrong.", text)
        line = text.index("── compacted")
        for number in range(3):
            self.assertLess(text.index(f"Look {number}."), line)
        self.assertGreater(text.index("Say what is right."), line)
        items = [event for event in self.journal() if event["type"] in ("response.item", "input.item")]
        objects = [json.loads(line) for line in self.log("--json").splitlines()]
        self.assertEqual([one for one in objects if one.get("type") not in ("window.compacted", "milestone.reported")],
                         [event["item"] for event in items])
        self.assertIn("window.compacted", [one.get("type") for one in objects])
        # A long output is shortened, and whole where it is asked for.
        self.assertRegex(text, r"… \d+ more lines: --item \d+ shows all")
        number = next(index for index, event in enumerate(items, 1) if event["item"]["type"] == "shell_call_output")
        whole = self.log("--item", number)
        self.assertGreater(len(whole.splitlines()), 200)
        self.assertEqual(json.loads(self.log("--item", number, "--json")), items[number - 1]["item"])

    def test_words_of_the_model_cannot_reach_the_terminal(self):
        self.made(turn(note("Red \x1b[31m and \u202e back."), shell("printf 'a\\033[2Jb'")), FIX, DONE)
        text = self.log()
        self.assertIn("Red ^[[31m and <U+202E> back.", text)
        self.assertNotIn("\x1b", text)
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.repo.path)
            os.execve(GRAFT, [str(GRAFT), "log"], {**self.world, "TERM": "xterm", "NO_COLOR": "1"})
        shown = b""
        while True:
            try:
                data = os.read(terminal, 4096)
            except OSError:
                break
            shown += data
        os.waitpid(pid, 0)
        self.assertIn(b"^[[31m", shown)
        self.assertNotIn(b"\x1b[31m and", shown)
        self.assertNotIn(b"\x1b[2J", shown)

    def test_a_running_session_is_followed_to_its_end(self):
        self.repo = self.repository()
        gate = self.root / "gate"
        os.mkfifo(gate)
        run = self.begin(
            self.repo, "--sandbox", "off", server=self.simulate(turn(note("Wait."), shell(f"cat {gate}")), FIX, DONE))
        run.wait_for("call.started")
        follower = self.follow()
        self.assertNotIn(b"Done.", (self.root / "followed").read_bytes())
        with open(gate, "w") as writer:
            writer.write("x")
        self.finish(run, self.repo, 0)
        self.assertEqual(follower.wait(timeout=20), 0)
        self.assertEqual((self.root / "followed").read_text(), self.log())
        self.assertIn("Done.", self.log())

    def test_following_ends_when_the_run_is_killed(self):
        self.repo = self.repository()
        run = self.begin(
            self.repo, "--sandbox", "off", server=self.simulate(turn(note("Wait."), shell("sleep 600")), DONE))
        run.wait_for("call.started")
        follower = self.follow()
        os.kill(run.pid, signal.SIGKILL)
        run.end()
        self.assertEqual(follower.wait(timeout=20), 0)

    def test_a_response_that_broke_off_is_told_from_the_conversation(self):
        self.made(turn(note("Half a word.")), FIX, DONE)
        (folder,) = self.state.glob("graft/sessions/2*")
        journal = folder / "journal.jsonl"
        lines = journal.read_text().splitlines(keepends=True)
        # As a process leaves it that was killed while the items of a response came.
        end = next(index for index, line in enumerate(lines) if '"turn.completed"' in line[:30])
        again = next(index for index, line in enumerate(lines) if index > end and '"turn.started"' in line[:30])
        journal.write_text("".join(lines[:end] + lines[again:]))
        text = self.log()
        self.assertIn("── the response broke off: the item above is not part of the conversation ──", text)
        self.assertLess(text.index("Half a word."), text.index("broke off"))

    def test_what_cannot_be_shown_is_said(self):
        self.made(FIX, DONE)
        self.assertIn("none with the number 999", self.log("--item", 999, exit_code=64))
        self.assertIn("no session", self.log("20200101-000000-zzzz", exit_code=64))
        self.assertIn("exclude each other", self.log("--item", 1, "--follow", exit_code=64))
        self.assertEqual(self.log("--item", 1)[:13], "You are Graft")
