"""Many tools cost a session what few do: the model finds them by a search, and what it has found stays."""

import json

from scripted import DONE, FIX, function, message, note, shell, turn
from test_compaction import LONG, milestone
from test_mcp import MCPTest, call

SPACE = "mcp__bad"


def search(query, call_id):
    return {"type": "tool_search_call", "execution": "client", "call_id": call_id, "status": "completed",
            "arguments": {"query": query, "limit": 2}}


def answered(query):
    """A search that the server has answered itself."""
    return [
        {"type": "tool_search_call", "execution": "server", "call_id": None, "status": "completed",
         "arguments": {"paths": [query]}},
        {"type": "tool_search_output", "execution": "server", "call_id": None, "status": "completed", "tools": [
            {"type": "namespace", "name": f"{SPACE}__issue", "description": "Issues.", "tools": [
                {"type": "function", "name": "create_issue", "description": "", "strict": False,
                 "defer_loading": True, "parameters": {"type": "object", "properties": {}}}]}]},
    ]  # fmt: skip


class ToolSearch(MCPTest):
    def play(self, mode, *turns, flags=(), exit_code=0, ending=(FIX, DONE)):
        """A run with the tools of a forge."""
        self.serve("forge", "required = true")
        path = self.root / "config/graft/config.toml"
        if mode:
            path.write_text(f'tool_search = "{mode}"\n' + path.read_text())
        repository, server = self.repository(), self.simulate(*turns, *ending)
        self.repo = repository
        return self.run_graft(repository, exit_code, "--no-series", *flags, server=server), server

    def outputs(self, request, kind="function_call_output"):
        return [item for item in request["input"] if item["type"] == kind]

    def assert_prefix_stays(self, server):
        heads = {json.dumps([body["model"], body["tools"]]) for body in server.requests}
        self.assertEqual(len(heads), 1)

    def create(self):
        return {**call("bad", "create_issue", {"text": "hello"}), "namespace": f"{SPACE}__issue"}

    def test_the_server_searches_and_its_items_go_back_as_they_came(self):
        run, server = self.play(None, turn(*answered("issue"), self.create()), flags=("--transport", "http"))
        self.assertIn({"type": "tool_search"}, server.requests[0]["tools"])
        spaces = self.tools(server)
        self.assertEqual(sum(len(tools) for tools in spaces.values()), 16)
        for name, tools in spaces.items():
            self.assertTrue(name.startswith(SPACE + "__"))
            self.assertLessEqual(len(tools), 10)
            self.assertTrue(all(tool["defer_loading"] for tool in tools.values()))
        self.assertEqual(self.outputs(server.requests[1])[0]["output"], "create_issue says hello")
        kept = [item for item in server.requests[-1]["input"] if item["type"].startswith("tool_search")]
        self.assertEqual([(item["execution"], item["call_id"]) for item in kept], [("server", None)] * 2)
        self.assertEqual(kept[1]["tools"], answered("issue")[1]["tools"])
        self.assert_prefix_stays(server)
        self.assertFalse(server.violations)
        (item,) = run.items("tool_call")
        self.assertEqual((item["name"], item["status"]), ("mcp__bad.create_issue", "completed"))

    def test_graft_searches_and_sends_only_what_it_found(self):
        run, server = self.play("client", turn(search("create an issue", "s1")), turn(self.create()))
        (tool,) = [tool for tool in server.requests[0]["tools"] if tool["type"] == "tool_search"]
        self.assertEqual(tool["execution"], "client")
        self.assertIn("bad", tool["description"])
        self.assertEqual(self.tools(server), {})
        (output,) = self.outputs(server.requests[1], "tool_search_output")
        self.assertEqual((output["call_id"], output["execution"], output["status"]), ("s1", "client", "completed"))
        (space,) = output["tools"]
        self.assertEqual([tool["name"] for tool in space["tools"]][0], "create_issue")
        self.assertEqual(len(space["tools"]), 2)
        self.assertTrue(all(tool["defer_loading"] for tool in space["tools"]))
        self.assertEqual(self.outputs(server.requests[2])[0]["output"], "create_issue says hello")
        self.assert_prefix_stays(server)
        self.assertFalse(server.violations)
        self.assertIn('look for tools: "create an issue"', [item.get("title") for item in run.items("tool_call")])

    def test_by_functions_where_the_server_knows_no_search(self):
        find = function("find_tools", {"query": "delete labels"})
        use = function("use_tool", {"tool": f"{SPACE}__delete_label", "arguments": {"text": "x"}})
        patch = "*** Begin Patch\n*** Update File: answer.txt\n@@\n-wrong\n+right\n*** End Patch"
        _, server = self.play(
            None, turn(find), turn(use), flags=("--provider", "compatible"),
            ending=(turn(function("apply_patch", {"patch": patch})), DONE))
        names = [tool["name"] for tool in server.requests[0]["tools"]]
        self.assertIn("find_tools", names)
        self.assertFalse([name for name in names if name.startswith("mcp__")])
        outputs = self.outputs(server.requests[2])
        self.assertTrue(outputs[0]["output"].startswith(f"{SPACE}__delete_label: Can delete one label."), outputs[0])
        self.assertEqual(outputs[1]["output"], "delete_label says x")
        self.assert_prefix_stays(server)

    def test_functions_take_the_place_of_a_search_that_is_refused(self):
        refusal = {"error": {"status": 400, "code": "invalid_value", "type": "invalid_request_error",
                             "param": "tools[2].type", "message": "Invalid value: 'tool_search'."}}
        use = function("use_tool", {"tool": f"{SPACE}__get_branch", "arguments": {"text": "x"}})
        run, server = self.play(
            None, refusal, turn(function("find_tools", {"query": "branch"})), turn(use))
        self.assertEqual(len([text for text in self.notices(run) if "tool_search" in text]), 1)
        types = [tool.get("name", tool["type"]) for tool in server.requests[1]["tools"]]
        self.assertIn("use_tool", types)
        self.assertNotIn("tool_search", types)
        self.assertNotIn("defer_loading", json.dumps(server.requests[1]["input"]))
        self.assertEqual(self.answers(server)[-1], "get_branch says x")

    def test_what_was_found_survives_a_compaction(self):
        work = [turn(note("Look."), *[shell(LONG) for _ in range(3)]) for _ in range(3)]
        run, server = self.play(
            "client", turn(search("create an issue", "s1")), *work,
            turn(shell("cat answer.txt"), milestone("root_cause", "It is wrong.")), turn(self.create()))
        self.assertTrue([event for event in run.events if event["type"] == "window.compacted"])
        after = next(body for body in server.requests if any(item["type"] == "compaction" for item in body["input"]))
        self.assertFalse([item for item in after["input"] if item["type"].startswith("tool_search")])
        added = [item for item in after["input"] if item["type"] == "additional_tools"][-1]
        (space,) = added["tools"]
        self.assertIn("create_issue", [tool["name"] for tool in space["tools"]])
        self.assertNotIn("defer_loading", json.dumps(added))
        self.assertEqual(self.answers(server)[-1], "create_issue says hello")

    def test_what_was_found_is_there_in_a_session_that_goes_on(self):
        _, server = self.play(
            "client", turn(search("create an issue", "s1")), turn(message("Done.")), flags=("--max-turns", "1"),
            exit_code=12)
        again = self.simulate(turn(self.create()), FIX, DONE)
        process = self.start("resume", "--json", "--max-turns", "9", server=again, env={"PWD": str(self.repo.path)},
                             prefix=("env", "-C", str(self.repo.path))).end()
        self.assertEqual(process.exit_code, 0, process.stdout[-2000:] + process.stderr)
        (found,) = self.outputs(again.requests[0], "tool_search_output")
        self.assertEqual(found["tools"][0]["tools"][0]["name"], "create_issue")
        self.assertEqual(self.answers(again)[-1], "create_issue says hello")
        self.assertEqual(again.requests[0]["tools"], server.requests[0]["tools"])

    def test_without_servers_there_is_no_search(self):
        server = self.simulate(FIX, DONE)
        self.run_graft(self.repository(), 0, "--no-series", server=server)
        self.assertNotIn("tool_search", json.dumps(server.requests))
        self.assertNotIn("find_tools", json.dumps(server.requests))
