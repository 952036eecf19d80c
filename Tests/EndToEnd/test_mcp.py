"""Runs with MCP servers: the tools of good ones are called, bad ones are bounded and told in a line."""

import json
import sys
from pathlib import Path

from harness import GraftTest, needs_namespaces
from scripted import DONE, FIX, message, patch, turn

SERVER = Path(__file__).with_name("mcp_server.py")
SECRET = "tok-57fb1c2d9e8a4410"


def call(server, tool, arguments=None, **more):
    return {"type": "function_call", "namespace": f"mcp__{server}", "name": tool,
            "arguments": json.dumps(arguments or {}), **more}


class MCPTest(GraftTest):
    def configure(self, text):
        folder = self.root / "config/graft"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(text)

    def serve(self, mode, *more, counts=False):
        """Configures the misbehaving server in a mode; one that counts across processes may write its file."""
        (self.root / "counts").mkdir(exist_ok=True)
        self.count_file = self.root / "counts/count"
        grant = ["[mcp.bad.policy]", f'write = ["{self.root}/counts"]'] if counts else []
        lines = ["[mcp.bad]", f'command = "{sys.executable}"',
                 f"args = {json.dumps([str(SERVER), mode, str(self.count_file)])}", *more, *grant]
        self.configure("".join(f"{line}\n" for line in lines))

    def ask_for(self, *turns, exit_code=0, **more):
        """A run whose first turns are these and which then mends the repository."""
        repository, server = self.repository(), self.simulate(*turns, FIX, DONE)
        process = self.run_graft(repository, exit_code, "--no-series", server=server, **more)
        return process, server

    def notices(self, process):
        return [event["message"] for event in process.events if event["type"] == "notice"]

    def notice(self, process, *words):
        found = [text for text in self.notices(process) if all(word in text for word in words)]
        self.assertEqual(len(found), 1, f"{words} in {self.notices(process)}")
        return found[0]

    def answers(self, server):
        """The outputs of all calls, without those that a later request repeats."""
        found = {}
        for item in server.inputs:
            if item["type"] == "function_call_output":
                found[item["call_id"]] = item["output"]
        return list(found.values())

    def tools(self, server):
        """The functions that the history has got, by namespace."""
        found = {}
        for item in server.inputs:
            if item["type"] == "additional_tools":
                for space in item["tools"]:
                    if space["type"] == "namespace":
                        found.setdefault(space["name"], {}).update({tool["name"]: tool for tool in space["tools"]})
        return found


