"""What happens when the model asks for more rights: without a terminal, by rules, and with somebody at one."""

import http.server
import json
import shlex
import threading

from harness import CHECK, GRAFT, GraftTest, KEY, needs_namespaces, wait_until
from scripted import DONE, FIX, shell, turn
from terminal import Terminal

QUESTION = "n = no:"


def permission(command, reason="It is needed.", **rights):
    arguments = json.dumps({"command": command, "reason": reason, **rights})
    return {"type": "function_call", "name": "run_with_permission", "arguments": arguments}


class Host:
    """A server on this machine that greets."""

    def __init__(self):
        class Greeting(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "8")
                self.end_headers()
                self.wfile.write(b"welcome\n")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Greeting)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.name = f"127.0.0.1:{self.server.server_port}"
        # The address is one of those that a proxy is not used for.
        code = (
            "import urllib.request as r, os; "
            "h = r.ProxyHandler(dict(http=os.environ.get(\"HTTP_PROXY\", \"http://127.0.0.1:3128\"))); "
            f"r.proxy_bypass = lambda *_: False; print(r.build_opener(h).open(\"http://{self.name}/\", timeout=5).read())"
        )
        self.line = f"python3 -c '{code}' 2>&1 | tail -1"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class ApprovalTest(GraftTest):
    def setUp(self):
        super().setUp()
        self.outside = self.root / "home/outside"
        self.outside.mkdir()

    def host(self):
        host = Host()
        self.addCleanup(host.stop)
        return host

    def configure(self, text):
        folder = self.root / "config/graft"
        folder.mkdir(exist_ok=True)
        (folder / "config.toml").write_text(text)

    def asked(self, process):
        """What was decided, in order; each has been requested before."""
        events = [event for event in process.events if event["type"].startswith("approval.")]
        pairs = list(zip(events[::2], events[1::2]))
        self.assertEqual([event["type"] for event in events], ["approval.requested", "approval.decided"] * len(pairs))
        for requested, decided in pairs:
            self.assertEqual((requested["command"], requested["rights"]), (decided["command"], decided["rights"]))
        return [(decided["decision"], decided["by"]) for _, decided in pairs]

    def told(self, server):
        """What the model was answered, call by call."""
        answers = {}
        for item in server.inputs:
            if item["type"] == "function_call_output":
                answers[item["call_id"]] = item["output"]
        return list(answers.values())


