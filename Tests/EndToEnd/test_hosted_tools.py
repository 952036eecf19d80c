"""Tools that run on the model's server: what is sent, shown, kept and asked."""

import base64
import html.parser
import json
import os
import re
import shlex
import struct
import unittest
import zlib

from harness import CHECK, GRAFT, KEY, GraftTest
from scripted import DONE, FIX, function, message, note, patch, shell, turn
from terminal import Terminal


def png(side=8):
    """A picture whose pixels do not repeat, so that its base64 is found only where the picture is."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + os.urandom(3 * side) for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = png(40)
PICTURE_TEXT = base64.b64encode(PICTURE).decode()
PAGE = "https://docs.example.org/guide?a=1&b=2"

SEARCH = {
    "type": "web_search_call",
    "action": {
        "type": "search", "query": "zlib release", "queries": ["zlib release", "zlib <CVE>"],
        "sources": [{"type": "url", "url": PAGE}, {"type": "url", "url": "javascript:alert(1)"}]}}
OPENED = {"type": "web_search_call", "action": {"type": "open_page", "url": PAGE}}
LOOKED = {"type": "web_search_call", "action": {"type": "find_in_page", "url": PAGE, "pattern": "fixed in"}}
FILES = {
    "type": "file_search_call", "queries": ["limits"],
    "results": [{"file_id": "file-1", "filename": "limits.md", "score": 0.75, "text": "At most <5>.", "attributes": {}}]}
PYTHON = {
    "type": "code_interpreter_call", "code": "import math\nprint(math.tau)",
    "outputs": [
        {"type": "logs", "logs": "6.283185307179586\n"},
        {"type": "image", "url": f"data:image/png;base64,{PICTURE_TEXT}"}]}
DRAWN = {
    "type": "image_generation_call", "result": PICTURE_TEXT, "revised_prompt": "A red square", "output_format": "png",
    "size": "1024x1024"}
LISTED = {
    "type": "mcp_list_tools", "server_label": "docs",
    "tools": [{"name": "search", "description": "Searches.", "input_schema": {"type": "object", "properties": {}}}]}
CALLED = {
    "type": "mcp_call", "server_label": "docs", "name": "search", "arguments": '{"q":"limits"}', "output": "Five.",
    "status": "completed"}
FAILED = {
    "type": "mcp_call", "server_label": "docs", "name": "search", "arguments": "{}", "status": "failed",
    "error": {"type": "mcp_tool_execution_error", "content": [{"type": "text", "text": "no such page"}]}}
ALL = [SEARCH, OPENED, LOOKED, FILES, PYTHON, DRAWN, LISTED, CALLED, FAILED]
KINDS = ["web_search"] * 3 + ["file_search", "code_interpreter", "image_generation", "mcp_list_tools"] + ["mcp_call"] * 2
FLAGS = [
    word
    for tool in ("web_search", "file_search=vs_1", "code_interpreter", "image_generation", "mcp=docs=https://docs.example.org/mcp")
    for word in ("--tool", tool)]


def cited(text="It is 5.", *more):
    page = {"type": "url_citation", "url": PAGE, "title": "The guide", "start_index": 0, "end_index": 5}
    again = {**page, "url": PAGE + "#part", "start_index": 6, "end_index": 7}
    file = {"type": "file_citation", "file_id": "file-1", "filename": "limits.md", "index": 3}
    made = {
        "type": "container_file_citation", "container_id": "cntr_1", "file_id": "cfile_1", "filename": "plot.csv",
        "start_index": 0, "end_index": 2}
    answer = message(text)
    answer["content"][0]["annotations"] = [page, again, file, made, *more]
    return answer


def hosted(body):
    """The items of a request that a tool of the server made."""
    kinds = ("web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "mcp_call",
             "mcp_list_tools")
    return [item for item in body["input"] if item.get("type") in kinds]


class Items(GraftTest):
    def run_all(self, *flags, turns=None, **more):
        repository = self.repository()
        server = self.simulate(*(turns or [turn(*ALL, note("I patch."), patch()), turn(cited("Done."))]), **more)
        process = self.run_graft(repository, 0, *FLAGS, *flags, server=server)
        self.assertEqual(server.violations, [])
        return repository, server, process

    @staticmethod
    def session(process):
        return os.path.basename(process.result["session"])

    def test_definitions_and_what_they_need_are_in_every_request(self):
        _, server, _ = self.run_all()
        for body in server.requests:
            kinds = [tool["type"] for tool in body["tools"]]
            self.assertEqual(kinds[-5:], ["web_search", "file_search", "code_interpreter", "image_generation", "mcp"])
            self.assertEqual(
                body["include"],
                ["reasoning.encrypted_content", "web_search_call.action.sources", "file_search_call.results",
                 "code_interpreter_call.outputs"])
        self.assertEqual(len({json.dumps(body["tools"]) for body in server.requests}), 1)

    def test_a_run_without_them_sends_nothing_of_them(self):
        _, _, server = self.fix(0, FIX, DONE)
        for body in server.requests:
            self.assertEqual(body["include"], ["reasoning.encrypted_content"])
            self.assertNotIn("web_search", json.dumps(body["tools"]))

    def test_every_item_is_an_event(self):
        _, _, process = self.run_all()
        done = [event["item"] for event in process.events if event["type"] == "item.completed"]
        items = [item for item in done if item["type"] in KINDS]
        self.assertEqual([item["type"] for item in items], KINDS)
        search, opened, looked, files, python, drawn, listed, called, failed = items
        self.assertEqual(search["queries"], ["zlib release", "zlib <CVE>"])
        self.assertEqual(search["sources"][0], PAGE)
        self.assertEqual((opened["action"], opened["url"]), ("open_page", PAGE))
        self.assertEqual((looked["action"], looked["pattern"]), ("find_in_page", "fixed in"))
        self.assertEqual(
            files["results"], [{"file_id": "file-1", "filename": "limits.md", "score": 0.75, "text": "At most <5>."}])
        self.assertEqual((python["code"], python["output"]), (PYTHON["code"], "6.283185307179586\n"))
        self.assertEqual((listed["server"], listed["tools"]), ("docs", ["search"]))
        self.assertEqual((called["server"], called["tool"], called["output"]), ("docs", "search", "Five."))
        self.assertEqual((failed["status"], failed["error"]), ("failed", "no such page"))
        self.assertNotIn(PICTURE_TEXT[:200], json.dumps(items), "a picture is a file")
        for path in (drawn["file"], python["images"][0]):
            with open(path, "rb") as file:
                self.assertEqual(file.read(), PICTURE)
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
            self.assertTrue(path.startswith(str(self.state)) and path.endswith(".png"), path)

    def test_citations_of_an_answer_are_kept(self):
        _, _, process = self.run_all()
        answer = process.items("agent_message")[-1]
        self.assertEqual(
            [citation["type"] for citation in answer["citations"]],
            ["url_citation", "url_citation", "file_citation", "container_file_citation"])
        self.assertEqual(answer["citations"][0]["title"], "The guide")

    def test_what_continues_a_response_sends_nothing_again(self):
        _, server, _ = self.run_all()
        self.assertEqual([hosted(body) for body in server.requests], [[]] * len(server.requests))

    def test_over_http_all_goes_back_as_it_came_but_for_the_picture(self):
        _, server, _ = self.run_all("--transport", "http")
        self.assert_replayed(server.requests[-1])

    def assert_replayed(self, body):
        items = hosted(body)
        self.assertEqual([item["type"] for item in items], [item["type"] for item in ALL])
        for item, sent in zip(items, ALL):
            for key, value in sent.items():
                self.assertEqual(item[key], None if key == "result" else value, item["type"])

    def test_a_new_connection_gets_all_of_it(self):
        limit = {"error": {"code": "websocket_connection_limit_reached", "message": "60 minutes"}}
        turns = [turn(*ALL, note("I look."), shell("true")), limit, FIX, DONE]
        _, server, _ = self.run_all(turns=turns)
        whole = [body for body in server.requests if hosted(body)]
        self.assert_replayed(whole[0])

    def test_a_session_that_goes_on_has_the_items_and_the_tools(self):
        repository, server = self.repository(), self.simulate(turn(*ALL, note("I look."), shell("true")), FIX, DONE)
        process = self.run_graft(repository, 12, *FLAGS, "--max-turns", "1", server=server, verdict="budget")
        session = self.session(process)
        process = self.start("resume", session, "--json", server=server).end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        first = server.requests[1]
        self.assert_replayed(first)
        self.assertEqual([tool["type"] for tool in first["tools"]], [tool["type"] for tool in server.requests[0]["tools"]])
        self.assertEqual(server.violations, [])

    def test_responses_in_the_background_have_them_too(self):
        _, server, process = self.run_all("--background")
        self.assert_replayed(server.requests[-1])
        self.assertEqual(len(process.items("mcp_call")), 2)

    def test_a_session_can_go_on_without_the_tools(self):
        repository, server = self.repository(), self.simulate(turn(*ALL, note("I look."), shell("true")), FIX, DONE)
        process = self.run_graft(repository, 12, *FLAGS, "--max-turns", "1", server=server)
        process = self.start("resume", self.session(process), "--json", "--tool", "none", server=server).end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        self.assert_replayed(server.requests[1])
        self.assertEqual(server.requests[1]["include"], ["reasoning.encrypted_content"])
        self.assertNotIn("mcp", [tool["type"] for tool in server.requests[1]["tools"]])

    def test_a_shortened_history_had_all_of_it_and_keeps_the_list_of_tools(self):
        milestone = function("report_milestone", {
            "milestone": "root_cause", "summary": "It is wrong.", "evidence": {"file": "answer.txt", "line": 1}})
        looks = [turn(note("Look."), *[shell("yes 'a line of some length' | head -c 30000") for _ in range(3)])] * 3
        turns = [turn(*ALL, note("I look."), shell("true")), *looks, turn(note("There."), shell("true"), milestone), FIX, DONE]
        _, server, process = self.run_all("--transport", "http", turns=turns)
        (compacted,) = [event for event in process.events if event["type"] == "window.compacted"]
        trigger = next(body for body in server.requests if body["input"][-1]["type"] == "compaction_trigger")
        self.assert_replayed(trigger)
        following = server.requests[server.requests.index(trigger) + 1]
        self.assertEqual([item["type"] for item in hosted(following)], ["mcp_list_tools"])

    def test_a_server_that_wants_its_picture_back_gets_it(self):
        refusal = {
            "error": {
                "status": 400, "type": "invalid_request_error", "code": "invalid_type", "param": "input[7].result",
                "message": "Invalid type for 'input[7].result': expected a string, but got null instead."}}
        turns = [turn(DRAWN, note("I look."), shell("true")), refusal, FIX, DONE]
        _, server, process = self.run_all("--transport", "http", turns=turns)
        results = [item["result"] for body in server.requests for item in hosted(body)]
        self.assertEqual(results, [None] + [PICTURE_TEXT] * (len(results) - 1))
        self.assertGreater(len(results), 1)

    def test_a_server_that_refuses_a_part_of_include_is_asked_without_it(self):
        refusal = {
            "error": {
                "status": 400, "type": "invalid_request_error", "code": "invalid_value", "param": "include[1]",
                "message": "Invalid value: 'web_search_call.action.sources'."}}
        _, server, process = self.run_all(turns=[refusal, turn(*ALL, note("I patch."), patch()), DONE])
        self.assertNotIn("web_search_call.action.sources", server.requests[-1]["include"])
        self.assertIn("file_search_call.results", server.requests[-1]["include"])
        self.assertTrue(any("going on without it" in event.get("message", "") for event in process.events))

    def test_a_picture_that_is_none_is_told(self):
        broken = {**DRAWN, "result": base64.b64encode(b"GIF89a no").decode()}
        nothing = {"type": "image_generation_call", "result": None, "status": "failed"}
        _, _, process = self.run_all(turns=[turn(broken, nothing, note("I patch."), patch()), DONE])
        broken, nothing = process.items("image_generation")
        self.assertNotIn("file", broken)
        self.assertIn("GIF", broken["error"])
        self.assertEqual(nothing["status"], "failed")
        self.assertTrue([e for e in process.events if e["type"] == "notice" and "picture was not kept" in e["message"]])

    def test_the_terminal_has_a_line_for_each(self):
        repository, server = self.repository(), self.simulate(turn(*ALL, note("I patch."), patch()), turn(cited("Done.")))
        process = self.run_graft(repository, 0, *FLAGS, server=server, json_view=False)
        for line in (
            "· web search: zlib release, zlib <CVE> (2 sources)", f"· opened {PAGE}",
            f"· looked for fixed in on {PAGE}", "· file search: limits (1 result)",
            "· Python on the server: import math … → 6.283185307179586", "· picture: ", "· docs has 1 tool",
            '· docs.search {"q":"limits"}', "✗ docs.search {}: no such page", "[1] The guide", "[2] limits.md",
            "[3] plot.csv"):
            self.assertIn(line, process.stdout)
        self.assertNotIn("[4]", process.stdout)

    def test_the_log_has_what_was_asked_and_answered(self):
        repository, _, process = self.run_all()
        session = self.session(process)
        log = self.start("log", session, "--repo", repository.path).end().stdout
        for text in ("web search: zlib release", PAGE, "limits.md: At most <5>.", "print(math.tau)", "no such page"):
            self.assertIn(text, log)
        self.assertNotIn(PICTURE_TEXT[:100], log)


class Page(html.parser.HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def values(self, tag, attribute):
        return [attributes.get(attribute) for name, attributes in self.elements if name == tag]


class Reviewing(GraftTest):
    EVIL = "</pre><script>alert(1)</script>\" onerror=alert(1) \x1b[31m"

    def page(self, *items):
        repository = self.repository()
        server = self.simulate(turn(*items, note("I patch."), patch()), turn(cited(
            "Done.", {"type": "url_citation", "url": "javascript:alert(1)", "title": self.EVIL},
            {"type": "url_citation", "url": 'https://a.org/"onmouseover="x', "title": "quoted"})))
        process = self.run_graft(repository, 0, *FLAGS, server=server)
        file = self.root / "page.html"
        review = self.start(
            "review", "--html", file, "--repo", repository.path, os.path.basename(process.result["session"])).end()
        self.assertEqual(review.exit_code, 0, review.stderr)
        return Page(file.read_text())

    def test_the_page_has_links_code_and_pictures(self):
        page = self.page(*ALL)
        links = page.values("a", "href")
        self.assertIn(PAGE, links)
        for link in links:
            self.assertRegex(link, r"\A(#|https?://)")
        for attributes in [attributes for tag, attributes in page.elements if tag == "a" and attributes["href"][0] != "#"]:
            self.assertEqual(attributes["rel"], "noopener noreferrer nofollow")
        for text in ("zlib <CVE>", "javascript:alert(1)", "print(math.tau)", "6.283185307179586", "limits.md", "Five.",
                     "no such page", "A red square", "The guide", "plot.csv"):
            self.assertIn(text, page.text)
        pictures = page.values("img", "src")
        self.assertEqual([base64.b64decode(source.partition(",")[2]) for source in pictures], [PICTURE, PICTURE])

    def test_nothing_that_a_server_sent_can_act(self):
        search = {"type": "web_search_call", "action": {
            "type": "search", "queries": [self.EVIL], "sources": [
                {"type": "url", "url": url} for url in (
                    "javascript:alert(1)", "JAVASCRIPT:alert(1)", " https://a.org", "data:text/html,x", "//a.org",
                    "https://a.org/\x1b]0;x", 'https://a.org/"><script>alert(1)</script>', "HTTPS://b.org/ok")]}}
        items = [
            search, {**PYTHON, "code": self.EVIL, "outputs": [{"type": "logs", "logs": self.EVIL}]},
            {**CALLED, "name": self.EVIL, "arguments": self.EVIL, "output": self.EVIL},
            {**DRAWN, "revised_prompt": self.EVIL, "result": base64.b64encode(
                b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>").decode()},
            {**FILES, "queries": [self.EVIL], "results": [{"filename": self.EVIL, "text": self.EVIL, "file_id": "f"}]}]
        page = self.page(*items)
        self.assertEqual(len(page.values("script", "nonce")), 1)
        for _, attributes in page.elements:
            self.assertFalse([name for name in attributes if name.startswith("on")], attributes)
        for link in page.values("a", "href"):
            self.assertRegex(link, r"\A(#|https?://|HTTPS://b)")
        self.assertIn("HTTPS://b.org/ok", page.values("a", "href"))
        (picture,) = page.values("img", "src")
        self.assertTrue(picture.startswith("data:image/svg+xml;base64,"))

    def test_a_picture_elsewhere_is_not_taken_into_the_page(self):
        repository = self.repository()
        server = self.simulate(turn(DRAWN, note("I patch."), patch()), DONE)
        process = self.run_graft(repository, 0, *FLAGS, server=server)
        (journal,) = self.state.glob("graft/sessions/*/journal.jsonl")
        (drawn,) = process.items("image_generation")
        secret = self.root / "secret.png"
        secret.write_bytes(PICTURE)
        journal.write_text(journal.read_text().replace(drawn["file"], str(secret)))
        file = self.root / "page.html"
        self.start(
            "review", "--html", file, "--repo", repository.path, os.path.basename(process.result["session"])).end()
        self.assertEqual(Page(file.read_text()).values("img", "src"), [])


class Asking(GraftTest):
    def ask(self, *turns, flags=("--tool", "web_search"), code=0, env=None):
        self.server = self.simulate(*turns)
        temporary = self.root / "temporary"
        temporary.mkdir(exist_ok=True)
        process = self.start(
            "ask", "--no-repo", *flags, "Why?", server=self.server, env={"TMPDIR": str(temporary), **(env or {})}).end()
        self.assertEqual(process.exit_code, code, process.stderr)
        self.assertEqual(self.server.violations, [])
        return process

    def test_sources_stand_below_the_answer_each_once(self):
        process = self.ask(turn(SEARCH, cited("It is 5.")))
        self.assertEqual(
            process.stdout,
            f"It is 5.\n\nSources\n[1] The guide\n    {PAGE}\n[2] limits.md\n    file-1\n"
            "[3] plot.csv\n    cntr_1/cfile_1\n")
        self.assertEqual(self.server.requests[0]["tools"], [{"type": "web_search"}])

    def test_an_answer_that_names_none_is_followed_by_what_was_found(self):
        process = self.ask(turn(SEARCH, OPENED, message("It is 5.")))
        self.assertEqual(
            process.stdout, f"It is 5.\n\nPages that were found\n[1] {PAGE}\n[2] javascript:alert(1)\n")

    def test_titles_cannot_paint_the_terminal(self):
        evil = {"type": "url_citation", "url": "https://a.org/\x1b[31m", "title": "\x1b]0;x\x07", "start_index": 0, "end_index": 1}
        process = self.ask(turn(cited("It is 5.", evil)))
        self.assertNotIn("\x1b", process.stdout)
        self.assertIn("[4] ", process.stdout)

    def test_a_picture_is_kept_and_named(self):
        process = self.ask(turn(DRAWN, DRAWN, message("Here.")), flags=("--tool", "image_generation"))
        paths = re.findall(r"^(/\S+\.png)$", process.stdout, re.MULTILINE)
        self.assertEqual(len(paths), 2, process.stdout)
        for path in paths:
            with open(path, "rb") as file:
                self.assertEqual(file.read(), PICTURE)

    def test_a_picture_may_be_the_whole_answer(self):
        process = self.ask(turn(DRAWN), flags=("--tool", "image_generation"))
        self.assertRegex(process.stdout, r"\A\nPictures\n/\S+\.png\n\Z")
        self.assertEqual(len(self.server.requests), 1)

    def test_a_search_makes_no_sandbox(self):
        repository = self.repository()
        server = self.simulate(turn(SEARCH, cited("It is 5.")))
        temporary = self.root / "temporary"
        temporary.mkdir()
        process = self.start(
            "ask", "Why?", "--repo", repository.path, "--tool", "web_search", server=server,
            env={"TMPDIR": str(temporary), "PATH": "/nonexistent"}).end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        self.assertEqual(list(temporary.iterdir()), [])
        self.assertEqual(len(server.lines("request")), 1)


def wanted(name="search", arguments='{"q":"limits"}'):
    return {"type": "mcp_approval_request", "server_label": "docs", "name": name, "arguments": arguments}


class Configured(GraftTest):
    def configure(self, text):
        folder = self.root / "config/graft"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(text)


class Approving(Configured):
    DOCS = "--tool", "mcp=docs=https://docs.example.org/mcp"

    def answers(self, server):
        return [item for item in server.inputs if item.get("type") == "mcp_approval_response"]

    def decided(self, process):
        return [(e["tool"], e["decision"], e["by"]) for e in process.events if e["type"] == "approval.decided"]

    def run_asked(self, *turns):
        repository, server = self.repository(), self.simulate(*turns)
        process = self.run_graft(repository, 0, *self.DOCS, server=server)
        self.assertEqual(server.violations, [])
        return process, server

    def test_nobody_there_is_a_no_at_once(self):
        process, server = self.run_asked(turn(LISTED, wanted(), note("I patch."), patch()), DONE)
        (answer,) = self.answers(server)
        self.assertIs(answer["approve"], False)
        self.assertIn("Nobody is there who could allow this call", answer["reason"])
        self.assertEqual(self.decided(process), [("docs.search", "no", "headless")])

    def test_the_configuration_decides_by_server_and_tool(self):
        self.configure('[tools.mcp.docs]\napprove = ["search", "write"]\ndeny = ["write"]\n')
        process, server = self.run_asked(
            turn(wanted(), wanted("write"), wanted("other")), turn(CALLED, note("I patch."), patch()), DONE)
        self.assertEqual([answer["approve"] for answer in self.answers(server)], [True, False, False])
        self.assertNotIn("reason", self.answers(server)[0])
        self.assertEqual(
            self.decided(process),
            [("docs.search", "once", "rule"), ("docs.write", "no", "rule"), ("docs.other", "no", "headless")])

    def test_a_rule_about_commands_approves_no_tool(self):
        self.configure('[[approve]]\nnetwork = "all"\nwrite = ["/tmp/x"]\n')
        process, server = self.run_asked(turn(wanted()), FIX, DONE)
        self.assertIs(self.answers(server)[0]["approve"], False)

    def test_a_question_is_answered_without_a_sandbox(self):
        server = self.simulate(turn(wanted()), turn(message("No way.")))
        process = self.start("ask", "--no-repo", *self.DOCS, "Why?", server=server).end()
        self.assertEqual((process.exit_code, process.stdout), (0, "No way.\n"), process.stderr)
        self.assertIs(self.answers(server)[0]["approve"], False)
        self.configure("tools.mcp.docs.approve = 'all'\n")
        server = self.simulate(turn(wanted(), wanted("write")), turn(CALLED, message("Five.")))
        repository = self.repository()
        process = self.start("ask", "--repo", repository.path, *self.DOCS, "Why?", server=server).end()
        self.assertEqual((process.exit_code, process.stdout), (0, "Five.\n"), process.stderr)
        self.assertEqual([answer["approve"] for answer in self.answers(server)], [True, True])

    def test_an_open_question_is_answered_when_a_session_goes_on(self):
        repository = self.repository()
        server = self.simulate(turn(LISTED, wanted()), turn(note("I patch."), patch()), DONE)
        process = self.begin(repository, *self.DOCS, "--max-turns", "1", server=server)
        self.finish(process, repository, 12)
        session = os.path.basename(process.result["session"])
        process = self.start("resume", session, "--json", server=server).end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        self.assertEqual(server.violations, [])

    @unittest.skipUnless(Terminal.is_there(), "tmux is not installed")
    def test_a_person_is_asked_with_server_tool_and_arguments(self):
        repository = self.repository()
        long = json.dumps({"q": "x" * 5000, "evil": "\x1b[2J"})
        server = self.simulate(
            turn(wanted(arguments=long)), turn(wanted("write")), turn(wanted("write", "{}")), turn(wanted("other")), FIX, DONE)
        world = {**self.world, "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url}
        terminal = Terminal(self.root, world, columns=100, rows=60)
        self.addCleanup(terminal.close)
        flags = shlex.join(self.DOCS)
        terminal.run(f"cd {shlex.quote(str(repository.path))}; {shlex.quote(str(GRAFT))} fix {flags} -- {shlex.quote(CHECK)}; echo exit=$?")
        terminal.wait_for("docs.search {", "more characters", "this tool for the session", "n = no:")
        terminal.run("y")
        terminal.wait_for('docs.write {"q":"limits"}')
        terminal.run("s")
        terminal.wait_for("docs.other")
        terminal.run("n")
        terminal.wait_for("exit=0")
        answers = self.answers(server)
        self.assertEqual([answer["approve"] for answer in answers], [True, True, True, False])
        self.assertIn("The person at the terminal refused this call", answers[3]["reason"])


class Choosing(Configured):

    def refused(self, *flags, words, env=None):
        repository = self.repository(name=f"repository{self.count}")
        process = self.start("run", "--repo", repository.path, *flags, "x", env=env).end()
        self.assertEqual(process.exit_code, 64, process.stderr)
        for word in words:
            self.assertIn(word, process.stderr)
        self.assertEqual(list(self.state.glob("graft/sessions/*")), [], "nothing has begun")
        return process

    def test_what_cannot_be_is_refused_before_anything_begins(self):
        self.refused("--tool", "websearch", words=["did you mean web_search?", "file_search="])
        self.refused("--tool", "file_search", words=["--tool file_search=vs_abc"])
        self.refused("--tool", "mcp=docs", words=["[tools.mcp.docs]"])
        self.refused("--tool", "mcp=https://u:hunter2@a.org/", words=["has a secret in it", "[tools.mcp.LABEL]"])
        self.refused(
            "--tool", "web_search", "--provider", "compatible", words=["servers of the kind compatible have no tools"])

    def test_parameters_come_from_the_configuration(self):
        self.configure(
            'tools.web_search = { enabled = true, allowed_domains = ["a.org"] }\n'
            '[tools.mcp.docs]\nserver_url = "https://a.org/mcp"\nbearer_token_env_var = "DOCS_TOKEN"\n')
        repository, server = self.repository(), self.simulate(FIX, DONE)
        process = self.begin(repository, "--tool", "mcp=docs", server=server, env={"DOCS_TOKEN": "t0k3n-value-1"})
        self.finish(process, repository, 0)
        web, mcp = server.requests[0]["tools"][-2:]
        self.assertEqual(web, {"type": "web_search", "filters": {"allowed_domains": ["a.org"]}})
        self.assertEqual(mcp["authorization"], "t0k3n-value-1")
        kept = b"".join(file.read_bytes() for file in self.state.rglob("*") if file.is_file())
        self.assertNotIn(b"t0k3n-value-1", kept)
        self.assertNotIn("t0k3n-value-1", process.stdout + process.stderr)
        self.assertEqual(
            [e for e in process.events if e["type"] == "run.started"][0]["choices"]["tools"], ["web_search", "mcp=docs"])

    def test_a_token_that_a_server_echoes_is_masked(self):
        self.configure('[tools.mcp.docs]\nserver_url = "https://a.org/mcp"\nbearer_token_env_var = "DOCS_TOKEN"\n')
        refusal = {"error": {"status": 400, "code": "invalid_value", "message": "bad token t0k3n-value-1", "param": "tools"}}
        repository, server = self.repository(), self.simulate(refusal)
        process = self.begin(repository, "--tool", "mcp=docs", server=server, env={"DOCS_TOKEN": "t0k3n-value-1"})
        process.end()
        self.assertNotEqual(process.exit_code, 0)
        self.assertNotIn("t0k3n-value-1", process.stdout + process.stderr)
        self.assertIn("[DOCS_TOKEN]", process.stderr)

    def test_a_variable_that_is_not_set_is_named(self):
        self.configure('[tools.mcp.docs]\nserver_url = "https://a.org/mcp"\nbearer_token_env_var = "DOCS_TOKEN"\n')
        self.refused("--tool", "mcp=docs", words=["DOCS_TOKEN, which [tools.mcp.docs] names, is not set"])

    def test_a_repository_turns_nothing_on(self):
        files = {
            "answer.txt": "wrong\n",
            ".graft/config.toml": "tools.web_search.enabled = true\n[tools.mcp.x]\nserver_url = 'https://a.org'\nenabled = true\n"}
        _, _, server = self.fix(0, FIX, DONE, files=files)
        self.assertNotIn("web_search", json.dumps(server.requests[0]["tools"]))
        self.assertNotIn("mcp", [tool["type"] for tool in server.requests[0]["tools"]])

    def test_none_clears_what_the_configuration_turns_on(self):
        self.configure("tools.web_search.enabled = true\n")
        repository, server = self.repository(), self.simulate(FIX, DONE)
        self.run_graft(repository, 0, "--tool", "none", "--tool", "image_generation", server=server)
        self.assertEqual(server.requests[0]["tools"][-1], {"type": "image_generation"})
        self.assertNotIn("web_search", json.dumps(server.requests[0]["tools"]))


if __name__ == "__main__":
    unittest.main()
