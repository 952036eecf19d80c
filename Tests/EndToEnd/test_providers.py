"""What graft does with servers that refuse, break off or answer nonsense."""

import json
import socket

from harness import GraftTest
from scripted import DONE, FIX, FIXED, function, patch, shell, turn


def error(status, code=None, kind=None, text="No.", **headers):
    return {"status": status, "code": code, "type": kind, "message": text, "headers": headers}


class Keys(GraftTest):
    def test_without_a_key_nothing_is_begun(self):
        repository = self.repository()
        run = self.run_graft(repository, 21, verdict="credentials", env={"OPENAI_API_KEY": None})
        self.assert_clear(run, "OPENAI_API_KEY")
        self.assertEqual(self.branches(repository), [])

    def test_an_empty_key_is_no_key(self):
        self.run_graft(self.repository(), 21, verdict="credentials", env={"OPENAI_API_KEY": ""})

    def test_a_refused_key_is_named(self):
        for flags in ((), ("--transport", "http")):
            with self.subTest(flags):
                self.setUp()
                repository = self.repository()
                server = self.simulate(DONE)
                run = self.run_graft(
                    repository, 21, *flags, server=server, verdict="credentials", env={"OPENAI_API_KEY": "sk-bad"}
                )
                self.assert_clear(run, "OPENAI_API_KEY")
                self.assertEqual(self.branches(repository), [])

    def test_a_key_with_a_line_break_is_refused_before_anything_is_sent(self):
        server = self.simulate(DONE)
        run = self.run_graft(self.repository(), 21, server=server, env={"OPENAI_API_KEY": "sk-a\r\nX-Evil: 1"})
        self.assertNotIn("x-evil", server.text.lower())
        self.assertNotIn("sk-a", run.stdout + run.stderr)


class Roads(GraftTest):
    def test_a_closed_port_is_temporary(self):
        with socket.socket() as holder:
            # Bound and not listening: nobody else can take the port meanwhile.
            holder.bind(("127.0.0.1", 0))
            run = self.run_graft(
                self.repository(), 75, server=f"http://127.0.0.1:{holder.getsockname()[1]}/v1", verdict="temporary"
            )
        self.assert_clear(run, "try again later")

    def test_tls_with_a_plain_server_is_an_error_of_its_own(self):
        server = self.simulate(FIX, DONE)
        url = f"https://127.0.0.1:{server.port}/v1"
        run = self.run_graft(self.repository(), 20, server=url, verdict="provider")
        self.assert_clear(run, "TLS", "OPENAI_BASE_URL", "SSL_CERT_FILE")

    def test_a_base_url_that_is_none_is_a_usage_error(self):
        for url in ("nonsense", "ftp://127.0.0.1/v1", "http://"):
            with self.subTest(url):
                self.setUp()
                run = self.run_graft(self.repository(), 64, server=url, verdict="usage")
                self.assert_clear(run, url)

    def test_a_refused_upgrade_falls_back_to_http(self):
        for status in (404, 405, 426):
            with self.subTest(status):
                self.setUp()
                repository = self.repository()
                server = self.simulate(FIX, DONE, handshake={"status": status})
                self.run_graft(repository, 0, server=server, verdict="fixed")
                self.assertEqual(server.violations, [])
                transports = {line["transport"] for line in server.lines("request") if "body" in line}
                self.assertEqual(transports, {"http"})

    def test_http_can_be_chosen(self):
        server = self.simulate(FIX, DONE)
        self.run_graft(self.repository(), 0, "--transport", "http", server=server, verdict="fixed")
        self.assertEqual(server.violations, [])
        self.assertEqual({line["transport"] for line in server.lines("request")}, {"http"})

    def test_only_new_items_go_over_a_socket(self):
        _, _, server = self.fix(0, FIX, turn(shell("true")), DONE)
        self.assertEqual(len({line["connection"] for line in server.lines("request") if "body" in line}), 1)
        counts = [len(body["input"]) for body in server.requests]
        self.assertEqual(counts, [3, 1, 1])
        self.assertEqual([("previous_response_id" in body) for body in server.requests], [False, True, True])

    def test_a_compatible_server_gets_functions_and_the_whole_input(self):
        envelope = f"*** Begin Patch\n*** Update File: answer.txt\n{FIXED}*** End Patch"
        server = self.simulate(
            turn(function("shell", json.dumps({"commands": ["cat answer.txt"]}))),
            turn(function("apply_patch", json.dumps({"patch": envelope})), expect={"outputs": [{"contains": "wrong"}]}),
            DONE,
        )
        repository = self.repository()
        self.run_graft(repository, 0, "--provider", "compatible", server=server, verdict="fixed")
        self.assertEqual(server.violations, [])
        for line, count in zip(server.lines("request"), (2, 4, 6), strict=True):
            self.assertEqual(line["transport"], "http")
            self.assertEqual(len(line["body"]["input"]), count)
            self.assertNotIn("previous_response_id", line["body"])
            self.assertEqual({tool["type"] for tool in line["body"]["tools"]}, {"function"})


