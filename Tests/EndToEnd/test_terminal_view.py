"""What a run shows on a terminal while it happens."""

import contextlib
import json
import os
import pty
import re
import select
import shlex
import time
import unittest

from harness import CHECK, GRAFT, KEY, GraftTest
from scripted import DONE, FIX, function, message, note, patch, shell, turn
from terminal import Terminal


SLOW = "for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.8; done"
WORDS = "I looked at **answer.txt**, which says `wrong`, although the check that decides looks for another word in it."


@unittest.skipUnless(Terminal.is_there(), "tmux is not installed")
class TerminalTest(GraftTest):
    def begin_at(self, columns, *turns, rows=50, line=f"fix -- {shlex.quote(CHECK)}", files=None, own=None, **env):
        self.repo, server = self.repository(files), self.simulate(*turns)
        if own:
            self.repo.write(own)
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, **env}
        self.terminal = Terminal(self.root, world, columns=columns, rows=rows)
        self.addCleanup(self.terminal.close)
        self.terminal.run(f"cd {self.repo.path}; clear")
        self.terminal.wait_without("clear")
        self.terminal.run(f"{shlex.quote(str(GRAFT))} {line}; echo exit=$?")

    def lines(self, start):
        return [line for line in self.terminal.screen.splitlines() if line.startswith(start)]


class StatusTest(TerminalTest):
    def test_the_status_fills_the_line_and_no_more(self):
        words = " ".join(f"word{number}" for number in range(10, 40))
        command = f"true {words}; sleep 3"
        for columns in (60, 120):
            with self.subTest(columns):
                self.setUp()
                self.begin_at(columns, turn(shell(command)), FIX, DONE)
                self.terminal.wait_for("… · 1 s")
                (line,) = self.lines("· $ true")
                self.assertIn(len(line), (columns - 2, columns - 1))
                self.terminal.wait_for("exit=0")
                self.assertNotIn("· $ true", self.terminal.screen)

    def test_a_patch_that_is_being_written_is_told_with_its_file_and_the_time(self):
        self.begin_at(80, {**turn(note("Say what is right."), patch()), "item_delay_ms": 2500}, DONE)
        self.terminal.wait_for("Say what is right.", "· writing a patch · answer.txt · 1 s · ctrl-C stops")
        self.terminal.wait_for("exit=0")
        self.assertNotIn("writing a patch", self.terminal.screen)

    def test_a_command_shows_its_last_lines_while_it_runs(self):
        self.begin_at(100, turn(shell(SLOW)), FIX, DONE)
        self.terminal.wait_for("· $ for i in", "  line 4\n")
        self.assertNotIn("  line 1\n", self.terminal.screen)
        self.assertNotIn("exit 0", self.terminal.screen)
        self.terminal.wait_for("exit=0")
        (first,) = [index for index, line in enumerate(self.terminal.screen.splitlines()) if line == f"$ {SLOW}"]
        after = self.terminal.screen.splitlines()[first + 1 :]
        self.assertEqual(after[:7], ["  … 2 lines above", *[f"  line {number}" for number in range(3, 9)]])

    def test_a_line_that_comes_right_after_another_is_not_late(self):
        pairs = "for i in 1 2 3 4 5; do echo first $i; sleep 0.03; echo second $i; sleep 1.27; done"
        repository, server = self.repository(), self.simulate(turn(shell(pairs)), FIX, DONE)
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "TERM": "xterm-256color"}
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(repository.path)
            os.execve(GRAFT, [str(GRAFT), "fix", "--", CHECK], world)
        shown, seen = b"", {}
        end = time.monotonic() + 40
        with contextlib.suppress(OSError):
            while select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
                shown += os.read(terminal, 4096)
                for word in re.findall(rb"  ((?:first|second) \d)\b", shown):
                    seen.setdefault(word.decode(), time.monotonic())
        os.close(terminal)
        os.waitpid(pid, 0)
        self.assertIn("second 5", seen, shown.decode(errors="replace"))
        waits = [seen[f"second {number}"] - seen[f"first {number}"] for number in range(1, 6)]
        self.assertLess(max(waits), 0.6, waits)

    def test_the_command_that_decides_shows_its_lines_too(self):
        self.begin_at(80, FIX, DONE, line=f"fix -- {shlex.quote(f'{SLOW}; {CHECK}')}")
        self.terminal.wait_for("· $ for i in", "  line 4\n")
        self.assertNotIn("before:", self.terminal.screen)
        self.terminal.wait_for("· verifying ", "  line 4\n")
        self.terminal.wait_for("exit=0")

    def test_the_model_is_waited_for_in_words(self):
        self.begin_at(80, {**turn(patch()), "delay_ms": 2500}, DONE)
        self.terminal.wait_for("· thinking (turn 1) · 1 s · ctrl-C stops")
        self.terminal.wait_for("exit=0")
        self.assertNotIn("thinking", self.terminal.screen)

    def test_without_colours_there_is_no_escape_of_style(self):
        self.begin_at(80, turn(note(WORDS), shell(SLOW)), FIX, DONE, NO_COLOR="1")
        self.terminal.wait_for("  line 4\n", "· $ for i in", "**answer.txt**", "`wrong`")
        self.assertNotIn("\x1b[", self.terminal.colored_screen)
        self.terminal.wait_for("exit=0")
        self.assertNotIn("\x1b[", self.terminal.colored_screen)

    def test_a_dumb_terminal_and_a_pipe_get_lines_alone(self):
        for line in (f"TERM=dumb {{}} fix -- {shlex.quote(CHECK)}", f"{{}} fix -- {shlex.quote(CHECK)} | cat -v"):
            with self.subTest(line):
                self.setUp()
                self.begin_at(80, turn(note(WORDS), shell("sleep 1.5; echo out")), FIX, DONE, line="--version")
                self.terminal.wait_for("exit=0")
                self.terminal.run("clear; " + line.format(shlex.quote(str(GRAFT))) + "; echo end=$?")
                self.terminal.wait_for("end=0")
                screen = self.terminal.colored_screen
                for mark in ("\x1b[", "^[", "ctrl-C stops"):
                    self.assertNotIn(mark, screen)
                self.assertIn("**answer.txt**", screen)


