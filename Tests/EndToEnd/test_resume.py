"""What `graft resume` goes on with, after every kind of end, and what it refuses."""

import json
import os
import shlex
import signal
import unittest

from harness import CHECK, GRAFT, KEY, GraftTest, needs_namespaces, wait_until
from scripted import DONE, FIX, message, note, patch, shell, turn
from terminal import Terminal

ALMOST = turn(note("Come nearer."), patch(diff="@@\n-wrong\n+almost\n"))
REST = turn(note("Say what is right."), patch(diff="@@\n-almost\n+right\n"))
THINKING = turn(message("Done."), delay_ms=600_000)


def is_command(event):
    return event["item"]["type"] == "command_execution"


class ResumeTest(GraftTest):
    def session(self):
        (folder,) = self.state.glob("graft/sessions/2*")
        return folder

    def journal(self):
        text = (self.session() / "journal.jsonl").read_bytes()
        return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]

    def resume(self, repository, *words, server=None, json_view=True, **more):
        """Starts `graft resume`, for which `finish` checks what it checks of every run."""
        if not isinstance(getattr(self, "before", None), dict):
            self.before = repository.state()
        result = self.root / f"graft{self.count + 1}/result.json"
        flags = ["--repo", repository.path, "--result", result, *(["--json"] if json_view else [])]
        return self.start("resume", *words, *flags, server=server, **more)

    def kill(self, process):
        os.kill(process.pid, signal.SIGKILL)
        process.end()
        wait_until(lambda: not self.left_processes(), "the end of what graft started", 10)

    def killed(self, *turns, wait_for=None, matching=lambda event: True, begun=None, flags=(), **more):
        """A run that is killed when an event or a file of its tree has come."""
        repository, server = self.repository(), self.simulate(*turns)
        before = repository.state()
        process = self.begin(repository, *flags, server=server, **more)
        if begun:
            wait_until(lambda: list(self.state.glob(f"graft/sessions/*/*/{begun}")) or list(
                self.state.glob(f"graft/sessions/*/overlays/upper/{begun}")), begun)
        else:
            process.wait_for(wait_for, matching)
        self.kill(process)
        self.before = before
        return repository, server

    def goes_on(self, repository, exit_code, *turns, words=(), verdict=None, **more):
        server = self.simulate(*turns)
        process = self.finish(self.resume(repository, *words, server=server, **more), repository, exit_code, verdict)
        self.assertEqual(server.violations, [])
        return process, server

    def refused(self, repository, *words, say=(), **more):
        before = (self.session() / "journal.jsonl").read_bytes()
        process = self.resume(repository, *words, **more).end()
        self.assertEqual(process.exit_code, 64, process.stdout + process.stderr)
        self.assert_clear(process, *say)
        self.assertEqual((self.session() / "journal.jsonl").read_bytes(), before)
        return process


