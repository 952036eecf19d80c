"""`graft review` on a terminal: keys, screens, and what git says after each step."""

import os
import re
import shlex
import signal
from pathlib import Path

from harness import GRAFT, GraftTest, wait_until
from scripted import DONE, FIX, note, patch, turn
from terminal import Terminal

SERIES = ["Say what is right", "Add two notes", "Explain the answer"]
NOTES = turn(
    note("Add two notes. They say why."),
    patch("one.txt", "+first\n", "create_file"),
    patch("two.txt", "+second\n", "create_file"),
)
EXPLAIN = turn(note("Explain the answer."), patch("README.md", "+The answer is right.\n", "create_file"))


class ReviewTest(GraftTest):
    """A session with three commits, and a shell on a terminal in its repository."""

    def setUp(self):
        super().setUp()
        self.message = self.root / "message"
        self.editor = self.script("editor", f'cat {shlex.quote(str(self.message))} > "$1"')

    def script(self, name, text):
        path = self.root / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    def open(self, *turns, files=None, columns=80, rows=24, editor=None, **more):
        process, self.repo, _ = self.fix(0, *(turns or (FIX, NOTES, EXPLAIN, DONE)), files=files, **more)
        self.base = self.repo.git("rev-parse", "main")
        self.assertEqual(process.exit_code, 0)
        world = {**self.world, "EDITOR": str(editor or self.editor)}
        self.terminal = Terminal(self.root, world, columns, rows)
        self.addCleanup(self.terminal.close)
        self.terminal.run(f"cd {shlex.quote(str(self.repo.path))}; clear")
        self.terminal.wait_without("cd ")

    def review(self, *waits, arguments=""):
        self.terminal.run(f"clear; {shlex.quote(str(GRAFT))} review {arguments}; echo exit=$?")
        self.terminal.wait_for("graft review 2", *waits)

    def press(self, key, *waits):
        """Presses a key and waits for what the screen says then."""
        self.terminal.type(key)
        self.terminal.wait_for(*waits)

    def series(self):
        """The subjects on the session's branch, oldest first, from where the run began."""
        (branch,) = self.branches(self.repo)
        return self.repo.git("log", "--reverse", "--format=%s", f"{self.base}..{branch}").splitlines()

    def main(self):
        return self.repo.git("log", "--reverse", "--format=%s", f"{self.base}..main").splitlines()

    def status(self):
        return self.repo.git("status", "--porcelain")