class TypingTest(TerminalTest):
    ECHO = 'stty -a | grep -q " echo " && echo is$((0))on'

    def test_what_is_typed_leaves_nothing_on_the_screen_and_the_echo_comes_back(self):
        self.begin_at(80, turn(shell(SLOW)), FIX, DONE)
        self.terminal.wait_for("  line 2\n")
        self.terminal.type("use tabs")
        self.terminal.wait_for("  line 6\n")
        self.assertNotIn("use tabs", self.terminal.screen)
        self.terminal.wait_for("exit=0")
        self.terminal.press("C-u")
        self.terminal.run(self.ECHO)
        self.terminal.wait_for("is0on")

    def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(self):
        self.begin_at(80, turn(shell(SLOW)), FIX, DONE)
        self.terminal.wait_for("  line 2\n")
        self.terminal.press("C-z")
        self.terminal.wait_for("Stopped")
        self.assertNotIn("ctrl-C stops", self.terminal.screen)
        self.terminal.run(self.ECHO)
        self.terminal.wait_for("is0on")
        self.terminal.run("clear; fg")
        self.terminal.wait_for("fixed: the command passes", "exit 0, ")
        self.terminal.run(self.ECHO + "; echo end")
        self.terminal.wait_for("is0on\nend")

    def test_the_echo_comes_back_however_the_run_ends(self):
        for keys in (["C-c"], ["C-c", "C-c"], ["C-\\"]):
            with self.subTest(keys):
                self.setUp()
                self.begin_at(80, turn(shell("trap '' INT TERM; echo begun; sleep 30")))
                self.terminal.wait_for("  begun")
                self.terminal.press(*keys)
                self.terminal.wait_for("exit=13")
                self.terminal.run("clear; " + self.ECHO)
                self.terminal.wait_for("is0on")

    def test_a_line_of_status_that_a_narrower_terminal_breaks_is_taken_away(self):
        self.begin_at(100, turn(shell(SLOW + "  # " + "words " * 10)), FIX, DONE)
        self.terminal.wait_for("  line 2\n")
        self.terminal.resize(50, 50)
        self.terminal.wait_for("exit=0")
        self.assertEqual(self.terminal.screen.count("for i in"), 1)
        self.assertNotIn("ctrl-C stops", self.terminal.screen)