class Ends(ResumeTest):
    def test_a_run_that_was_killed_while_a_command_ran_goes_on(self):
        repository, _ = self.killed(
            ALMOST, turn(shell("echo one > one.txt", "echo two > two.txt; touch begun; sleep 86384")), begun="begun")
        process, server = self.goes_on(repository, 0, REST, DONE, verdict="fixed")
        (first, *_) = server.requests
        answers = [item for item in first["input"] if item["type"] == "shell_call_output"]
        outcomes = answers[-1]["output"]
        self.assertEqual([outcome["outcome"]["exit_code"] for outcome in outcomes], [0, 130])
        self.assertIn("interrupted", outcomes[1]["stderr"])
        self.assertIn("Its process was killed", first["input"][-1]["content"][0]["text"])
        # What the command had done is a step of its own, and it is not run again.
        self.assert_branch_has(repository, "two.txt", "two")
        started = [event for event in self.journal() if event["type"] == "call.started"]
        self.assertEqual(len(started), len({event["call_id"] for event in started}))
        self.assertEqual(process.result["turns"], 4)
        kinds = [event["type"] for event in self.journal()]
        self.assertEqual((kinds.count("run.resumed"), kinds.count("baseline.completed")), (1, 1))

    def test_ctrl_c_leaves_a_history_that_can_be_sent_on(self):
        repository, server = self.repository(), self.simulate(
            ALMOST, turn(shell("echo begun; sleep 86392", "echo next"), patch("new.txt", "+new\n", "create_file")))
        process = self.begin(repository, server=server)
        process.wait_for("item.started", is_command)
        process.signal(signal.SIGINT)
        self.finish(process, repository, 130, "interrupted")
        events = self.journal()
        calls = [e["item"]["call_id"] for e in events if e["type"] == "response.item" and "call_id" in e["item"]]
        answers = {e["item"]["call_id"]: e["item"] for e in events if e["type"] == "input.item" and "call_id" in e["item"]}
        self.assertEqual(set(calls), set(answers))
        (shell_answer,) = [item for item in answers.values() if item["type"] == "shell_call_output"]
        self.assertEqual(len(shell_answer["output"]), 2)
        self.assertIn("interrupted", shell_answer["output"][0]["stderr"])
        self.assertIn("not run", shell_answer["output"][1]["stderr"])
        _, server = self.goes_on(repository, 0, REST, DONE, verdict="fixed")
        self.assertIn("stopped by SIGINT", server.requests[0]["input"][-1]["content"][0]["text"])

    def test_a_run_whose_budget_was_used_up_goes_on_with_a_new_one(self):
        repository, server = self.repository(), self.simulate(ALMOST)
        self.run_graft(repository, 12, "--max-turns", "1", server=server, verdict="budget")
        process, _ = self.goes_on(repository, 0, REST, DONE, words=("--max-turns", "2"), verdict="fixed")
        self.assertEqual(process.result["turns"], 3)
        self.assertEqual(len(process.result["commits"]), 2)
        resumed = [event for event in process.events if event["type"] == "run.resumed"]
        self.assertEqual((resumed[0]["after"], resumed[0]["max_turns"]), ("budget", 2))

    def test_a_model_that_gave_up_goes_on_with_a_further_prompt(self):
        repository, server = self.repository(), self.simulate(ALMOST, DONE, DONE, DONE, DONE)
        self.run_graft(repository, 10, server=server, verdict="not_fixed")
        name = self.session().name
        _, server = self.goes_on(repository, 0, REST, DONE, words=(name[-4:], "Write the word right."), verdict="fixed")
        last = server.requests[0]["input"][-1]["content"][0]["text"]
        self.assertIn("newest instruction", last)
        self.assertIn("Write the word right.", last)

    def test_a_session_that_is_fixed_takes_a_prompt_and_nothing_else(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        self.run_graft(repository, 0, server=server)
        name = self.session().name
        self.refused(repository, name, say=("has come to its end (fixed)", f"graft resume {name} PROMPT"))
        self.refused(repository, say=("no session", "can go on"))
        more = turn(note("Say more."), patch("more.txt", "+more\n", "create_file"))
        process, _ = self.goes_on(repository, 0, more, DONE, words=("--last", "Say more."), verdict="fixed")
        self.assert_branch_has(repository, "more.txt", "more")
        self.assertEqual(len(process.result["commits"]), 2)

    def test_a_session_goes_on_more_than_once(self):
        repository, _ = self.killed(ALMOST, THINKING, wait_for="request.sent", matching=lambda e: e["turn"] == 2)
        again = self.resume(repository, server=self.simulate(THINKING))
        again.wait_for("request.sent")
        self.kill(again)
        _, server = self.goes_on(repository, 0, REST, DONE, verdict="fixed")
        kinds = [event["type"] for event in self.journal()]
        self.assertEqual((kinds.count("run.resumed"), kinds.count("run.finished")), (2, 1))

    @needs_namespaces
    def test_a_run_that_was_killed_in_its_baseline_begins_with_it(self):
        repository = self.repository({"answer.txt": "wrong\n", ".gitignore": "cache/\n"})
        repository.write({"cache/x": ""})
        command = f"echo more >> answer.txt; touch begun; test -e cache/once || sleep 86391; {CHECK}"
        process = self.begin(repository, server=self.simulate(), command=command)
        wait_until(lambda: list(self.state.glob("graft/sessions/*/tree/begun")), "the command")
        self.kill(process)
        repository.write({"cache/once": ""})
        self.before = repository.state() | {"worktrees": 1}
        _, server = self.goes_on(repository, 0, FIX, DONE, verdict="fixed")
        # What the first try has left is not there: only once was something added, and that is nobody's work.
        kinds = [event["type"] for event in self.journal()]
        self.assertEqual((kinds.count("baseline.completed"), kinds.count("commit.created")), (1, 1))
        self.assertIn("Output:", server.requests[0]["input"][-1]["content"][0]["text"])

    @needs_namespaces
    def test_a_run_that_was_killed_while_it_verified_only_verifies(self):
        repository, server = self.repository({"answer.txt": "wrong\n", ".gitignore": "cache/\n"}), self.simulate(FIX, DONE)
        repository.write({"cache/x": ""})
        process = self.begin(repository, server=server, command=f"{CHECK} && {{ test -e cache/once || sleep 86389; }}")
        wait_until(lambda: list(self.state.glob("graft/sessions/*/verify-*")), "the verification")
        self.kill(process)
        repository.write({"cache/once": ""})
        self.before = repository.state() | {"worktrees": 1}
        process, server = self.goes_on(repository, 0, verdict="fixed")
        self.assertEqual(server.requests, [])

    def test_the_view_shows_what_goes_on_and_how_to_go_on_again(self):
        repository, server = self.repository(), self.simulate(ALMOST)
        run = self.run_graft(repository, 12, "--max-turns", "1", server=server, json_view=False)
        name = self.session().name
        self.assertIn(f"graft resume {name}", run.stdout)
        server = self.simulate(REST, DONE)
        process = self.resume(repository, server=server, json_view=False)
        self.finish(process, repository, 0, "fixed", json_view=False)
        self.assertIn("goes on; it had ended with the verdict budget", process.stdout)
        self.assertIn(CHECK, process.stdout)


class Places(ResumeTest):
    def test_a_tree_that_is_gone_is_made_again(self):
        repository, _ = self.killed(
            ALMOST, turn(shell("sleep 86383")), wait_for="item.started", matching=is_command)
        repository.git("worktree", "remove", "--force", str(self.session() / "tree"))
        self.goes_on(repository, 0, REST, DONE, verdict="fixed")

    def test_what_another_run_has_tidied_up_is_made_again(self):
        repository, _ = self.killed(
            ALMOST, turn(shell("sleep 86382")), wait_for="item.started", matching=is_command)
        name = self.session().name
        other = self.begin(repository, command="true").end()
        self.assertEqual(other.exit_code, 0)
        self.before["worktrees"] = 1
        server = self.simulate(REST, DONE)
        self.finish(self.resume(repository, name, server=server), repository, 0, "fixed")

    @needs_namespaces
    def test_an_overlay_is_mounted_again_with_what_was_left_in_it(self):
        change = turn(shell("echo two > two.txt; touch begun; sleep 86381"))
        repository, _ = self.killed(ALMOST, change, begun="begun", flags=("--tree", "overlay"))
        self.goes_on(repository, 0, REST, DONE, verdict="fixed")
        self.assert_branch_has(repository, "two.txt", "two")

    @needs_namespaces
    def test_an_overlay_that_is_gone_is_made_of_a_checkout_that_has_gone_on(self):
        repository, server = self.repository(), self.simulate(ALMOST)
        self.run_graft(repository, 12, "--max-turns", "1", "--tree", "overlay", server=server, verdict="budget")
        repository.write({"answer.txt": "other\n", "mine.txt": "mine\n"})
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", "Mine")
        self.before = repository.state()
        self.goes_on(repository, 0, REST, DONE, verdict="fixed")
        (branch,) = self.branches(repository)
        self.assertEqual(repository.git("ls-tree", "--name-only", branch), "answer.txt")

    def test_a_checkout_itself_is_worked_in_again(self):
        repository, _ = self.killed(
            ALMOST, turn(shell("sleep 86378")), wait_for="item.started", matching=is_command, flags=("--in-place",))
        server = self.simulate(REST, DONE)
        self.finish(self.resume(repository, server=server), repository, 0, "fixed", in_place=True)
        self.assertEqual((repository.path / "answer.txt").read_text(), "right\n")

    @needs_namespaces
    def test_what_commands_had_changed_in_ignored_folders_is_there_again(self):
        repository = self.repository({"answer.txt": "wrong\n", ".gitignore": "cache/\nbuild/\n"})
        repository.write({"cache/x": "", "build/x": ""})
        change = turn(shell("echo built > build/made; touch cache/begun; sleep 86377"))
        process = self.begin(repository, server=self.simulate(change))
        wait_until(lambda: list(self.state.glob("graft/sessions/*/overlays/*/upper/begun")), "the command")
        self.kill(process)
        # Another folder, which comes first, must not get these changes.
        repository.write({"a/x": ""})
        (repository.path / ".git/info/exclude").write_text("a/\n")
        self.before = repository.state() | {"worktrees": 1}
        _, server = self.goes_on(repository, 0, turn(shell("cat build/made; ls a")), FIX, DONE, verdict="fixed")
        (answer,) = [item for item in server.requests[1]["input"] if item["type"] == "shell_call_output"]
        self.assertEqual(answer["output"][0]["stdout"], "built\nx\n")

    def test_locks_of_the_process_that_died_are_in_nobodys_way(self):
        repository, _ = self.killed(
            ALMOST, turn(shell("sleep 86380")), wait_for="item.started", matching=is_command)
        name = self.session().name
        git = repository.path / ".git"
        for lock in (f"refs/graft/{name}/steps.lock", f"refs/heads/graft/{name}.lock", "worktrees/tree/index.lock"):
            (git / lock).touch()
        self.goes_on(repository, 0, REST, DONE, verdict="fixed")

    def test_a_branch_that_was_moved_is_left_alone(self):
        repository, _ = self.killed(
            ALMOST, turn(shell("sleep 86379")), wait_for="item.started", matching=is_command)
        name = self.session().name
        repository.git("update-ref", f"refs/heads/graft/{name}", "HEAD")
        repository.git("commit", "-q", "--allow-empty", "-m", "Mine")
        repository.git("update-ref", f"refs/heads/graft/{name}", "HEAD")
        self.before = repository.state() | {"worktrees": 1}
        server = self.simulate(REST, DONE)
        process = self.finish(self.resume(repository, server=server), repository, 0, "fixed")
        self.assertEqual(process.result["branch"], f"refs/graft/{name}/steps")
        self.assertTrue(any("has been moved since" in event.get("message", "") for event in process.events))


    def test_a_branch_that_was_deleted_is_made_again(self):
        repository, server = self.repository(), self.simulate(ALMOST)
        self.run_graft(repository, 12, "--max-turns", "1", server=server, verdict="budget")
        name = self.session().name
        repository.git("update-ref", "-d", f"refs/heads/graft/{name}")
        repository.git("update-ref", "-d", f"refs/graft/{name}/steps")
        process, _ = self.goes_on(repository, 0, REST, DONE, verdict="fixed")
        self.assertEqual(process.result["branch"], f"graft/{name}")
        self.assertEqual(len(self.commits(repository)), 2)

    def test_steps_that_somebody_has_moved_are_not_gone_on_from(self):
        repository, server = self.repository(), self.simulate(ALMOST)
        self.run_graft(repository, 12, "--max-turns", "1", server=server, verdict="budget")
        name = self.session().name
        repository.git("update-ref", f"refs/graft/{name}/steps", "HEAD")
        process = self.resume(repository, server=self.simulate()).end()
        self.assertEqual(process.exit_code, 64)
        self.assert_clear(process, "not at the session's last step", "git update-ref")


class Refusals(ResumeTest):
    def killed_early(self):
        return self.killed(ALMOST, THINKING, wait_for="request.sent", matching=lambda event: event["turn"] == 2)[0]

    def test_a_session_that_is_in_use_is_refused_with_its_process(self):
        repository, server = self.repository(), self.simulate(THINKING)
        process = self.begin(repository, server=server)
        process.wait_for("request.sent")
        other = self.resume(repository, self.session().name).end()
        self.assertEqual(other.exit_code, 64)
        self.assert_clear(other, "in use by another run", f"process {process.pid}")
        process.signal(signal.SIGINT)
        self.before = repository.state() | {"worktrees": 1}
        process.end()

    def test_what_cannot_be_gone_on_with_is_said(self):
        repository = self.killed_early()
        name, journal = self.session().name, self.session() / "journal.jsonl"
        whole = journal.read_bytes()
        self.refused(repository, "nosuch", say=("there is no session", "graft resume --last nosuch"))
        journal.write_bytes(whole[: whole.index(b"\n") + 1])
        self.refused(repository, name, say=("stopped before anything was begun",))
        journal.write_bytes(whole.replace(b'{"type":"turn.started"', b'{"type":"turn.st\n', 1))
        self.refused(repository, name, say=("damaged in line",))
        journal.write_bytes(whole + b'{"type":"mind.read","t_ms":1}\n')
        self.refused(repository, name, say=('"mind.read"', "version"))
        journal.write_bytes(whole)
        os.rename(repository.path, self.root / "moved")
        process = self.start("resume", name, "--json").end()
        self.assertEqual((process.exit_code, process.events[-1]["verdict"]), (64, "usage"))
        self.assert_clear(process, "is not there any more")
        os.rename(self.root / "moved", repository.path)
        process = self.resume(repository, env={"OPENAI_API_KEY": None}).end()
        self.assertEqual((process.exit_code, process.events[-1]["verdict"]), (21, "credentials"))
        self.assertEqual(journal.read_bytes(), whole)

    def test_words_that_contradict_each_other_are_refused(self):
        for words in (["--last", "a", "b"], ["--list", "x"], ["--in-place"], ["--tree", "overlay"]):
            process = self.start("resume", *words).end()
            self.assertEqual(process.exit_code, 64, words)

    def test_sessions_that_can_go_on_are_listed(self):
        repository = self.killed_early()
        listed = self.start("resume", "--list", "--json", "--repo", repository.path).end()
        (session,) = json.loads(listed.stdout)["sessions"]
        self.assertEqual((session["id"], session["state"]), (self.session().name, "crashed"))
        shown = self.start("resume", "--list", "--repo", repository.path).end()
        self.assertIn(session["id"], shown.stdout)


@unittest.skipUnless(Terminal.is_there(), "tmux is not installed")
class Choosing(GraftTest):
    def test_a_person_chooses_among_several_sessions(self):
        repository = self.repository()
        for flag in ("--max-turns", "--max-turns"):
            self.run_graft(repository, 12, flag, "1", server=self.simulate(ALMOST), verdict="budget")
        names = sorted((folder.name for folder in self.state.glob("graft/sessions/2*")), reverse=True)
        server = self.simulate(REST, DONE)
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url}
        terminal = Terminal(self.root, world, columns=120, rows=40)
        self.addCleanup(terminal.close)
        terminal.run(f"cd {shlex.quote(str(repository.path))} && clear && {shlex.quote(str(GRAFT))} resume; echo exit=$?")
        terminal.wait_for(f"1  {names[0]}", f"2  {names[1]}", "Which one [1]?")
        terminal.run("7")
        terminal.wait_for("a number from 1 to 2")
        terminal.run("2")
        terminal.wait_for("exit=0", "fixed")
        self.assertIn(f"graft/{names[1]}", terminal.screen)
