"""Real servers: those of the official SDK over both transports, published ones, and older ones behind HTTP."""

import json
import os
import socket
import subprocess
import sys
import unittest
from pathlib import Path

from harness import wait_until
from scripted import DONE, FIX, turn
from test_mcp import MCPTest, call

FOLDER = Path(__file__).parent
VENV = Path(os.environ.get("GRAFT_VENV") or FOLDER.parents[1] / ".build-venv")


class HTTPTests(MCPTest):
    """Servers of the older kind behind HTTP."""

    def serve_http(self, mode, *more):
        self.log = self.root / "http.log"
        process = subprocess.Popen(
            [sys.executable, FOLDER / "mcp_http_server.py", mode, self.log], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        port = int(process.stdout.readline())
        self.configure(f'[mcp.bad]\nurl = "http://127.0.0.1:{port}/mcp"\nrequired = true\n' + "".join(
            f"{line}\n" for line in more))

    def requests(self, what):
        return [entry for entry in map(json.loads, self.log.read_text().splitlines()) if entry["what"] == what]

    def test_a_session_is_kept_and_ended(self):
        self.serve_http("plain")
        _, server = self.ask_for(turn(call("bad", "say")), turn(call("bad", "say")))
        self.assertEqual(self.answers(server), ["call 1 of session-1", "call 2 of session-1"])
        for entry in self.requests("tools/call") + self.requests("end"):
            headers = {name.lower(): value for name, value in entry["headers"].items()}
            self.assertEqual(headers["mcp-session-id"], "session-1")
            self.assertEqual(headers["mcp-protocol-version"], "2025-11-25")
        self.assertEqual(len(self.requests("notifications/initialized")), 1)
        self.assertEqual(len(self.requests("end")), 1)

    def test_a_session_that_the_server_has_forgotten_is_begun_again(self):
        self.serve_http("forgets")
        _, server = self.ask_for(turn(call("bad", "say")))
        self.assertEqual(self.answers(server), ["call 2 of session-3"])
        self.assertEqual(len(self.requests("initialize")), 2)

    def test_a_stream_that_is_cut_off_goes_on_behind_its_last_event(self):
        self.serve_http("cut")
        _, server = self.ask_for(turn(call("bad", "say")))
        self.assertEqual(self.answers(server), ["after the cut"])

    def test_a_token_of_the_environment(self):
        self.serve_http("token", 'bearer_token_env_var = "TOKEN"')
        process, server = self.ask_for(turn(call("bad", "say")), env={"TOKEN": "open-sesame-4711"})
        self.assertEqual(self.answers(server), ["call 1 of session-1"])
        self.assertNotIn("sesame", process.stdout)

    def test_a_wrong_token_is_told(self):
        self.serve_http("token", 'bearer_token_env_var = "TOKEN"')
        repository, server = self.repository(), self.simulate(DONE)
        process = self.run_graft(repository, 64, server=server, env={"TOKEN": "wrong-word-0815"})
        self.assertIn("it refuses who asks (status 401)", process.result["message"])
        self.assertIn("bearer_token_env_var", process.result["message"])

    def test_answers_that_are_none(self):
        for mode, words in {"breaks": "answers with status 500", "page": 'answers with "text/html" and no message'}.items():
            with self.subTest(mode):
                self.serve_http(mode)
                repository, server = self.repository(name=mode), self.simulate(turn(call("bad", "say")), FIX, DONE)
                self.run_graft(repository, 0, "--no-series", server=server)
                self.assertIn(words, self.answers(server)[0])


@unittest.skipUnless((VENV / "bin/mcp-server-time").exists(), "scripts/test installs the official package")
class OfficialTests(MCPTest):
    """Servers of the official SDK, and two published ones."""

    def official(self, *more):
        self.configure("\n".join([
            "[mcp.official]", f'command = "{VENV}/bin/python"',
            f'args = ["{FOLDER}/mcp_sdk_server.py", "stdio"]', "required = true", *more, ""]))

    def test_the_official_sdk_over_its_standard_streams(self):
        self.official('tool_timeout = "2s"')
        process, server = self.ask_for(
            turn(call("official", "add", {"one": 40, "two": 2})), turn(call("official", "count", {"to": 8})),
            turn(call("official", "fail")), turn(call("official", "hang")),
            turn(call("official", "read_resource", {"uri": "note://one"})))
        added, counted, failed, hung, note = self.answers(server)
        self.assertEqual(json.loads(added), {"total": 42})
        self.assertEqual(counted, "counted to 8")
        self.assertIn("Error executing tool fail", failed)
        self.assertIn("has not answered within 2 s", hung)
        self.assertEqual(note, "the note one")
        self.assertEqual(self.notices(process), [])

    def test_the_official_sdk_over_http(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with open(self.root / "official.log", "wb") as log:
            process = subprocess.Popen(
                [VENV / "bin/python", FOLDER / "mcp_sdk_server.py", "http", str(port)], stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

        def listens():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_until(listens, "the official server", 60)
        self.configure(
            f'[mcp.official]\nurl = "http://127.0.0.1:{port}/mcp"\nrequired = true\ntool_timeout = "2s"\n')
        _, server = self.ask_for(
            turn(call("official", "add", {"one": 40, "two": 2})), turn(call("official", "count", {"to": 8})),
            turn(call("official", "hang")), turn(call("official", "read_resource", {"uri": "note://two"})))
        added, counted, hung, note = self.answers(server)
        self.assertEqual(json.loads(added), {"total": 42})
        self.assertEqual((counted, note), ("counted to 8", "the note two"))
        self.assertIn("has not answered within 2 s", hung)

    def test_two_published_servers_beside_each_other(self):
        self.configure(
            f'[mcp.git]\ncommand = "{VENV}/bin/mcp-server-git"\nargs = ["--repository", "."]\nrequired = true\n'
            f'[mcp.time]\ncommand = "{VENV}/bin/mcp-server-time"\nrequired = true\n')
        process, server = self.ask_for(
            turn(call("git", "git_log", {"repo_path": ".", "max_count": 1})),
            turn(call("time", "convert_time", {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"})))
        log, time = self.answers(server)
        self.assertIn("Start", log)
        self.assertIn("21:00", time)
        self.assertEqual(self.notices(process), [])
        spaces = self.tools(server)
        self.assertTrue(any(name.startswith("mcp__git") for name in spaces), spaces.keys())

    def test_a_server_of_models_that_knows_no_namespaces_gets_all_tools_at_once(self):
        self.configure(f'provider = "compatible"\n[mcp.time]\ncommand = "{VENV}/bin/mcp-server-time"\n')
        repository = self.repository()
        server = self.simulate(
            turn({"type": "function_call", "name": "mcp__time__get_current_time",
                  "arguments": '{"timezone": "Asia/Tokyo"}'}), FIX, DONE)
        self.run_graft(repository, 0, "--no-series", server=server)
        self.assertIn("Asia/Tokyo", self.answers(server)[0])
        self.assertIn("mcp__time__get_current_time", json.dumps(server.requests[0]["tools"]))

    def test_graft_mcp_test_shows_what_a_server_offers(self):
        self.configure(f'[mcp.time]\ncommand = "{VENV}/bin/mcp-server-time"\n')
        process = self.start("mcp", "test", "time").end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        self.assertIn("2 tools in", process.stdout)
        self.assertIn("Get current time in a specific timezone", process.stdout)