class Failures(GraftTest):
    def test_a_stream_that_is_cut_is_asked_for_again_in_full(self):
        for flags in ((), ("--transport", "http")):
            with self.subTest(flags):
                self.setUp()
                broken = turn(*DONE["items"], drop_after_events=4)
                server, repository = self.simulate(FIX, broken), self.repository()
                run = self.run_graft(repository, 0, *flags, server=server, verdict="fixed")
                self.assertEqual(server.violations, [])
                self.assertEqual([len(body["input"]) for body in server.requests][-1], 6)
                self.assertEqual(len(run.items("agent_message")), 2, "nothing of the broken response is kept")

    def test_a_forgotten_response_is_recovered_from(self):
        lost = {"error": error(400, "previous_response_not_found", "invalid_request_error")}
        _, _, server = self.fix(0, FIX, {**lost, "items": []}, DONE)
        last = server.requests[-1]
        self.assertNotIn("previous_response_id", last)
        self.assertEqual(len(last["input"]), 6)

    def test_a_rate_limit_is_waited_for(self):
        for flags in ((), ("--transport", "http")):
            with self.subTest(flags):
                self.setUp()
                limit = error(429, "rate_limit_exceeded", "rate_limit_error", "Slow down.", **{"retry-after": "1"})
                server = self.simulate({"error": limit}, FIX, DONE)
                run = self.run_graft(self.repository(), 0, *flags, server=server, verdict="fixed")
                notices = [event["message"] for event in run.events if event["type"] == "notice"]
                self.assertTrue(any("Slow down" in text for text in notices), notices)

    def test_a_spent_quota_ends_the_run(self):
        quota = {"error": error(429, "insufficient_quota", "insufficient_quota", "You exceeded your quota.")}
        for flags in ((), ("--transport", "http")):
            with self.subTest(flags):
                self.setUp()
                server = self.simulate(quota)
                run = self.run_graft(self.repository(), 20, *flags, server=server, verdict="provider")
                self.assert_clear(run, "You exceeded your quota")
                self.assertEqual(len(server.requests), 1)

    def test_a_server_error_is_tried_again(self):
        self.fix(0, {"terminal": "failed", "items": []}, FIX, {"http_status": 503, "items": []}, DONE)

    def test_an_unknown_model_ends_the_run(self):
        unknown = {"error": error(404, "model_not_found", "invalid_request_error", "There is no model x.")}
        run, _, _ = self.fix(20, unknown, verdict="provider")
        self.assert_clear(run, "There is no model x")

    def test_work_done_before_a_failure_is_kept(self):
        wrong = turn(patch(diff="@@\n-wrong\n+almost\n"))
        _, repository, _ = self.fix(20, wrong, {"error": error(400, "invalid_prompt", None)}, verdict="provider")
        self.assert_branch_has(repository, "answer.txt", "almost")

    def test_an_event_that_is_not_json_ends_the_run_or_is_tried_again(self):
        bad = {"raw_text": "{this is not json", "items": []}
        self.fix(0, bad, FIX, DONE)
        self.setUp()
        run, _, _ = self.fix(75, {**bad, "times": 100}, verdict="temporary")
        self.assert_clear(run, "JSON")

    def test_an_unknown_event_is_passed_over(self):
        odd = {"type": "response.something_new", "sequence_number": 1, "data": {"a": [1, 2]}}
        self.fix(0, {**FIX, "raw_events": [odd]}, DONE)

    def test_a_parameter_the_server_refuses_is_left_out(self):
        refusal = error(400, "unsupported_parameter", "invalid_request_error", "Unsupported parameter.")
        refusal["param"] = "text.verbosity"
        run, _, server = self.fix(0, {"error": refusal}, FIX, DONE)
        self.assertIn("text", server.requests[0])
        self.assertNotIn("verbosity", server.requests[1].get("text", {}))


class Nonsense(GraftTest):
    def test_a_server_that_keeps_no_tools_with_the_history_gets_them_each_time(self):
        says = "Invalid value: 'additional_tools'. Supported values are: 'message' and 'reasoning'."
        refusal = {"error": error(400, "invalid_value", "invalid_request_error", says)}
        run, _, server = self.fix(0, refusal, FIX, DONE)
        self.assertIn("additional_tools", " ".join(event["message"] for event in run.events if event["type"] == "notice"))
        first, *others = server.requests
        self.assertEqual(first["input"][0]["type"], "additional_tools")
        self.assertEqual(len(others), 2)
        for body in others:
            self.assertNotIn("additional_tools", json.dumps(body["input"]))
            self.assertEqual(body["tools"], first["tools"] + first["input"][0]["tools"])

    def test_an_unknown_item_is_kept_and_sent_back_byte_for_byte(self):
        odd = {"type": "dream", "id": "dr_1", "z": [1.50, {"ü": None}], "a": "\u0001 \\u00e9", "status": "completed"}
        repository = self.repository()
        server = self.simulate(turn(odd, *FIX["items"]), DONE)
        run = self.run_graft(repository, 0, "--transport", "http", server=server)
        (said,) = [event["item"] for event in run.events if event["type"] == "response.item"][:1]
        self.assertEqual(said["type"], "dream")
        journal = next(self.state.glob("graft/sessions/*/journal.jsonl")).read_bytes()
        (line,) = [line for line in journal.splitlines() if b'"dream"' in line]
        raw = line[line.index(b'"item":') + len(b'"item":') : -1]
        self.assertIn(raw, server.file.read_bytes().splitlines()[-2])

    def test_reasoning_and_phase_go_back_as_they_came(self):
        thought = {"type": "reasoning", "summary": [], "encrypted_content": "gAAAA+/=="}
        repository = self.repository()
        server = self.simulate(turn(thought, *FIX["items"]), turn(thought, shell("true")), DONE)
        self.run_graft(repository, 0, "--transport", "http", server=server)
        self.assertEqual(server.violations, [])
        self.assertEqual(sum(item.get("encrypted_content") == "gAAAA+/==" for item in server.requests[-1]["input"]), 2)
        self.assertIn("commentary", [item.get("phase") for item in server.requests[-1]["input"]])