class Headless(ApprovalTest):
    @needs_namespaces
    def test_without_a_terminal_the_answer_is_no_at_once(self):
        ask = turn(permission(f"echo x > {self.outside}/a", write=[str(self.outside)], network=["example.org"]))
        process, _, server = self.fix(0, ask, FIX, DONE)
        self.assertEqual(self.asked(process), [("no", "headless")])
        (answer,) = self.told(server)
        self.assertIn("nobody is there", answer)
        self.assertIn("not run", answer)
        self.assertEqual(list(self.outside.iterdir()), [])
        self.assertLess(process.seconds, 20)
        (event,) = [event for event in process.events if event["type"] == "approval.requested"]
        self.assertEqual(event["rights"], {"network": ["example.org"], "write": [str(self.outside)]})

    def test_servers_without_tools_of_their_own_have_it_too(self):
        ask = turn(permission("true", network="all"))
        change = turn({"type": "function_call", "name": "shell", "arguments": '{"commands": ["echo right > answer.txt"]}'})
        repository, server = self.repository(), self.simulate(ask, change, DONE)
        process = self.run_graft(repository, 0, "--provider", "compatible", server=server)
        self.assertEqual(self.asked(process), [("no", "headless")])

    def test_what_nobody_can_allow_is_refused_by_itself(self):
        (self.root / "home/.ssh").mkdir()
        self.configure('[[approve]]\nnetwork = "all"\nwrite = ["/"]\n')
        repository = self.repository()
        # The checkout itself is the tree for commands.
        paths = [f"{repository.path}/.git", "~/.ssh", "~", "/", str(self.root / "config/graft"),
                 str(self.root), str(self.state), "/proc", "/missing"]
        calls = [permission(f"echo x > {path}/graft-was-here", write=[path]) for path in paths]
        server = self.simulate(turn(*calls), FIX, DONE)
        process = self.run_graft(repository, 0, server=server)
        self.assertEqual(self.asked(process), [])
        for path, answer in zip(paths, self.told(server)):
            self.assertTrue("nobody can allow" in answer or "does not exist" in answer, f"{path}: {answer}")
        self.assertEqual([str(path) for path in self.root.rglob("graft-was-here")], [])

    @needs_namespaces
    def test_a_rule_allows_and_the_command_alone_has_the_rights(self):
        host = self.host()
        self.configure(f'[[approve]]\nnetwork = ["{host.name}"]\n[[approve]]\nwrite = ["~/outside"]\n')
        inside, outside = f"cat answer.txt > {self.outside}/a; echo more > more.txt", f"echo y > {self.outside}/b"
        turns = [
            turn(shell(host.line)), turn(permission(host.line, network=[host.name])), turn(shell(host.line)),
            turn(permission(inside, write=["~/outside"])), turn(shell(outside)),
            turn(permission(f"{inside}; {host.line}", network=[host.name], write=["~/outside"])), FIX, DONE,
        ]
        process, repository, server = self.fix(0, *turns)
        outputs = [item["aggregated_output"] for item in process.items("command_execution")]
        self.assertEqual(["welcome" in output for output in outputs], [False, True, False, False, False])
        self.assertEqual(self.asked(process), [("once", "rule"), ("once", "rule"), ("no", "headless")])
        self.assertEqual([path.name for path in self.outside.iterdir()], ["a"])
        # What it changes in the tree is committed like any other's.
        self.assert_branch_has(repository, "more.txt", "more")

    @needs_namespaces
    def test_a_rule_denies_by_itself(self):
        self.configure(
            '[[approve]]\nnetwork = "all"\n[[deny]]\ncommand = "curl"\n[[deny]]\nnetwork = ["*.evil.example"]\n')
        calls = [permission("curl x", network=["a.example"]), permission("true", network=["x.evil.example"]),
                 permission("true", network="all"), permission("echo fine", network=["a.example"])]
        process, _, server = self.fix(0, turn(*calls), FIX, DONE)
        self.assertEqual(self.asked(process), [("no", "rule")] * 3 + [("once", "rule")])
        self.assertIn("A rule in the user's configuration refuses", self.told(server)[0])
        self.assertIn("fine", self.told(server)[3])

    @needs_namespaces
    def test_secrets_stay_masked_and_git_stays_read_only_in_an_allowed_command(self):
        (self.root / "home/.ssh").mkdir()
        (self.root / "home/.ssh/id").write_text("private\n")
        self.configure('[[approve]]\nnetwork = "all"\n[[approve]]\nwrite = ["~/outside"]\n')
        line = "cat ~/.ssh/id; env; echo x >> .git; touch ~/file; d=$(git rev-parse --git-common-dir); touch $d/x; true"
        calls = [permission(line, network="all"), permission(line, write=["~/outside"])]
        process, repository, _ = self.fix(0, turn(*calls), FIX, DONE)
        for item in process.items("command_execution"):
            self.assertNotIn("private", item["aggregated_output"])
            self.assertNotIn(KEY, item["aggregated_output"])
        self.assertEqual(len(process.items("command_execution")), 2)
        self.assertFalse((repository.path / ".git/x").exists())
        self.assertFalse((self.root / "home/file").exists())

    def test_what_the_policy_gives_already_is_not_asked_for(self):
        self.configure('[sandbox]\nwrite = ["~/outside"]\n')
        ask = turn(permission(f"echo x > {self.outside}/a", write=["~/outside"]))
        process, _, _ = self.fix(0, ask, FIX, DONE)
        self.assertEqual(self.asked(process), [])
        self.assertEqual([path.name for path in self.outside.iterdir()], ["a"])

    def test_bad_calls_are_answered(self):
        calls = [permission("true"), permission("true", network=["http://x/"]), permission("true", write=["x"]),
                 {"type": "function_call", "name": "run_with_permission", "arguments": "{}"}]
        process, _, server = self.fix(0, turn(*calls), FIX, DONE)
        self.assertEqual(self.asked(process), [])
        self.assertEqual(len(self.told(server)), 4)