class WrapTest(TerminalTest):
    def test_words_are_whole_at_every_width(self):
        text = WORDS + "\n\n- the `answer` is changed, and nothing else in this repository is, as far as anybody can tell"
        for columns in (40, 80, 120):
            with self.subTest(columns):
                self.setUp()
                self.begin_at(columns, {**turn(note(text), patch()), "delta_bytes": 3}, DONE)
                self.terminal.wait_for("exit=0")
                screen = self.terminal.tmux("capture-pane", "-p", "-S", "-100")
                flat = " ".join(screen.split())
                self.assertIn(WORDS.replace("*", "").replace("`", ""), flat)
                self.assertIn("only the working tree is writable, no network", flat)
                self.assertIn("the command passes on commit", flat)
                self.assertIn("git log -p", flat)
                item = screen.splitlines().index(next(line for line in screen.splitlines() if line.startswith("- the answer")))
                if columns < 120:
                    self.assertTrue(screen.splitlines()[item + 1].startswith("  "), screen)
                # The joined capture has the lines as the program wrote them: none was broken by the terminal.
                joined = self.terminal.tmux("capture-pane", "-p", "-J", "-S", "-100").splitlines()
                self.assertEqual([line for line in joined if len(line.rstrip()) >= columns and line[0] != "$"], [])
                self.terminal.close()

    def test_bold_words_and_code_are_shown_as_such(self):
        self.begin_at(80, turn(note(WORDS), patch()), DONE)
        self.terminal.wait_for("exit=0")
        self.assertIn("\x1b[1manswer.txt", self.terminal.colored_screen)
        self.assertIn("\x1b[36mwrong", self.terminal.colored_screen)

    def test_two_messages_of_one_response_are_shown_once_each(self):
        self.begin_at(80, turn(note("First words."), note("Second words."), patch()), DONE)
        self.terminal.wait_for("exit=0")
        for words in ("First words.", "Second words."):
            self.assertEqual([line for line in self.terminal.screen.splitlines() if line == words], [words])


class EndTest(TerminalTest):
    def test_ctrl_c_with_nothing_committed_leaves_no_branch_and_no_hints(self):
        self.begin_at(80, turn(shell("echo begun; sleep 30")), line="run 'do it'", own={"own.txt": "mine\n"})
        self.terminal.wait_for("  begun")
        self.terminal.press("C-c")
        self.terminal.wait_for("exit=130", "interrupted: stopped by SIGINT")
        for hint in ("Commits on", "look:", "take:", "drop:", "verify:"):
            self.assertNotIn(hint, self.terminal.screen)
        self.assertEqual(self.branches(self.repo), [])
        self.assertEqual((self.repo.path / "own.txt").read_text(), "mine\n")

    def test_what_nothing_proves_ends_calmly_and_says_how_to_prove_it(self):
        files = {"answer.txt": "wrong\n", "Makefile": "test:\n\ttrue\n"}
        self.begin_at(80, FIX, DONE, line="run 'Say what is right.'", files=files)
        self.terminal.wait_for("exit=11", "● done, not verified")
        self.assertIn("\x1b[33m● done, not verified", self.terminal.colored_screen)
        self.assertNotIn("✗", self.terminal.screen)
        self.assertIn("task       Say what is right.", self.terminal.screen)
        flat = " ".join(self.terminal.screen.split())
        self.assertIn("verify: graft review verify -- 'make test'", flat)
        self.assertIn("`make test` is here: graft run --verify 'make test' …, or verify = \"make test\" in", flat)
        self.terminal.run("clear; " + shlex.quote(str(GRAFT)) + " review verify -- 'grep -q right answer.txt'; echo exit=$?")
        self.terminal.wait_for("✓ passes", "exit=0")


