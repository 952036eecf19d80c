"""graft ask in a repository: the model looks at the checkout, and nothing is changed or kept."""

import json
import os
import signal
import unittest

from harness import GraftTest, Repository, needs_namespaces, wait_until
from scripted import function, message, note, patch, shell, turn

ANSWER = "It says wrong: `answer.txt:1`."
FILES = {"answer.txt": "wrong\n", "lib/deep.txt": "deep\n", ".gitignore": ".env\nbuild/\n"}


class LookingTest(GraftTest):
    def setUp(self):
        super().setUp()
        self.temporary = self.root / "temporary"
        self.temporary.mkdir()

    def ask(self, repository, *turns, code=0, words=("--repo",), server=None, env=None):
        """Asks, and checks that nothing has changed and nothing is left."""
        self.server = server or self.simulate(*turns)
        before = repository.state()
        world = {"TMPDIR": str(self.temporary), **(env or {})}
        place = [*words, repository.path] if words == ("--repo",) else words
        process = self.start("ask", "What does it say?", *place, server=self.server, env=world).end()
        self.assertEqual(process.exit_code, code, process.stderr)
        self.assertEqual(repository.state(), before)
        self.assertEqual(list(self.state.iterdir()), [], "a question leaves no session")
        self.assertEqual(list(self.temporary.iterdir()), [], "a question leaves no temporary files")
        self.assertEqual(self.left_processes(), [])
        return process

    def answers(self):
        """What the model was answered, as text."""
        return json.dumps(self.server.inputs, ensure_ascii=False)


class Looking(LookingTest):
    def test_the_model_looks_at_the_checkout_with_its_uncommitted_work(self):
        repository = self.repository(FILES)
        repository.write({"answer.txt": "wrong and uncommitted\n", "new.txt": "untracked\n"})
        process = self.ask(
            repository, turn(note("I look."), shell("cat answer.txt new.txt lib/deep.txt", "pwd")), turn(message(ANSWER)))
        self.assertEqual(process.stdout, ANSWER + "\n")
        self.assertEqual(process.stderr, "")
        for text in ("wrong and uncommitted", "untracked", "deep"):
            self.assertIn(text, self.answers())

    @needs_namespaces
    def test_nothing_can_be_changed(self):
        repository = self.repository(FILES)
        outside = self.root / "outside"
        self.ask(
            repository,
            turn(
                shell(
                    "echo x > answer.txt; echo x > new; mkdir folder; rm -r lib; git commit -q --allow-empty -m x; "
                    f"git branch b; git config a.b c; touch {outside}; echo kept > /tmp/kept && echo tmp works",
                    "cat /tmp/kept"),
                patch(), function("apply_patch", {"patch": "x"}), function("run_with_permission", {"command": "x"})),
            turn(message(ANSWER)))
        self.assertIn("tmp works", self.answers())
        self.assertIn("kept\\\\n", json.dumps(self.answers()))
        self.assertIn("there is no tool named", self.answers())
        self.assertFalse(outside.exists())

    @needs_namespaces
    def test_secrets_are_hidden_as_they_are_in_a_run(self):
        repository = self.repository(FILES)
        (self.root / "home/.ssh").mkdir(parents=True)
        (self.root / "home/.ssh/id_ed25519").write_text("SECRET-A")
        world = {"HOME": str(self.root / "home"), "SOME_TOKEN": "SECRET-B"}
        self.ask(
            repository, turn(shell("cat ~/.ssh/*; env; cat /proc/*/environ | tr '\\0' '\\n'; echo looked")),
            turn(message(ANSWER)), env=world)
        self.assertIn("looked", self.answers())
        for secret in ("SECRET-A", "SECRET-B", "OPENAI_API_KEY"):
            self.assertNotIn(secret, self.answers())

    @needs_namespaces
    def test_what_git_ignores_and_git_keeps_secret_is_hidden(self):
        repository = self.repository(FILES)
        repository.write({".env": "SECRET-A\n", "lib/.env": "SECRET-B\n", "build/out": "built\n"})
        repository.git("config", "http.https://example.org/.extraheader", "Authorization: SECRET-C")
        repository.git("remote", "add", "origin", "https://me:SECRET-D@example.org/x")
        self.ask(
            repository, turn(
                shell(f"cat .env lib/.env build/out {repository.path}/.env; cat .git/config; git config --list; git log -1",
                      "git status --short; git branch")),
            turn(message(ANSWER)))
        for text in ("built", "https://example.org/x", "Ann", "* main"):
            self.assertIn(text, self.answers())
        self.assertNotIn("SECRET", self.answers())

    def test_servers_and_long_outputs_are_at_hand(self):
        repository = self.repository(FILES)
        self.ask(
            repository,
            turn(function("start_command", {"command": "echo ready; sleep 600", "until": "ready", "wait_ms": 9000})),
            turn(function("poll_command", {"handle": "p1", "wait_ms": 1}), shell("seq 99999")),
            turn(message(ANSWER)))
        self.assertIn("ready", self.answers())

    def test_the_question_says_where_it_was_asked(self):
        repository = self.repository(FILES)
        server = self.simulate(turn(message(ANSWER)))
        self.start("ask", "Why?", "--repo", repository.path / "lib", server=server).end()
        (request,) = server.lines("request")
        self.assertEqual(request["transport"], "http", "a question without commands needs no socket")
        text = json.dumps(request["body"]["input"])
        self.assertIn(f"Repository: {repository.path}", text)
        self.assertIn("Asked from: lib", text)
        self.assertIn(repository.git("rev-parse", "HEAD"), text)
        self.assertIn("shell", json.dumps(request["body"]["tools"]))

    def test_what_follows_commands_goes_over_a_socket(self):
        repository = self.repository(FILES)
        self.ask(repository, turn(shell("cat answer.txt")), turn(shell("ls")), turn(message(ANSWER)))
        self.assertEqual(
            [request["transport"] for request in self.server.lines("request")], ["http", "websocket", "websocket"])

    def test_a_repository_without_a_commit_can_be_looked_at(self):
        repository = self.repository(FILES)
        repository.git("checkout", "-q", "--orphan", "fresh")
        self.ask(repository, turn(shell("cat answer.txt")), turn(message(ANSWER)))
        self.assertIn("wrong", self.answers())

    def test_the_turns_are_bounded(self):
        repository = self.repository(FILES)
        process = self.ask(
            repository, turn(shell("ls")), turn(shell("ls")), code=12,
            words=("--max-turns", "2", "--repo", repository.path))
        self.assertIn("2 turns are used up (--max-turns)", process.stderr)

    def test_an_answer_that_is_cut_short_after_commands_is_told_of(self):
        repository = self.repository(FILES)
        process = self.ask(
            repository, turn(shell("ls")), turn(message("Bec"), terminal="incomplete"), code=20)
        self.assertIn("cut short", process.stderr)
        self.assertEqual(process.stdout, "Bec\n")

    @needs_namespaces
    def test_ctrl_c_ends_what_runs(self):
        repository = self.repository(FILES)
        server = self.simulate(turn(shell("touch /tmp/started; sleep 600")))
        process = self.start(
            "ask", "Why?", "--repo", repository.path, server=server, env={"TMPDIR": str(self.temporary)})
        wait_until(lambda: list(self.temporary.glob("*/tmp/started")), "the command")
        process.signal(signal.SIGINT)
        process.end()
        self.assertEqual(process.exit_code, 130, process.stderr)
        self.assertEqual(list(self.temporary.iterdir()), [])
        wait_until(lambda: not self.left_processes(), "the end of the command", 5)