class Steps(ReviewTest):
    """What the keys do."""

    def test_accept_split_drop_undo_edit_leave_and_go_on(self):
        self.open()
        self.review("› 1  pending   Say what is right", "2  pending   Add two notes", "3  pending   Explain")
        self.assertEqual(self.series(), SERIES)

        self.terminal.press("Enter")
        self.terminal.wait_for("1/3 pending", "M answer.txt  +1 −1", "- wrong", "+ right", "at the start  ✗ exit 1")
        self.press("a", "2/3 pending", "accepted onto main as", "They say why.", "A two.txt")
        self.assertEqual(self.main(), ["Say what is right"])
        self.assertEqual((self.repo.path / "answer.txt").read_text(), "right\n")
        self.assertEqual(self.status(), "")

        self.message.write_text("Add the first note\n\nThe second one is another matter.\n")
        self.press("s", "Split: hunk 1 of 2, 0 taken", "A one.txt")
        self.press("y", "Split: hunk 2 of 2, 1 taken", "A two.txt")
        self.press("n", "split into commits 2 and 3", "2/4 pending", "The second one is another matter.")
        self.assertEqual(self.series(), [SERIES[0], "Add the first note", *SERIES[1:]])

        self.press("d", "dropped \"Add the first note\"", "2/3 pending", "A two.txt")
        self.assertEqual(self.series(), SERIES)
        (branch,) = self.branches(self.repo)
        self.assertEqual(self.repo.git("ls-tree", "--name-only", branch).split(), ["README.md", "answer.txt", "two.txt"])

        self.press("u", "undone: the drop", "2/4 pending", "A one.txt")
        self.assertEqual(self.series(), [SERIES[0], "Add the first note", *SERIES[1:]])

        self.message.write_text("#1 is the first note\n")
        self.press("e", "the message is changed", "#1 is the first note")
        self.assertEqual(self.series()[1], "#1 is the first note")
        self.assertIn("Graft-Session: ", self.repo.git("log", "-1", "--format=%B", f"{branch}~2"))

        self.press("q", "3 of 4 commits pending; go on with: graft review 2", "exit=0")
        self.assertEqual(self.status(), "")

        self.review("1  accepted  Say what is right", "› 2  pending   #1 is the first note")
        self.terminal.press("Enter")
        self.terminal.wait_for("2/4 pending", "#1 is the first note")
        self.press("u", "undone: the reword", "Add the first note")
        self.press("u", "undone: the split", "Add two notes")
        self.press("u", "undone: the accept", "1/3 pending")
        self.assertEqual(self.series(), SERIES)
        self.assertEqual(self.main(), [])
        self.assertEqual((self.repo.path / "answer.txt").read_text(), "wrong\n")
        self.assertEqual(self.status(), "")
        self.press("u", "there is nothing to undo")
        self.press("q", "3 of 3 commits pending", "exit=0")

    def test_squash_and_verify(self):
        self.open()
        self.review()
        self.press("jm", "squashed into commit 1", "1  pending   Say what is right")
        self.assertEqual(self.series(), [SERIES[0], SERIES[2]])
        self.press("v", "the command passes at commit 1: exit 0")
        self.press("u", "undone: the squash")
        self.assertEqual(self.series(), SERIES)
        self.press("q", "exit=0")

    def test_all_accepted(self):
        self.open()
        self.review()
        self.terminal.press("Enter")
        for number, subject in enumerate(SERIES):
            self.terminal.wait_for(f"{number + 1}/3 pending", subject)
            self.terminal.type("a")
        self.terminal.wait_for("accepted onto main as", "3  accepted  Explain the answer")
        self.assertEqual(self.main(), SERIES)
        self.assertEqual(self.status(), "")
        self.press("q", "3 commits left in the series, none pending", "exit=0")

    def test_a_conflict_is_shown_and_changes_nothing(self):
        self.open()
        self.repo.write({"answer.txt": "other\n"})
        self.repo.git("commit", "-q", "-a", "-m", "Mine")
        before = self.repo.state()
        self.review()
        self.press("a", "does not fit onto main", "there now, line 1", "other", "as the commit wants it", "right")
        self.press("x", "› 1  pending")
        self.press("q", "exit=0")
        self.assertEqual(self.repo.state(), before)

    def test_uncommitted_work_in_the_way_is_refused_and_kept(self):
        self.open()
        self.repo.write({"answer.txt": "mine\n", "two.txt": "also mine\n"})
        before = self.repo.state()
        self.review()
        # A reason that is longer than the line is shown whole.
        self.press("a", "uncommitted work in answer.txt", "move it away", "any other key")
        self.press("x", "› 1  pending")
        self.press("ja", "uncommitted work in two.txt", "move it away")
        self.press("x", "› 2  pending")
        self.press("q", "exit=0")
        after = self.repo.state()
        after["branches"] = [line for line in after["branches"] if "refs/graft/" not in line]
        self.assertEqual(after, before)

    def test_a_verification_is_stopped_with_control_c(self):
        self.open(command="grep -q right answer.txt && sleep 4")
        self.review()
        self.press("v", "1 s (ctrl-C stops it)")
        self.terminal.press("C-c")
        self.terminal.wait_for("stopped; nothing was kept of it")
        wait_until(lambda: not [line for _, line in self.left_processes() if b"sleep" in line], "the command's end")
        self.press("q", "exit=0")

    def test_the_editor_opens_the_file_at_the_line(self):
        seen = self.root / "seen"
        editor = self.script("spy", f'printf "%s\\n" "$@" > {shlex.quote(str(seen))}')
        lines = "".join(f"{number}\n" for number in range(1, 20))
        change = patch("long.txt", "@@\n 14\n-15\n+fifteen\n 16\n")
        self.open(turn(*FIX["items"], change), DONE, files={"answer.txt": "wrong\n", "long.txt": lines}, editor=editor)
        self.review()
        self.terminal.press("Enter")
        self.terminal.wait_for("+ fifteen")
        self.terminal.resize(80, 10)
        self.terminal.wait_for("%")
        self.press("G", "end")
        self.press("o", "opened long.txt as it is in your checkout")
        line, file = seen.read_text().split()
        self.assertEqual(file, str(self.repo.path / "long.txt"))
        self.assertIn(int(line[1:]), range(12, 20))
        self.press("q", "exit=0")

    def test_an_editor_that_fails_or_says_nothing_changes_nothing(self):
        self.open(editor="/no/such/editor")
        self.review()
        self.press("e", "/no/such/editor was not found: nothing was changed")
        self.press("q", "exit=0")
        for editor, reason in [("kill -9 $$; true", "signal 9"), ("exit 3; true", "exited with 3"), ("touch", "as it was"), ("true", "not saved")]:
            self.terminal.run(f"export EDITOR={shlex.quote(editor)}")
            self.review()
            self.press("e", reason)
            self.press("q", "exit=0")
        self.assertEqual(self.series(), SERIES)
        self.message.write_text("")
        self.terminal.run(f"export EDITOR={shlex.quote(str(self.editor))}")
        self.review()
        self.press("e", "the message is empty: nothing was changed")
        self.press("q", "exit=0")
        self.assertEqual(self.series(), SERIES)

    def test_an_editor_that_is_left_without_saving_splits_nothing(self):
        self.open(editor="true")
        self.review()
        self.press("j", "› 2  pending")
        self.terminal.press("Enter")
        self.terminal.wait_for("2/3 pending")
        self.press("s", "Split: hunk 1 of 2")
        self.press("yn", "the message was not saved: nothing was changed")
        self.assertEqual(self.series(), SERIES)
        self.press("q", "exit=0")
        self.terminal.run("export EDITOR=touch")
        self.review()
        self.press("j", "› 2  pending")
        self.terminal.press("Enter")
        self.terminal.wait_for("2/3 pending")
        self.press("s", "Split: hunk 1 of 2")
        self.press("yn", "split into commits 2 and 3")
        self.assertEqual(self.series(), [SERIES[0], SERIES[1], *SERIES[1:]])
        self.press("q", "exit=0")

    def test_a_text_that_cannot_be_used_any_more_is_kept(self):
        drop = f"{shlex.quote(str(GRAFT))} review drop 1 --repo {shlex.quote(str(self.root / 'repository'))}"
        self.open(editor=self.script("rival", f'echo "Long thought" > "$1"; {drop} >&2'))
        self.review("› 1  pending")
        self.press("e", "is no longer in the series; your text")
        self.press("x", "› 1  pending   Add two notes")
        (file,) = self.state.glob("graft/sessions/*/COMMIT_EDITMSG")
        self.assertEqual(file.read_text(), "Long thought\n")
        self.press("u", "undone: the drop", "› 1  pending   Say what is right")
        self.press("q", "exit=0")