class ViewTest(GraftTest):
    def test_each_patch_of_a_response_stands_with_its_own_difference(self):
        other = patch("other.txt", "@@\n-a\n+b\n")
        files = {"answer.txt": "wrong\n", "other.txt": "a\n"}
        run, _, _ = self.fix(0, turn(patch(), other), DONE, files=files, json_view=False)
        first = run.stdout.index("M answer.txt\n@@ ")
        second = run.stdout.index("M other.txt\n@@ ")
        self.assertLess(first, run.stdout.index("+right"))
        self.assertLess(run.stdout.index("+right"), second)
        for head in ("diff --git", "index ", "--- ", "+++ "):
            self.assertNotIn("\n" + head, run.stdout)

    def test_a_patch_of_several_files_has_a_heading_for_each(self):
        both = "*** Begin Patch\n*** Update File: answer.txt\n@@\n-wrong\n+right\n*** Add File: new.sh\n+echo\n*** End Patch\n"
        call = function("apply_patch", json.dumps({"patch": both}))
        repository, server = self.repository(), self.simulate(turn(call), DONE)
        run = self.run_graft(repository, 0, "--provider", "compatible", server=server, json_view=False)
        self.assertIn("\nM answer.txt\n@@ -1 +1 @@\n-wrong\n+right\n\nA new.sh\n@@ -0,0 +1 @@\n+echo\n", run.stdout)

    def test_a_commit_does_not_stand_in_the_middle_of_a_message(self):
        words = message(" ".join(f"word{number}" for number in range(2000)) + ".", "commentary")
        long = {**turn(words, patch()), "delta_bytes": 2}
        files = {"answer.txt": "wrong\n", "other.txt": "a\n"}
        run, _, _ = self.fix(0, turn(shell("rm other.txt")), long, DONE, files=files, json_view=False)
        self.assertIn("  commit ", run.stdout)
        for line in run.stdout.splitlines():
            self.assertEqual(line.find("  commit "), 0 if "  commit " in line else -1, line[-200:])

    def test_a_command_whose_status_is_that_of_a_part_is_pointed_out(self):
        run, _, _ = self.fix(0, FIX, DONE, command="cat answer.txt | grep -q right", json_view=False)
        self.assertIn("! only the exit status of the last part of the command counts", run.stdout)
        repository = self.repository(name="other")
        self.run_graft(repository, 0, server=self.simulate(FIX, DONE), json_view=False)

    def test_a_run_without_a_name_for_its_commits_says_so(self):
        (self.root / "home/.gitconfig").write_text("")
        ann = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b.c"}
        self.world.update(ann)
        repository = self.repository()
        for name in ann:
            del self.world[name]
        run = self.run_graft(repository, 0, server=self.simulate(FIX, DONE), json_view=False)
        self.assertIn("! the session's commits are by Graft <graft@localhost>", run.stdout)


class AskTest(TerminalTest):
    ANSWER = "It is **decided** in the `answer` file, which is read once and then kept for as long as the program runs."

    def test_an_answer_is_wrapped_and_its_marks_are_shown_as_tones(self):
        self.begin_at(60, turn(message(self.ANSWER)), line="ask --no-repo why")
        self.terminal.wait_for("exit=0")
        screen = self.terminal.screen
        self.assertIn("It is decided in the answer file, which is read once and\nthen kept", screen)
        self.assertNotIn("writing", screen)

    def test_what_is_waited_for_is_told(self):
        look = {**turn(note("I look at it."), shell("echo seen; sleep 2.5")), "item_delay_ms": 1200}
        self.begin_at(80, look, turn(message("Right.")), line="ask 'what does answer.txt say?'")
        self.terminal.wait_for("I look at it.")
        self.terminal.wait_for("· $ echo seen; sleep 2.5", "  seen", "ctrl-C stops")
        self.terminal.wait_for("Right.\nexit=0")
        screen = self.terminal.screen
        self.assertIn("$ echo seen; sleep 2.5", screen)
        self.assertNotIn("ctrl-C", screen)

    def test_a_question_that_is_stopped_gives_the_terminal_back(self):
        self.begin_at(80, {**turn(message("Late.")), "delay_ms": 20_000}, line="ask --no-repo why")
        self.terminal.wait_for("ctrl-C stops")
        self.terminal.press("C-c")
        self.terminal.wait_for("exit=130")
        self.terminal.run("echo typed")
        self.terminal.wait_for("$ echo typed")


if __name__ == "__main__":
    unittest.main()