class WithoutRepository(LookingTest):
    def only_request(self, process, server):
        self.assertEqual((process.exit_code, process.stdout), (0, ANSWER + "\n"), process.stderr)
        (request,) = server.lines("request")
        self.assertFalse(request["body"].get("tools"))
        self.assertEqual(len(request["body"]["input"]), 1)
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_a_question_alone_has_no_tools(self):
        repository = self.repository(FILES)
        bare = self.root / "bare.git"
        repository.git("clone", "-q", "--bare", repository.path, bare)
        for words, folder in (((), self.root), (("--no-repo",), repository.path), ((), bare)):
            with self.subTest(words=words, folder=folder):
                server = self.simulate(turn(message(ANSWER)))
                process = self.start(
                    "ask", "Why?", *words, server=server, env={"TMPDIR": str(self.temporary)},
                    prefix=("env", "-C", str(folder))).end()
                self.only_request(process, server)
                self.assertEqual(process.stderr, "")

    def test_a_repository_that_cannot_be_used_is_told_of(self):
        repository = self.repository({**FILES, ".graft/config.toml": "nonsense = true\n"})
        server = self.simulate(turn(message(ANSWER)))
        process = self.start("ask", "Why?", server=server, prefix=("env", "-C", str(repository.path))).end()
        self.only_request(process, server)
        self.assertIn("asked without the repository", process.stderr)
        process = self.start("ask", "Why?", "--repo", repository.path, server=server).end()
        self.assertEqual(process.exit_code, 64)
        process = self.start("ask", "Why?", "--repo", self.root, server=server).end()
        self.assertEqual(process.exit_code, 64)
        self.assertIn("not in a git repository", process.stderr)

    def test_where_no_command_can_run_the_model_answers_without(self):
        repository = self.repository(FILES)
        process = self.ask(
            repository, turn(shell("cat answer.txt")), turn(message(ANSWER)),
            env={"TMPDIR": str(self.root / "missing")})
        self.assertIn("no command can be run", process.stderr)
        self.assertIn("no command can be run", self.answers())
        self.assertEqual(process.stdout, ANSWER + "\n")


if __name__ == "__main__":
    unittest.main()
