"""`graft mcp serve`: driven by the official client in both kinds of the protocol, and by hand."""

import json
import subprocess
import unittest
from pathlib import Path

from harness import GRAFT, KEY, GraftTest, wait_until
from scripted import DONE, FIX, message, note, shell, turn
from test_mcp_servers import VENV

CHECK = "grep -q right answer.txt"
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}


class ServeTest(GraftTest):
    def world_of(self, server):
        return {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": getattr(server, "url", "http://127.0.0.1:9/v1")}


@unittest.skipUnless((VENV / "bin/mcp-server-time").exists(), "scripts/test installs the official package")
class OfficialClientTests(ServeTest):
    def drive(self, repository, server, *calls, mode="auto"):
        run = subprocess.run(
            [VENV / "bin/python", Path(__file__).with_name("mcp_client.py"), GRAFT, repository.path, mode],
            input=json.dumps(calls), env=self.world_of(server), capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(run.returncode, 0, run.stderr[-3000:])
        self.assertNotIn(KEY, run.stdout + run.stderr)
        return json.loads(run.stdout)

    def test_a_command_is_fixed_and_the_result_is_for_machines_too(self):
        repository = self.repository()
        before = repository.state()
        server = self.simulate(FIX, DONE)
        _, fixed, listed = self.drive(
            repository, server,
            {"name": "fix", "arguments": {"command": CHECK, "max_turns": 9}}, {"name": "review", "arguments": {}})
        self.assertFalse(fixed["is_error"])
        self.assertEqual(fixed["structured"]["verdict"], "fixed")
        self.assertTrue(fixed["structured"]["session"].startswith("20"))
        self.assertIn("take them with: git merge graft/", fixed["text"])
        self.assertTrue([line for line in fixed["progress"] if line.startswith("commit: ")], fixed["progress"])
        self.assertIn("Say what is right", listed["text"])
        self.assertEqual(repository.state(), before)

    def test_the_older_kind_of_the_protocol(self):
        repository, server = self.repository(), self.simulate(turn(message("It is wrong.")))
        start, answer = self.drive(
            repository, server, {"name": "ask", "arguments": {"prompt": "What is it?"}}, mode="legacy")
        self.assertEqual(start["revision"], "2025-11-25")
        self.assertEqual(answer["text"], "It is wrong.\n")

    def test_a_thread_of_codex_goes_on(self):
        repository = self.repository()
        server = self.simulate(FIX, DONE, turn(patch_back()), DONE)
        (_, first) = self.drive(repository, server, {"name": "codex", "arguments": {
            "prompt": "Say what is right.", "sandbox": "workspace-write", "approval-policy": "never",
            "config": {"model_reasoning_effort": "low"}, "cwd": str(repository.path)}})
        self.assertEqual(set(first["structured"]), {"threadId", "content"})
        (_, second) = self.drive(repository, server, {"name": "codex-reply", "arguments": {
            "threadId": first["structured"]["threadId"], "prompt": "Once more."}})
        self.assertEqual(second["structured"]["threadId"], first["structured"]["threadId"])
        self.assertFalse(second["is_error"], second["text"])

    def test_a_call_that_is_cancelled_stops(self):
        repository, server = self.repository(), self.simulate(turn(shell("sleep 86382")), DONE)
        _, cancelled = self.drive(
            repository, server, {"name": "run", "arguments": {"prompt": "Wait."}, "seconds": 6})
        self.assertTrue(cancelled["cancelled"])
        wait_until(lambda: not self.left_processes(), "the end of the call's commands", 20)

    def test_failures_are_answers(self):
        repository = self.repository()
        start, bad, missing, place = self.drive(
            repository, None, {"name": "fix", "arguments": {"command": 5}}, {"name": "run", "arguments": {}},
            {"name": "fix", "arguments": {"command": CHECK, "cwd": "/no/such/folder"}})
        self.assertEqual(start["tools"], ["fix", "run", "ask", "resume", "review", "codex", "codex-reply"])
        for answer, words in ((bad, "must be a string"), (missing, 'needs "prompt"'), (place, "there is no folder")):
            self.assertTrue(answer["is_error"])
            self.assertIn(words, answer["text"])


def patch_back():
    return {"type": "apply_patch_call", "operation": {
        "type": "create_file", "path": "more.txt", "diff": "+more\n"}}


class ByHandTests(ServeTest):
    """Messages that no good client sends."""

    def talk(self, *lines):
        repository = self.repository()
        run = subprocess.run(
            [GRAFT, "mcp", "serve"], input="".join(
                (line if isinstance(line, str) else json.dumps({"jsonrpc": "2.0", **line})) + "\n" for line in lines),
            env=self.world_of(None), cwd=repository.path, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        return [json.loads(line) for line in run.stdout.splitlines()]

    def test_what_is_no_message_is_refused_and_the_next_one_answered(self):
        answers = self.talk("{", "[]", "7", {"id": 1, "method": "ping"})
        self.assertEqual([answer.get("error", {}).get("code") for answer in answers], [-32700, -32600, -32600, None])
        self.assertEqual(answers[-1]["result"], {})

    def test_unknown_methods_tools_and_revisions(self):
        answers = self.talk(
            {"id": 1, "method": "prompts/list"}, {"id": "x", "method": "tools/call", "params": {"name": "rm"}},
            {"id": 3, "method": "tools/list", "params": {"_meta": {
                "io.modelcontextprotocol/protocolVersion": "2031-01-01"}}},
            {"id": 4, "method": "server/discover"},
            {"id": 5, "method": "initialize", "params": {"protocolVersion": "2026-07-28"}},
            {"id": 6, "method": "tools/list", "params": {"_meta": META}})
        errors = [answer.get("error", {}).get("code") for answer in answers]
        self.assertEqual(errors, [-32601, -32602, -32022, -32602, None, None])
        self.assertEqual(answers[2]["error"]["data"]["supported"], ["2026-07-28"])
        self.assertEqual(answers[4]["result"]["protocolVersion"], "2025-11-25")
        self.assertEqual(answers[5]["result"]["resultType"], "complete")

    def test_the_end_of_the_input_stops_what_runs(self):
        server = self.simulate(turn(note("Wait."), shell("sleep 86383")), DONE)
        repository = self.repository()
        process = subprocess.Popen(
            [GRAFT, "mcp", "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.world_of(server),
            cwd=repository.path, text=True)
        self.addCleanup(process.kill)
        process.stdin.write(json.dumps({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": "run", "arguments": {"prompt": "Wait."}, "_meta": {"progressToken": 7}}}) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            told = json.loads(line)
            self.assertEqual(told["params"]["progressToken"], 7)
            if told["params"]["message"].startswith("$ sleep"):
                break
        process.stdin.close()
        self.assertEqual(process.wait(timeout=30), 0)
        process.stdout.close()
        wait_until(lambda: not self.left_processes(), "the end of the call's commands", 20)
