"""Servers that others have written down: used after a yes that is kept, and what they ask a person."""

import json
import shlex
import sys
import unittest

from harness import CHECK, GRAFT, KEY, wait_until
from scripted import DONE, FIX, turn
from terminal import Terminal
from test_mcp import SERVER, MCPTest, call
from test_mcp_servers import VENV


class TrustTest(MCPTest):
    def definition(self, mode="plain", **more):
        return {"command": sys.executable, "args": [str(SERVER), mode], **more}

    def project(self, servers, name="repository"):
        """A repository whose .mcp.json names servers; the script lies in it, since their sandbox shows nothing else."""
        for server in servers.values():
            if "args" in server:
                server["args"][0] = "server.py"
        return self.repository({
            "answer.txt": "wrong\n", "server.py": SERVER.read_text(), ".mcp.json": json.dumps({"mcpServers": servers})}, name)

    def fix_it(self, repository, *turns, **more):
        server = self.simulate(*turns, FIX, DONE)
        return self.run_graft(repository, 0, "--no-series", server=server, **more), server

    def mcp(self, repository, *words, exit_code=0):
        process = self.start("mcp", *words, prefix=("env", "-C", str(repository.path))).end()
        self.assertEqual(process.exit_code, exit_code, process.stdout + process.stderr)
        return process


class FileTests(TrustTest):
    """Without a terminal."""

    def test_a_repository_starts_no_server_without_a_yes(self):
        repository = self.project({"bad": self.definition()})
        process, server = self.fix_it(repository)
        self.assertIn("graft mcp allow .mcp.json", self.notice(process, "bad of .mcp.json is not used"))
        self.assertNotIn("tool_search", json.dumps(server.requests[0]))

    def test_a_yes_is_for_what_is_written(self):
        repository = self.project({"bad": self.definition()})
        told = self.mcp(repository, "allow", ".mcp.json").stdout
        self.assertIn("server.py plain", told)
        process, server = self.fix_it(repository, turn(call("bad", "say")))
        self.assertEqual(self.answers(server), ["say says nothing"])
        self.assertEqual(self.notices(process), [])
        changed = json.loads((repository.path / ".mcp.json").read_text())
        changed["mcpServers"]["bad"]["args"].append("--other")
        repository.write({".mcp.json": json.dumps(changed)})
        self.assertIn("needs a yes", self.mcp(repository, "list").stdout)
        # Another repository with the same words is another file.
        self.assertIn("needs a yes", self.mcp(self.project({"bad": self.definition()}, "other"), "list").stdout)

    def test_a_no_is_kept_too(self):
        repository = self.project({"bad": self.definition()})
        self.mcp(repository, "deny")
        process, _ = self.fix_it(repository)
        self.assertEqual(self.notices(process), [])
        self.assertIn("refused", self.mcp(repository, "list").stdout)

    def test_a_repositorys_configuration_starts_no_server_and_grants_nothing(self):
        repository = self.repository({
            "answer.txt": "wrong\n", "server.py": SERVER.read_text(),
            ".graft/config.toml": f'[mcp.bad]\ncommand = "{sys.executable}"\nargs = ["server.py", "look"]\n'
                                  'policy = "network"\nrequired = true\n'})
        process, _ = self.fix_it(repository)
        self.notice(process, "bad of .graft/config.toml is not used")
        self.mcp(repository, "allow", ".graft/config.toml")
        repository.git("branch", "-D", *self.branches(repository))
        process, server = self.fix_it(repository, turn(call("bad", "say")))
        self.notice(process, "asks for a policy")
        self.assertNotEqual(json.loads(self.answers(server)[0])["write"], "done")

    def test_servers_of_codex(self):
        folder = self.root / "home/.codex"
        folder.mkdir()
        (folder / "config.toml").write_text(
            f'model = "x"\n[mcp_servers.bad]\ncommand = "{sys.executable}"\nargs = ["{SERVER}", "plain"]\n'
            'startup_timeout_sec = 20\n[mcp_servers.old]\ncommand = 5\n')
        repository = self.repository()
        process, _ = self.fix_it(repository)
        self.notice(process, "bad of ~/.codex/config.toml is not used")
        self.mcp(repository, "allow", "~/.codex/config.toml")
        # What Codex writes beside its servers changes nothing.
        with open(folder / "config.toml", "a") as file:
            file.write('[projects."/x"]\ntrust_level = "trusted"\n')
        repository.git("branch", "-D", *self.branches(repository))
        process, server = self.fix_it(repository, turn(call("bad", "say")))
        self.assertEqual(self.answers(server), ["say says nothing"])
        self.notice(process, '"old" has neither a command nor a url')

    def test_of_two_servers_with_one_name_the_users_own_is_used(self):
        self.serve("plain", "required = true")
        repository = self.project({"bad": self.definition("fails")})
        self.mcp(repository, "allow")
        process, server = self.fix_it(repository, turn(call("bad", "say")))
        self.assertEqual(self.answers(server), ["say says nothing"])
        self.notice(process, ".mcp.json names the MCP server bad, too")

    def test_variables_of_a_project_file(self):
        repository = self.project({"bad": self.definition("secret", env={"SERVICE_TOKEN": "${MINE:-none}"}),
                                   "lost": self.definition("plain", env={"X": "${NOT_SET}"})})
        self.mcp(repository, "allow")
        process, server = self.fix_it(repository, turn(call("bad", "say")), env={"MINE": "tok-98341cc0aa71"})
        self.assertEqual(self.answers(server), ["the token is [SERVICE_TOKEN], and None"])
        self.notice(process, "lost is not used", "NOT_SET")

    def test_files_that_are_none(self):
        for text, words in {
            "{": "is no JSON", "[]": "no object", '{"mcpServers": {"a b": {}}}': "letters, digits",
            '{"mcpServers": {"a": {"url": "http://x", "type": "sse"}}}': "old protocol",
            '{"mcpServers": {"a": {"command": "x", "args": [1]}}}': "no strings", "x" * 2_000_000: "larger than 1 MB",
        }.items():
            with self.subTest(words):
                repository = self.repository({".mcp.json": text, "answer.txt": "wrong\n"}, name=f"r{len(text)}-{words[:2]}")
                process, _ = self.fix_it(repository)
                self.notice(process, ".mcp.json", words)

    def test_a_repositorys_server_behind_http_asks_for_each_call(self):
        repository = self.project({"far": {"url": "http://127.0.0.1:9/mcp"}})
        self.mcp(repository, "allow")
        process, _ = self.fix_it(repository)
        self.notice(process, "far is not used", "cannot connect")

    def test_a_call_that_needs_a_yes_is_refused_without_a_terminal(self):
        self.serve("plain", "required = true", 'approvals = "ask"')
        process, server = self.ask_for(turn(call("bad", "say", {"text": "x"})))
        self.assertIn("nobody is there who could allow it", self.answers(server)[0])
        decided = [event for event in process.events if event["type"] == "approval.decided"]
        self.assertEqual(len(decided), 1)