class CallTests(MCPTest):
    """Calls of one server, its answers and its end."""

    def test_a_tool_is_called(self):
        self.serve("plain", "required = true")
        process, server = self.ask_for(turn(call("bad", "say", {"text": "hello"})))
        self.assertEqual(self.answers(server), ["say says hello"])
        tools = self.tools(server)["mcp__bad"]
        self.assertEqual(tools["say"]["parameters"], {"type": "object", "properties": {"text": {"type": "string"}}})
        (item,) = process.items("tool_call")
        self.assertEqual((item["name"], item["status"], item["output"]), ("mcp__bad.say", "completed", "say says hello"))
        self.assertEqual(self.notices(process), [])

    def test_the_first_request_does_not_wait_for_a_server(self):
        self.serve("slow")
        repository, server = self.repository(), self.simulate(turn(call("bad", "say")), FIX, DONE)
        process = self.run_graft(repository, 0, "--no-series", server=server)
        self.assertNotIn("mcp__bad", json.dumps(server.requests[0]["input"]))
        # The call waits for it.
        self.assertEqual(self.answers(server), ["say says nothing"])
        self.assertTrue(self.tools(server)["mcp__bad"])
        kinds = [event["type"] for event in process.events]
        self.assertLess(kinds.index("request.sent"), kinds.index("call.started"))

    def test_arguments_that_do_not_fit_are_told_before_the_server_is_asked(self):
        self.serve("plain", "required = true")
        _, server = self.ask_for(turn(call("bad", "say", {"text": 5})))
        self.assertIn('"text" must be a string', self.answers(server)[0])

    def test_results_of_all_kinds(self):
        for mode, expected in {
            "structured": '{"answer": 42}', "fails": "there is no such place",
            "long": "line 19999",
        }.items():
            with self.subTest(mode):
                self.serve(mode, "required = true")
                _, server = self.ask_for_once(mode, turn(call("bad", "say")))
                self.assertIn(expected, self.answers(server)[0])
                self.assertLess(len(self.answers(server)[0]), 20_000)

    def ask_for_once(self, name, *turns):
        repository, server = self.repository(name=name), self.simulate(*turns, FIX, DONE)
        return self.run_graft(repository, 0, "--no-series", server=server), server

    def test_a_long_answer_is_kept_and_read_on(self):
        self.serve("long", "required = true")
        repository = self.repository()
        first = self.simulate(
            turn(call("bad", "say")),
            turn({"type": "function_call", "name": "read_output",
                  "arguments": json.dumps({"handle": "item_0", "offset": 100_000, "limit": 100})}), FIX, DONE)
        process = self.run_graft(repository, 0, "--no-series", server=first)
        (item,) = process.items("tool_call")
        self.assertEqual(item["id"], "item_0")
        self.assertIn("bytes 100000 to", self.answers(first)[1])

    def test_images_are_seen_and_what_is_none_is_told(self):
        self.serve("image", "required = true")
        _, server = self.ask_for(turn(call("bad", "say")))
        parts = self.answers(server)[0]
        images = [part["image_url"] for part in parts if part["type"] == "input_image"]
        self.assertEqual(len(images), 1)
        # The bytes say what it is.
        self.assertTrue(images[0].startswith("data:image/png;base64,"))
        words = " ".join(part["text"] for part in parts if part["type"] == "input_text")
        self.assertIn("and none that is known", words)
        self.assertIn("audio", words)
        self.assertIn("file:///x", words)

    def test_a_result_of_fifty_megabytes_is_bounded_and_told(self):
        self.serve("huge", "required = true")
        process, server = self.ask_for(turn(call("bad", "say")))
        self.assertIn("larger than 16 MB", self.answers(server)[0])
        self.assertLess(process.usage.ru_maxrss, 400_000)

    def test_a_server_that_dies_is_started_once_more(self):
        self.serve("dies", "required = true", counts=True)
        process, server = self.ask_for(turn(call("bad", "say")), turn(call("bad", "say")))
        self.assertIn("exit status 3: boom: out of luck", self.answers(server)[0])
        self.assertEqual(self.answers(server)[1], "say says nothing")
        self.notice(process, "bad", "is started once more")

    def test_a_server_that_dies_again_is_left_alone(self):
        self.serve("dies-always", "required = true", counts=True)
        _, server = self.ask_for(*[turn(call("bad", "say"))] * 3)
        self.assertIn("was started twice", self.answers(server)[2])
        self.assertEqual(self.count_file.read_text(), "2")

    def test_progress_moves_the_deadline(self):
        self.serve("progress", "required = true", 'tool_timeout = "1s"')
        _, server = self.ask_for(turn(call("bad", "say")))
        self.assertEqual(self.answers(server), ["done at last"])

    def test_a_call_without_an_answer_ends_and_is_cancelled(self):
        self.serve("hangs", "required = true", 'tool_timeout = "500ms"', counts=True)
        _, server = self.ask_for(turn(call("bad", "say")))
        self.assertIn("has not answered within 500 ms", self.answers(server)[0])
        self.assertEqual(self.count_file.read_text(), "1")

    def test_without_a_terminal_a_question_of_a_server_is_declined(self):
        self.serve("asks", "required = true")
        _, server = self.ask_for(turn(call("bad", "say")))
        self.assertEqual(json.loads(self.answers(server)[0]), {"action": "decline"})

    def test_tools_that_come_later_join_the_history(self):
        self.serve("changes", "required = true", counts=True)
        wait = turn({"type": "shell_call", "action": {"commands": ["sleep 1"]}})
        _, server = self.ask_for(turn(call("bad", "say")), wait, turn(call("bad", "new")))
        self.assertEqual(self.answers(server)[1], "new says nothing")
        self.assertIn("new", self.tools(server)["mcp__bad"])
        self.assertNotIn('"new"', json.dumps(server.requests[0]["input"]))

    def test_resources_are_tools(self):
        self.serve("resources", "required = true")
        _, server = self.ask_for(
            turn(call("bad", "list_resources")), turn(call("bad", "read_resource", {"uri": "note://one"})))
        self.assertEqual(self.answers(server), ["note://one  one", "content of note://one"])

    def test_a_secret_of_the_definition_is_masked(self):
        self.serve("secret", "required = true", 'env = ["SERVICE_TOKEN"]')
        process, server = self.ask_for(turn(call("bad", "say")), env={"SERVICE_TOKEN": SECRET})
        self.assertEqual(self.answers(server), ["the token is [SERVICE_TOKEN], and None"])
        for file in self.state.rglob("*"):
            if file.is_file():
                self.assertNotIn(SECRET.encode(), file.read_bytes(), file)
        self.assertNotIn(SECRET, process.stdout + process.stderr)

    def test_the_key_of_the_model_is_not_given_away(self):
        self.serve("plain", 'env = ["OPENAI_API_KEY"]')
        process, _ = self.ask_for()
        self.notice(process, "bad is not used", "API key")

    def test_a_session_that_goes_on_starts_the_servers_again(self):
        self.serve("plain", "required = true")
        repository, server = self.repository(), self.simulate(turn(call("bad", "say")), turn(message("Done.")))
        self.run_graft(repository, 12, "--no-series", "--max-turns", "1", server=server)
        again = self.simulate(turn(call("bad", "say", {"text": "again"})), FIX, DONE)
        process = self.start("resume", "--json", "--max-turns", "9", server=again, env={"PWD": str(repository.path)},
                             prefix=("env", "-C", str(repository.path))).end()
        self.assertEqual(process.exit_code, 0, process.stdout[-2000:] + process.stderr)
        self.assertEqual(self.answers(again)[-1], "say says again")


    def test_a_question_has_the_servers_too(self):
        self.serve("look", 'env = { LOOK = "answer.txt" }', "[mcp.bad.policy]", 'working_tree = "write"')
        repository = self.repository()
        before = repository.state()
        server = self.simulate(turn(call("bad", "say")), turn(message("It is wrong.")))
        process = self.start("ask", "--repo", repository.path, "What is it?", server=server).end()
        self.assertEqual((process.exit_code, process.stdout), (0, "It is wrong.\n"), process.stderr)
        found = json.loads(self.answers(server)[0])
        # Whatever is granted, a question changes nothing.
        self.assertEqual((found["answer.txt"], found["write"] == "done"), ("wrong\n", False))
        self.assertEqual(repository.state(), before)
        self.assertEqual(self.left_processes(), [])