class Screens(ReviewTest):
    """The terminal itself."""

    def modes(self):
        """How the terminal is set, as stty says it."""
        file = self.root / "modes"
        file.unlink(missing_ok=True)
        self.terminal.run(f"stty -g > {file}.new; mv {file}.new {file}")
        wait_until(file.exists, "stty")
        return file.read_text()

    def graft(self):
        """The process id of the review, the shell's only child."""
        shell = self.terminal.tmux("display", "-p", "#{pane_pid}").strip()
        children = Path(f"/proc/{shell}/task/{shell}/children")
        return int(wait_until(children.read_text, "the review's process").split()[0])

    def assert_restored(self, modes, *waits):
        self.terminal.wait_for(*waits)
        self.assertEqual(self.modes(), modes)
        self.assertEqual(self.terminal.tmux("display", "-p", "#{alternate_on} #{cursor_flag} #{wrap_flag}"), "0 1 1\n")

    def test_sizes_fit_and_control_c_gives_the_terminal_back(self):
        self.open()
        modes = self.modes()
        self.review()
        self.terminal.resize(40, 10)
        self.terminal.wait_for("› 1  ·  Say what is right", "? keys")
        self.assertTrue(all(len(line) <= 40 for line in self.terminal.screen.split("\n")))
        self.terminal.press("Enter")
        self.terminal.wait_for("1/3 pending", "a accept")
        self.terminal.resize(120, 40)
        self.terminal.wait_for("1/3 pending", "+ right", "q quit")
        self.terminal.resize(80, 10)
        self.terminal.wait_for("87%")
        self.press("G", "+ right", "end")
        self.terminal.press("C-c")
        self.assert_restored(modes, "exit=130")
        self.assertEqual(self.series(), SERIES)

    def test_signals_give_the_terminal_back(self):
        self.open()
        modes = self.modes()
        for number, words in [
            (signal.SIGTERM, ["exit=143"]), (signal.SIGHUP, ["exit=143"]), (signal.SIGQUIT, ["exit=143"]),
            (signal.SIGSEGV, ["exit=139"]), (signal.SIGABRT, ["exit=134"]),
        ]:
            with self.subTest(number):
                self.review("› 1  pending")
                os.kill(self.graft(), number)
                self.assert_restored(modes, *words)

    def test_a_signal_while_the_editor_runs_ends_both(self):
        started = self.root / "started"
        editor = self.script("slow", f"echo $$ > {shlex.quote(str(started))}; exec sleep 600")
        self.open(editor=editor)
        modes = self.modes()
        self.review("› 1  pending")
        self.terminal.type("e")
        wait_until(lambda: started.exists() and started.read_text(), "the editor")
        os.kill(self.graft(), signal.SIGTERM)
        self.assert_restored(modes, "exit=143")
        self.assertEqual(self.series(), SERIES)

    def test_it_can_be_stopped_and_goes_on_in_the_foreground(self):
        self.open()
        modes = self.modes()
        self.review("› 1  pending")
        self.terminal.type("j")
        self.terminal.wait_for("› 2  pending")
        self.terminal.press("C-z")
        self.terminal.wait_for("Stopped")
        self.assertEqual(self.modes(), modes)
        self.terminal.run("clear; bg")
        self.terminal.wait_for("review &")
        state = f"/proc/{self.graft()}/stat"
        wait_until(lambda: Path(state).read_text().rsplit(")", 1)[1].split()[0] == "T", "the stop in the background")
        self.assertEqual(self.modes(), modes)
        self.terminal.run("fg")
        self.terminal.wait_for("› 2  pending", "graft review 2")
        self.press("k", "› 1  pending")
        self.terminal.type("q")
        self.assert_restored(modes, "3 of 3 commits pending")

    def test_pasted_text_is_not_taken_for_keys(self):
        self.open()
        self.review("› 1  pending")
        self.terminal.tmux("set-buffer", "dddaaa\nq")
        self.terminal.tmux("paste-buffer", "-p")
        self.terminal.wait_for("Pasted text is not taken for keys", "› 1  pending")
        self.press("q", "exit=0")
        self.assertEqual(self.series(), SERIES)

    def test_no_color_means_no_color(self):
        self.open()
        self.terminal.run("export NO_COLOR=1")
        self.review("› 1  pending")
        self.terminal.press("Enter")
        self.terminal.wait_for("+ right")
        self.assertFalse(re.search(r"\x1b\[[0-9;]*3[0-7]m", self.terminal.colored_screen))
        self.press("q", "exit=0")

    def test_hostile_text_moves_no_cursor(self):
        hostile = "\x1b[2J\x1b]0;title\x07\u202eevil"
        change = patch("evil.txt", f"+{hostile}\n", "create_file")
        self.open(turn(note("Say \x1b[31mwhat"), *FIX["items"], change), DONE)
        self.review()
        self.terminal.press("Enter")
        self.terminal.wait_for("evil.txt", "^[[2J^[]0;title^G<U+202E>evil")
        self.press("q", "exit=0")

    def test_without_a_terminal_the_list_is_printed(self):
        self.open()
        for flags, world in [([], {}), ([], {"TERM": "dumb"})]:
            run = self.start("review", *flags, "--repo", self.repo.path, env=world).end()
            self.assertEqual(run.exit_code, 0, run.stderr)
            self.assertIn("Say what is right", run.stdout)
            self.assertIn("graft review accept", run.stdout)
            self.assertNotIn("\x1b", run.stdout)
        self.terminal.run(f"TERM=dumb {shlex.quote(str(GRAFT))} review; echo exit=$?")
        self.terminal.wait_for("Say what is right", "graft review accept", "exit=0")
