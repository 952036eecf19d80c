"""What the server's prompt cache needs: beginnings that stay the same, and a key for each run."""

import collections
import json
import os

from harness import GraftTest
from scripted import DONE, FIX, message, shell, turn


class Caches(GraftTest):
    def beginning(self, body, count):
        """The part of a request that the server reads first, as bytes: tools, then the first items."""
        return json.dumps([body["model"], body["tools"], body["reasoning"], body["text"], body["input"][:count]])

    def test_all_requests_of_a_session_begin_alike(self):
        steps = [turn(shell(f"echo {number}")) for number in range(6)]
        repository, server = self.repository(), self.simulate(*steps, FIX, DONE)
        self.run_graft(repository, 0, "--transport", "http", server=server)
        for earlier, later in zip(server.requests, server.requests[1:]):
            count = len(earlier["input"])
            self.assertGreater(len(later["input"]), count)
            self.assertEqual(self.beginning(earlier, count), self.beginning(later, count))
            self.assertEqual(earlier["prompt_cache_key"], later["prompt_cache_key"])

    def sessions_alike(self, task, *flags):
        """What the first requests of two sessions have in common, as text; a change of the user's lies between them."""
        firsts = []
        repository = self.repository(name=f"repository{self.count}")
        for number in range(2):
            repository.write({"own.txt": f"{number}\n"})
            server = self.simulate(DONE, FIX, DONE, DONE)
            self.run_graft(repository, 10 if not task else 11, *flags, server=server, task=task)
            firsts.append(server.requests[0])
        self.assertEqual(firsts[0]["prompt_cache_key"], firsts[1]["prompt_cache_key"])
        texts = [json.dumps([body["model"], body["tools"], body["input"]]) for body in firsts]
        self.assertNotEqual(*texts)
        return os.path.commonprefix(texts)

    def test_two_sessions_begin_alike_up_to_what_must_differ(self):
        self.assertIn("Add a flag.", self.sessions_alike("Add a flag.", "--max-turns", "1"))

    def test_nothing_of_a_session_stands_before_the_task(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        run = self.run_graft(repository, 0, server=server)
        first = server.requests[0]
        before = json.dumps([first["tools"], first["input"]]).split("The command that decides")[0]
        session = run.result["session"].rsplit("/", 1)[-1]
        for word in (session, str(self.state), run.result["base"], str(repository.path)):
            self.assertNotIn(word, before)
        self.assertNotIn("repository", first["prompt_cache_key"])
        self.assertRegex(first["prompt_cache_key"], r"^graft-[0-9a-f]{16}-[0-9]+$")

    def test_no_key_gets_more_than_a_cache_answers_when_many_runs_go_on_at_once(self):
        server = self.simulate(*[turn(message("Yes."), delay_ms=500)], after_last="repeat-last")
        runs = [self.start("ask", "--no-repo", f"Question {number}?", server=server) for number in range(40)]
        for run in runs:
            self.assertEqual(run.end(120).exit_code, 0, run.stderr)
        counts = collections.Counter(body["prompt_cache_key"] for body in server.requests)
        self.assertEqual(sum(counts.values()), 40)
        self.assertLessEqual(max(counts.values()), 15)

    def test_the_time_that_a_cache_is_kept_is_asked_for_where_configured(self):
        (self.root / "config/graft").mkdir()
        (self.root / "config/graft/config.toml").write_text('prompt_cache_retention = "24h"\n')
        refusal = {"error": {"status": 400, "code": "unsupported_parameter", "type": "invalid_request_error",
                             "param": "prompt_cache_retention", "message": "Not for this model."}}
        repository, server = self.repository(), self.simulate(refusal, FIX, DONE)
        run = self.run_graft(repository, 0, server=server)
        self.assertEqual([body.get("prompt_cache_retention") for body in server.requests], ["24h", None, None])
        notices = " ".join(event["message"] for event in run.events if event["type"] == "notice")
        self.assertIn("the server refuses prompt_cache_retention (Not for this model)", notices)