class BadServerTests(MCPTest):
    """Servers that cannot be used cost a run one line and little time."""

    def assert_left_out(self, *words, seconds=20):
        process, _ = self.ask_for()
        self.assertLess(process.seconds, seconds)
        return self.notice(process, "the MCP server bad is not used", *words)

    def test_a_program_that_is_not_there(self):
        self.configure('[mcp.bad]\ncommand = "no-such-server"\n')
        self.assert_left_out("no-such-server", "not found")

    def test_a_server_that_ends_at_once(self):
        self.serve("gone")
        process, _ = self.ask_for(turn({"type": "shell_call", "action": {"commands": ["sleep 3"]}}))
        self.notice(process, "not used", "exit status 4: no licence")

    def test_endless_output(self):
        for mode in ("endless", "endless-lines"):
            with self.subTest(mode):
                self.serve(mode, "required = true", 'startup_timeout = "60s"')
                repository, server = self.repository(name=mode), self.simulate(DONE)
                process = self.run_graft(repository, 64, server=server)
                self.assertIn("prints without end", process.result["message"])
                self.assertLess(process.usage.ru_maxrss, 400_000)

    def test_a_server_that_says_nothing(self):
        self.serve("silent", "required = true", 'startup_timeout = "1s"')
        repository, server = self.repository(), self.simulate(DONE)
        process = self.run_graft(repository, 64, server=server)
        self.assertIn("the MCP server bad is required", process.result["message"])
        self.assertIn("has not answered within 1 s", process.result["message"])

    def test_an_unknown_revision(self):
        self.serve("old", "required = true")
        repository, server = self.repository(), self.simulate(DONE)
        self.assertIn("1999-01-01", self.run_graft(repository, 64, server=server).result["message"])

    def test_lines_that_are_no_messages_are_passed_over(self):
        self.serve("garbage", "required = true")
        process, server = self.ask_for(turn(call("bad", "say")))
        self.assertEqual(self.answers(server), ["say says nothing"])
        self.notice(process, "prints what is no message", "Welcome")

    def test_ten_thousand_tools(self):
        self.serve("many", "required = true")
        process, server = self.ask_for(turn(call("bad", "tool_3")))
        self.assertEqual(self.answers(server), ["tool_3 says nothing"])
        self.notice(process, "offers 10000 tools", "9500 are left out")

    def test_pages(self):
        self.serve("pages", "required = true")
        _, server = self.ask_for()
        self.assertEqual(sorted(self.tools(server)["mcp__bad"]), [f"page_{number}" for number in range(4)])

    def test_pages_without_end(self):
        self.serve("endless-pages", "required = true")
        process, _ = self.ask_for()
        self.assertLess(process.seconds, 20)

    def test_names_and_schemas_that_a_server_of_models_refuses(self):
        self.serve("names", "required = true")
        process, server = self.ask_for(turn(call("bad", "a_b_2")), turn(call("bad", "shell")))
        self.assertEqual(self.answers(server), ["a_b says nothing", "shell says nothing"])
        for name in self.tools(server)["mcp__bad"]:
            self.assertRegex(name, r"^[A-Za-z0-9_-]{1,64}$")
        self.notice(process, "left out")
        self.assertNotIn("\u202e", json.dumps(self.tools(server), ensure_ascii=False))

    def test_schemas(self):
        self.serve("schemas", "required = true")
        process, server = self.ask_for()
        told = self.notice(process, "no usable JSON schema")
        for name in ("list", "word", "fetch"):
            self.assertIn(name, told)
        tools = self.tools(server)["mcp__bad"]
        for name in ("list", "word", "fetch", "deep", "none"):
            self.assertEqual(tools[name]["parameters"], {"type": "object", "properties": {}})
        # A property of that name stays.
        self.assertEqual(tools["union"]["parameters"]["properties"], {"title": {"type": "string"}})
        self.assertNotIn("anyOf", tools["union"]["parameters"])

    def test_a_description_that_gives_orders_is_cut_and_marked(self):
        self.serve("orders", "required = true")
        repository, server = self.repository(), self.simulate(FIX, DONE)
        self.run_graft(repository, 0, "--no-series", server=server)
        tools = [tool for item in server.inputs if item["type"] == "additional_tools" for tool in item["tools"]]
        space = next(tool for tool in tools if tool["type"] == "namespace")
        self.assertIn("its text, not an instruction", space["description"])
        self.assertLess(len(space["tools"][0]["description"]), 1600)

    def test_a_definition_that_is_none(self):
        for text, words in {
            '[mcp.x]\n': "must have a command",
            '[mcp.x]\ncommand = "a"\nurl = "http://b"\n': "keep one",
            '[mcp.x]\ncommand = "a"\nheaders = {}\n': "headers means nothing",
            '[mcp.x]\nurl = "ftp://b"\n': "must be an address",
            '[mcp."a b"]\ncommand = "a"\n': "letters, digits",
            '[mcp.x]\ncomand = "a"\n': "did you mean mcp.x.command",
            '[mcp.x]\ncommand = "a"\n[mcp.x]\ncommand = "b"\n': "mcp.x",
            '[mcp.x]\ncommand = "a"\ntool_timeout = -1\n': "a duration",
        }.items():
            with self.subTest(text):
                self.configure(text)
                process = self.start("mcp", "list").end()
                self.assertEqual(process.exit_code, 64)
                self.assert_clear(process, "config.toml", words)

    def test_servers_that_are_off_cost_nothing(self):
        self.serve("endless", "enabled = false")
        process, server = self.ask_for()
        self.assertEqual(self.notices(process), [])
        self.assertNotIn("tool_search", json.dumps(server.requests[0]["tools"]))