class AtATerminalTests(TrustTest):
    """Somebody sits at a terminal."""

    def begin_at(self, repository, *turns):
        server = self.simulate(*turns, FIX, DONE)
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url}
        terminal = Terminal(self.root, world, columns=110, rows=40)
        self.addCleanup(terminal.close)
        terminal.run(f"cd {shlex.quote(str(repository.path))}; clear")
        terminal.wait_without("cd ")
        terminal.run(f"{shlex.quote(str(GRAFT))} fix --no-series -- {shlex.quote(CHECK)}; echo exit=$?")
        return terminal, server

    def test_a_person_says_yes_once(self):
        repository = self.project({"bad": self.definition()})
        terminal, server = self.begin_at(repository, turn(call("bad", "say")))
        terminal.wait_for(".mcp.json names MCP servers", "server.py plain", "y = yes")
        terminal.run("y")
        terminal.wait_for("exit=0")
        self.assertEqual(self.answers(server), ["say says nothing"])
        process, _ = self.fix_it(repository)
        self.assertEqual(self.notices(process), [])

    def test_a_form_of_a_server_is_filled_in(self):
        self.serve("asks", "required = true")
        terminal, server = self.begin_at(self.repository(), turn(call("bad", "say")))
        terminal.wait_for("The MCP server bad asks:", "Which name?", "name, empty to decline:")
        terminal.run("Ann")
        terminal.wait_for("sure (y or n), empty to leave out:")
        terminal.run("y")
        terminal.wait_for("send this to the server?")
        terminal.run("y")
        terminal.wait_for("exit=0")
        self.assertEqual(
            json.loads(self.answers(server)[0]), {"action": "accept", "content": {"name": "Ann", "sure": True}})

    @unittest.skipUnless((VENV / "bin/mcp-server-time").exists(), "scripts/test installs the official package")
    def test_a_question_of_the_newer_kind(self):
        self.configure(
            f'[mcp.official]\ncommand = "{VENV}/bin/python"\nrequired = true\n'
            f'args = ["{SERVER.with_name("mcp_sdk_server.py")}", "stdio"]\n')
        process, server = self.ask_for(turn(call("official", "greet")))
        self.assertNotIn("hello", self.answers(server)[0], process.stdout)
        terminal, server = self.begin_at(self.repository(name="other"), turn(call("official", "greet")))
        terminal.wait_for("The MCP server official asks:", "Which name?")
        terminal.run("Ann")
        terminal.wait_for("send this to the server?")
        terminal.run("y")
        terminal.wait_for("exit=0")
        self.assertEqual(self.answers(server), ["hello Ann"])

    def test_a_person_allows_a_tool_for_the_session(self):
        self.serve("plain", "required = true", 'approvals = "ask"')
        terminal, server = self.begin_at(
            self.repository(), turn(call("bad", "say", {"text": "one"})), turn(call("bad", "say", {"text": "two"})))
        terminal.wait_for("asks to call a tool", 'bad.say {"text":"one"}'.replace('":"', '": "'), "n = no:")
        terminal.run("s")
        terminal.wait_for("exit=0")
        wait_until(lambda: len(self.answers(server)) == 2, "both answers")
        self.assertEqual(self.answers(server), ["say says one", "say says two"])
