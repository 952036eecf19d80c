"""A long conversation is shortened after a milestone, and goes on as if nothing had been lost."""

import json

from harness import GraftTest
from scripted import DONE, FIX, function, message, note, shell, turn
from test_resume import ResumeTest

# What a command prints here goes to the model whole.
LONG = "yes 'a line of some length that tells little' | head -c 30000"


def milestone(kind, summary, **evidence):
    return function("report_milestone", {"milestone": kind, "summary": summary, "evidence": evidence})


class CompactionTest(GraftTest):
    # Long outputs, then the root cause, with the call it was found by.
    WORK = [turn(note(f"Look {number}."), *[shell(LONG) for _ in range(3)]) for number in range(3)]
    FOUND = turn(
        note("That is it."), shell("cat answer.txt"),
        milestone("root_cause", "The answer is wrong.", file="answer.txt", line=1),
    )

    def made(self, exit_code, *turns, flags=(), json_view=True):
        """A run of the usual repair."""
        self.server = self.simulate(*turns)
        return self.run_graft(self.repository(), exit_code, *flags, server=self.server, json_view=json_view)

    def events(self, run, kind):
        return [event for event in run.events if event["type"] == kind]

    def types(self, request):
        return [item.get("type", "message") for item in request["input"]]

    def text(self, item):
        return "".join(part["text"] for part in item["content"])

    def card(self, request):
        return self.text(request["input"][-1])

    def test_the_request_after_a_root_cause_is_small_and_has_all_that_matters(self):
        run = self.made(0, *self.WORK, self.FOUND, FIX, DONE)
        (compaction,) = self.events(run, "window.compacted")
        self.assertEqual(compaction["reason"], "milestone")
        self.assertEqual(compaction["milestone"], "root_cause")
        self.assertEqual(compaction["route"], "trigger")
        self.assertGreater(compaction["tokens_before"], 20000)
        self.assertLess(compaction["tokens_after"], compaction["tokens_before"] / 4)
        (found,) = [event for event in self.events(run, "milestone.reported") if event["by"] == "model"]
        self.assertEqual(found["evidence"], {"file": "answer.txt", "line": 1})
        # Right behind the root cause, and the next request is small though it carries the whole history.
        kinds = [event["type"] for event in run.events]
        self.assertLess(kinds.index("milestone.reported"), kinds.index("window.compacted"))
        sent = self.events(run, "request.sent")
        self.assertEqual([event["turn"] for event in sent], list(range(1, len(sent) + 1)))
        self.assertLess(sent[4]["item_bytes"], 20000)
        trigger = next(body for body in self.server.requests if self.types(body)[-1] == "compaction_trigger")
        following = self.server.requests[self.server.requests.index(trigger) + 1]
        self.assertNotIn("previous_response_id", following)
        self.assertEqual(self.text(following["input"][1]), self.text(self.server.requests[0]["input"][1]))
        kept = self.types(following)[self.types(following).index("compaction") + 1 :]
        self.assertEqual(
            kept, ["message", "shell_call", "function_call", "shell_call_output", "function_call_output", "message"])
        card = self.card(following)
        self.assertIn("- root cause: The answer is wrong. [answer.txt:1]", card)
        self.assertIn("(this is what counts)", card)
        # The harness has seen the fix itself.
        self.assertIn(("fix_applied", "harness"), [
            (event["milestone"], event["by"]) for event in self.events(run, "milestone.reported")])
        self.assertFalse(self.server.violations)

    def test_off_compacts_nothing(self):
        run = self.made(0, *self.WORK, self.FOUND, FIX, DONE, flags=("--compact", "off"))
        self.assertFalse(self.events(run, "window.compacted"))

    def test_a_history_that_is_refused_as_too_long_is_shortened_once(self):
        refusal = {"http_status": 400, "items": [], "error": {
            "code": "context_length_exceeded", "message": "Your input exceeds the context window of this model."}}
        run = self.made(0, *self.WORK, refusal, FIX, DONE, flags=("--compact", "off"))
        (compaction,) = self.events(run, "window.compacted")
        self.assertEqual(compaction["reason"], "overflow")

    def test_what_does_not_fit_even_then_ends_with_a_word_about_what_to_do(self):
        refusal = {"http_status": 400, "times": 9, "items": [], "error": {
            "code": "context_length_exceeded", "message": "Your input exceeds the context window of this model."}}
        run = self.made(20, *self.WORK, refusal, DONE)
        self.assertIn("does not fit into the model's window", run.result["message"])
        self.assertIn("graft resume", run.result["message"])

    def test_the_view_says_what_was_found_and_what_was_shortened(self):
        run = self.made(0, *self.WORK, self.FOUND, FIX, DONE, json_view=False)
        self.assertRegex(run.stderr + run.stdout, r"compacted: \d+k → \d+(\.\d)?k tokens, the root cause is found")
        self.assertIn("root cause: The answer is wrong. · answer.txt:1", run.stderr + run.stdout)

    def test_a_server_without_any_way_gets_a_summary_of_the_model(self):
        calls = [turn(*[function("shell", {"commands": [LONG]}) for _ in range(3)]) for _ in range(3)]
        found = turn(function("shell", {"commands": ["cat answer.txt"]}), milestone("root_cause", "It is wrong."))
        patch = "*** Begin Patch\n*** Update File: answer.txt\n@@\n-wrong\n+right\n*** End Patch"
        run = self.made(
            0, *calls, found, turn(message("I have found that the answer is wrong.")),
            turn(function("apply_patch", {"patch": patch})), DONE, flags=("--provider", "compatible"))
        (compaction,) = self.events(run, "window.compacted")
        self.assertEqual(compaction["route"], "summary")
        bodies = self.server.requests
        self.assertTrue(any("I have found that the answer" in self.text(item) for item in bodies[5]["input"]
                            if item.get("role") == "user"))


class ResumedCompactionTest(ResumeTest):
    def test_a_session_goes_on_from_the_shortened_history_and_the_newest_prompt_is_last(self):
        repository = self.repository()
        server = self.simulate(*CompactionTest.WORK, CompactionTest.FOUND, turn(note("On."), shell("true")), FIX, DONE)
        run = self.run_graft(repository, 12, "--max-turns", "5", server=server)
        (compaction,) = [event for event in run.events if event["type"] == "window.compacted"]
        asked = len(server.requests)
        process = self.resume(repository, "--last", "Mind the last line.", server=server)
        self.finish(process, repository, 0)
        first = next(body for body in server.requests[asked:] if "previous_response_id" not in body)
        window = [entry["item"] for entry in compaction["window"]]
        start = first["input"].index(window[0])
        self.assertEqual(first["input"][start : start + len(window)], window)
        self.assertIn("Mind the last line.", json.dumps(first["input"][-1]))
        self.assertFalse(server.violations)