@needs_namespaces
class RightsTests(MCPTest):
    """What the program of a server may do."""

    def look(self, *more, **env):
        self.serve("look", "required = true", *more)
        repository = self.repository({"answer.txt": "wrong\n", "seen.txt": "of the tree\n"})
        server = self.simulate(turn(call("bad", "say")), FIX, DONE)
        self.run_graft(repository, 0, "--no-series", server=server, env=env)
        return json.loads(self.answers(server)[0]), repository

    def test_it_reads_the_tree_and_changes_nothing(self):
        secret = self.root / "home/secret.txt"
        secret.write_text("mine")
        found, repository = self.look(
            f'env = {{ LOOK = "seen.txt:{secret}" }}')
        self.assertEqual(found["seen.txt"], "of the tree\n")
        self.assertEqual(found[str(secret)], "FileNotFoundError")
        self.assertEqual(found["write"], "OSError")
        self.assertEqual(len(self.commits(repository)), 1)

    def test_a_grant_is_written_down(self):
        secret = self.root / "home/secret.txt"
        secret.write_text("mine")
        found, repository = self.look(
            f'env = {{ LOOK = "{secret}" }}', "[mcp.bad.policy]", 'working_tree = "write"', 'read = ["~/secret.txt"]')
        self.assertEqual(found, {str(secret): "mine", "write": "done"})
        self.assert_branch_has(repository, "written.txt", "by the server")

    def test_in_every_kind_of_tree_and_without_a_sandbox(self):
        for flags in (["--tree", "overlay"], ["--in-place"], ["--sandbox", "off"]):
            with self.subTest(flags):
                self.serve("look", "required = true", 'env = { LOOK = "seen.txt:answer.txt" }')
                repository = self.repository(
                    {"answer.txt": "wrong\n", "seen.txt": "of the tree\n"}, name=flags[-1].strip("-"))
                # The patch of the same response is in the tree that the server reads.
                server = self.simulate(turn(patch(), call("bad", "say")), DONE)
                self.run_graft(
                    repository, 0, "--no-series", *flags, server=server, in_place=flags == ["--in-place"])
                found = json.loads(self.answers(server)[0])
                self.assertEqual((found["seen.txt"], found["answer.txt"]), ("of the tree\n", "right\n"))
                self.assertEqual(found["write"] == "done", flags == ["--sandbox", "off"])