class AtATerminal(ApprovalTest):
    """Somebody sits at a terminal of eighty columns."""

    def begin_at_terminal(self, *turns, flags="", world=None):
        self.repo, self.server = self.repository(), self.simulate(*turns)
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": self.server.url, **(world or {})}
        self.terminal = Terminal(self.root, world, columns=100, rows=40)
        self.addCleanup(self.terminal.close)
        self.terminal.run(f"cd {shlex.quote(str(self.repo.path))}; clear")
        self.terminal.wait_without("cd ")
        self.terminal.run(f"{shlex.quote(str(GRAFT))} fix {flags} -- {shlex.quote(CHECK)}; echo exit=$?")

    def journal(self):
        (file,) = self.state.glob("graft/sessions/*/journal.jsonl")
        return [json.loads(line) for line in file.read_bytes().splitlines()]

    def decisions(self):
        events = [event for event in self.journal() if event["type"] == "approval.decided"]
        return [(event["decision"], event["by"]) for event in events]

    def write(self, name):
        return permission(f"echo x > {self.outside}/{name}", write=["~/outside"])

    def names(self):
        return sorted(path.name for path in self.outside.iterdir())

    def answer(self, text, count=1):
        wait_until(lambda: self.terminal.screen.count(QUESTION) >= count, f"a question on\n{self.terminal.screen}")
        self.terminal.run(text)

    def test_once_is_for_one_time(self):
        self.begin_at_terminal(turn(self.write("a")), turn(self.write("a")), FIX, DONE)
        self.answer("y")
        self.answer("n", count=2)
        self.terminal.wait_for("exit=0")
        self.assertEqual(self.decisions(), [("once", "person"), ("no", "person")])
        self.assertEqual(self.names(), ["a"])
        self.assertIn("The person at the terminal refused", self.told(self.server)[1])

    def test_for_the_session_is_for_this_command_again(self):
        self.begin_at_terminal(turn(self.write("a")), turn(self.write("a")), turn(self.write("b")), FIX, DONE)
        self.answer("s")
        self.answer("", count=2)
        self.terminal.wait_for("exit=0")
        self.assertEqual(self.decisions(), [("session", "person"), ("session", "person"), ("no", "person")])
        self.assertEqual(self.names(), ["a"])

    def test_for_the_session_holds_when_it_goes_on(self):
        self.begin_at_terminal(turn(self.write("a")), turn(shell("rm ~/outside/a; touch begun; sleep 86381")), flags="--max-turns 1")
        self.answer("s")
        self.terminal.wait_for("exit=12")
        (self.outside / "a").unlink()
        server = self.simulate(turn(self.write("a"), self.write("b")), FIX, DONE)
        run = self.start("resume", "--last", "--json", "--repo", self.repo.path, server=server).end()
        self.assertEqual(run.exit_code, 0, run.stdout + run.stderr)
        self.assertEqual(self.asked(run), [("session", "person"), ("no", "headless")])
        self.assertEqual(self.names(), ["a"])
        # Who wants nothing to be allowed any more can say so.
        server = self.simulate(turn(self.write("a")), FIX, DONE)
        run = self.start("resume", "--last", "Again.", "--json", "--approvals", "never", "--repo", self.repo.path,
                         server=server).end()
        self.assertEqual(self.asked(run), [("no", "headless")])

    def test_another_word_is_asked_about_again_and_then_no(self):
        self.begin_at_terminal(turn(self.write("a")), FIX, DONE)
        self.answer("yeah")
        self.terminal.wait_for("graft: y, s or n")
        self.terminal.run("what")
        self.terminal.run("now")
        self.terminal.wait_for("exit=0")
        self.assertEqual((self.decisions(), self.names()), ([("no", "person")], []))

    def test_the_end_of_input_is_no(self):
        self.begin_at_terminal(turn(self.write("a")), FIX, DONE)
        self.terminal.wait_for(QUESTION)
        self.terminal.press("C-d")
        self.terminal.wait_for("exit=0")
        self.assertEqual((self.decisions(), self.names()), ([("no", "person")], []))

    def test_ctrl_c_is_no_and_stops_the_run(self):
        self.begin_at_terminal(turn(self.write("a")), FIX, DONE)
        self.terminal.wait_for(QUESTION)
        self.terminal.press("C-c")
        self.terminal.wait_for("exit=130")
        self.assertEqual((self.decisions(), self.names()), ([("no", "person")], []))
        self.assertEqual(self.journal()[-1]["verdict"], "interrupted")

    def test_what_was_typed_before_the_question_is_no_answer(self):
        self.begin_at_terminal(turn(shell("sleep 1; echo early")), turn(self.write("a")), FIX, DONE)
        self.terminal.wait_for("$ sleep 1")
        self.terminal.run("y")
        self.terminal.wait_for(QUESTION)
        self.assertEqual(self.names(), [])
        self.terminal.run("n")
        self.terminal.wait_for("exit=0")
        self.assertEqual(self.decisions(), [("no", "person")])

    def test_never_asks_nobody(self):
        for flags, world in (("--approvals never", None), ("", {"CI": "true"}), ("--json", None)):
            with self.subTest(flags=flags, world=world):
                self.state.mkdir(exist_ok=True)
                self.begin_again(flags, world)

    def begin_again(self, flags, world):
        name = f"repository-{self.count}"
        repository, server = self.repository(name=name), self.simulate(turn(self.write("a")), FIX, DONE)
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, **(world or {})}
        terminal = Terminal(self.root, world, columns=100, rows=40)
        self.addCleanup(terminal.close)
        terminal.run(f"cd {shlex.quote(str(repository.path))} && {GRAFT} fix {flags} -- {shlex.quote(CHECK)}; echo exit=$?")
        terminal.wait_for("exit=0")
        self.assertIn("nobody is there", self.told(server)[0])
        self.assertEqual(self.names(), [])

    @needs_namespaces
    def test_hostile_text_cannot_pass_for_something_else(self):
        command = "echo safe\n\x1b[2J\x1b[1;1H\ny = once\r\u202eevil\u200b # \x07\x9b31m"
        reason = "fine\n\ny = once, s = this command\x1b]0;title\x07"
        self.begin_at_terminal(turn(permission(command, reason, network=["example.org"])), FIX, DONE)
        self.terminal.wait_for(QUESTION, "$ echo safe", "may reach example.org")
        screen = self.terminal.screen
        self.assertIn("    | ^[[2J^[[1;1H", screen)
        self.assertIn("    | y = once^M<U+202E>evil<U+200B> # ^G<U+009B>31m", screen)
        self.assertIn("because, as it says: fine y = once, s = this command^[]0;title^G", screen)
        self.terminal.run("n")
        self.terminal.wait_for("exit=0")

    def test_the_status_line_keeps_away_from_the_question(self):
        self.begin_at_terminal(turn(self.write("a")), FIX, DONE)
        self.terminal.wait_for(QUESTION)
        before = self.terminal.screen
        with self.assertRaises(AssertionError):
            wait_until(lambda: self.terminal.screen != before, "a change", 2.5)
        self.terminal.run("y")
        self.terminal.wait_for("allowed (you)", "exit=0")

    def test_a_stopped_question_ends_with_sigterm(self):
        self.begin_at_terminal(turn(self.write("a")), FIX, DONE)
        self.terminal.wait_for(QUESTION)
        self.terminal.press("C-z")
        self.terminal.wait_for("exit=148")
        self.terminal.run("kill -TERM %1; fg; echo after=$?")
        self.terminal.wait_for("after=143")
        self.assertEqual(self.names(), [])