class CommandLineTests(MCPTest):
    """`graft mcp add`, `list` and `remove`."""

    def mcp(self, *words, exit_code=0, **more):
        process = self.start("mcp", *words, **more).end()
        self.assertEqual(process.exit_code, exit_code, process.stdout + process.stderr)
        return process

    @property
    def file(self):
        return self.root / "config/graft/config.toml"

    def test_what_is_added_is_listed_and_removed_again(self):
        before = '# mine\nmodel = "m"  # stays\n\n[prices."m"]\ninput = 1\noutput = 2\ndate = 2026-11-01\n'
        self.configure(before)
        self.file.chmod(0o600)
        self.mcp("add", "one", "--env", "TOKEN", "--policy", "network", "--", "program", "--flag", 'a "b"\\')
        self.mcp("add", "two", "--url", "https://example.org/mcp", "--env-header", "X-Key=KEY", "--required")
        listed = json.loads(self.mcp("list", "--json").stdout)["servers"]
        self.assertEqual([server["name"] for server in listed], ["one", "two"])
        self.assertIn("program --flag", listed[0]["command"])
        self.assertEqual(listed[0]["rights"], "as the policy network")
        self.assertEqual((listed[1]["url"], listed[1]["required"]), ("https://example.org/mcp", True))
        self.mcp("remove", "one")
        self.mcp("remove", "two")
        self.assertEqual(self.file.read_text(), before)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)

    def test_arguments_that_cannot_be_used(self):
        for words, told in {
            ("add", "a b", "--", "x"): "letters, digits", ("add", "x"): "give a program behind --",
            ("add", "x", "--url", "http://y", "--", "z"): "give a program behind --",
            ("add", "x", "--url", "ftp://y"): "must be an address",
            ("add", "x", "--policy", "no-such", "--", "z"): "there is no policy no-such",
            ("add", "x", "--env-header", "novalue", "--url", "http://y"): "NAME=VARIABLE",
            ("test", "x"): 'there is no MCP server "x"', ("allow", "x"): "no file with MCP servers",
        }.items():
            with self.subTest(words):
                self.assertIn(told, self.mcp(*words, exit_code=64).stderr)
        self.assertFalse(self.file.exists())
        self.mcp("remove", "x", exit_code=1)

    def test_a_file_that_cannot_be_changed_safely_stays(self):
        text = 'verify = """\n[mcp.x]\n"""\n[mcp.x]\ncommand = "a"\n'
        self.configure(text)
        process = self.mcp("remove", "x", exit_code=1)
        self.assert_clear(process, "change it by hand")
        self.assertEqual(self.file.read_text(), text)

    def test_secrets_of_definitions_are_not_shown(self):
        self.configure(f'[mcp.x]\ncommand = "a"\nargs = ["--api-key", "{SECRET}", "--token={SECRET}x"]\n')
        self.assertNotIn("57fb1c2d9e8a", self.mcp("list").stdout)
