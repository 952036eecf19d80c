"""Responses in the background, and what is never stored."""

import json
import os
import signal

from harness import CHECK, GraftTest, wait_until
from scripted import DONE, FIX, message, note, patch, shell, turn


class Background(GraftTest):
    def creates(self, server):
        return [line for line in server.lines("request") if "body" in line]

    def asks(self, server, start):
        """The method and path of all requests that begin so."""
        lines = [f"{line.get('method')} {line.get('path')}" for line in server.lines("request")]
        return [line for line in lines if line.startswith(start)]

    def test_each_response_is_made_in_the_background_and_stored(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        run = self.run_graft(repository, 0, "--background", server=server)
        for body in server.requests:
            self.assertEqual((body["background"], body["store"], body["stream"]), (True, True, True))
        told = [event for event in run.events if event["type"] == "response.background"]
        ids = [event["response_id"] for event in run.events if event["type"] == "turn.completed"]
        self.assertEqual(list(dict.fromkeys(event["response_id"] for event in told)), ids)
        # Once when it has a name, once for each item.
        self.assertEqual([("sequence_number" in event) for event in told], [False, True, True, False, True])

    def test_a_line_that_drops_is_taken_up_where_it_broke(self):
        cut = {**turn(note("Say what is right."), patch()), "drop_after_events": 6}
        repository, server = self.repository(), self.simulate(cut, DONE)
        run = self.run_graft(repository, 0, "--background", server=server)
        self.assertEqual(len(self.creates(server)), 2, "a response was paid for again")
        (asked,) = self.asks(server, "GET")
        self.assertIn("stream=true&starting_after=", asked)
        self.assertEqual(run.result["turns"], 2)

    def test_a_server_without_background_is_asked_in_the_plain_way(self):
        refusal = {"error": {"status": 400, "code": "unsupported_parameter", "type": "invalid_request_error",
                             "param": "background", "message": "Background mode is not supported."}}
        repository, server = self.repository(), self.simulate(refusal, FIX, DONE)
        run = self.run_graft(repository, 0, "--background", server=server)
        notices = " ".join(event["message"] for event in run.events if event["type"] == "notice")
        self.assertIn("the server makes no responses in the background", notices)
        self.assertEqual([body.get("background") for body in server.requests], [True, None, None])
        self.assertEqual([body["store"] for body in server.requests], [True, False, False])

    def slow(self, *flags):
        repository = self.repository()
        server = self.simulate(turn(shell("true"), delay_ms=600_000), DONE)
        run = self.begin(repository, "--background", *flags, server=server)
        run.wait_for("response.background")
        return repository, server, run

    def test_ctrl_c_cancels_the_response_on_the_server(self):
        repository, server, run = self.slow()
        (told,) = [event for event in run.events if event["type"] == "response.background"]
        run.signal(signal.SIGINT)
        self.finish(run, repository, 130, verdict="interrupted")
        self.assertEqual(self.asks(server, "POST")[-1], f"POST /v1/responses/{told['response_id']}/cancel")
        listed = self.start("jobs", server=server).end()
        self.assertRegex(listed.stdout, rf"{told['response_id']} +cancelled +")

    def test_a_killed_run_takes_its_response_up_when_it_goes_on(self):
        repository = self.repository()
        server = self.simulate({**FIX, "delay_ms": 2500}, DONE)
        run = self.begin(repository, "--background", server=server)
        run.wait_for("response.background")
        os.kill(run.pid, signal.SIGKILL)
        run.end()
        result = self.root / "resumed.json"
        resumed = self.start("resume", "--last", "--repo", repository.path, "--result", result, server=server).end()
        self.assertEqual(resumed.exit_code, 0, resumed.stdout + resumed.stderr)
        self.assertEqual(len(self.creates(server)), 2, "a response was paid for again")
        self.assertEqual(json.loads(result.read_text())["turns"], 2)
        self.assertIn("which was asked for before", resumed.stdout)

    def test_a_further_prompt_cancels_the_response_that_nobody_will_read(self):
        for flags in ((), ("--zdr",)):
            with self.subTest(flags=flags):
                repository = self.repository(name=f"r{len(flags)}")
                server = self.simulate(turn(shell("true"), delay_ms=600_000))
                run = self.begin(repository, "--background", server=server)
                run.wait_for("response.background")
                (told,) = [event for event in run.events if event["type"] == "response.background"]
                os.kill(run.pid, signal.SIGKILL)
                run.end()
                # A session without a word cannot be told from one that is taken up; what is not stored is not.
                words = flags or ("Mind the last line.",)
                resumed = self.start("resume", "--last", "--json", "--repo", repository.path, *words, server=server)
                cancelled = f"{told['response_id']}, which was asked for before, was cancelled"
                resumed.wait_for("notice", lambda event: cancelled in event["message"])
                resumed.wait_for("request.sent")
                cancel = f"POST /v1/responses/{told['response_id']}/cancel"
                self.assertEqual([line for line in self.asks(server, "POST") if line.endswith("/cancel")], [cancel])
                resumed.signal(signal.SIGINT)
                self.assertEqual(resumed.end().exit_code, 130)

    def test_a_response_that_was_cancelled_is_asked_for_anew(self):
        repository = self.repository()
        server = self.simulate({**FIX, "delay_ms": 6000}, DONE)
        run = self.begin(repository, "--background", server=server)
        run.wait_for("response.background")
        run.signal(signal.SIGINT)
        self.finish(run, repository, 130, verdict="interrupted")
        resumed = self.start("resume", "--last", "--repo", repository.path, server=server).end()
        self.assertEqual(resumed.exit_code, 0, resumed.stdout + resumed.stderr)
        self.assertEqual(len(self.creates(server)), 3)

    def test_jobs_are_listed_shown_waited_for_and_cancelled(self):
        repository, server, run = self.slow()
        (told,) = [event for event in run.events if event["type"] == "response.background"]
        id = told["response_id"]
        os.kill(run.pid, signal.SIGKILL)
        run.end()
        listed = json.loads(self.start("jobs", "--json", server=server).end().stdout)["jobs"]
        self.assertEqual([(job["response_id"], job["state"], job["is_done"]) for job in listed],
                         [(id, listed[0]["state"], False)])
        self.assertIn(listed[0]["state"], ("queued", "in_progress"))
        shown = self.start("jobs", "show", id[:12], server=server).end()
        self.assertEqual((shown.exit_code, shown.stdout.splitlines()[0]), (0, f"{id}: in_progress"))
        waited = self.start("jobs", "wait", id, "--timeout", "1s", server=server).end()
        self.assertEqual(waited.exit_code, 75)
        self.assertIn("is still in_progress", waited.stderr)
        cancelled = self.start("jobs", "cancel", id, server=server).end()
        self.assertEqual((cancelled.exit_code, cancelled.stdout.splitlines()[0]), (0, f"{id}: cancelled"))
        self.assertEqual(self.start("jobs", "wait", id, server=server).end().exit_code, 1)
        self.start("clean", "--yes", "--all", "--repo", repository.path).end()

    def test_jobs_that_ended_are_waited_for_at_once(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        run = self.run_graft(repository, 0, "--background", server=server)
        id = [event["response_id"] for event in run.events if event["type"] == "turn.completed"][-1]
        waited = self.start("jobs", "wait", id, server=server).end()
        self.assertEqual(waited.exit_code, 0, waited.stderr)
        self.assertIn("Done.", waited.stdout)
        whole = json.loads(self.start("jobs", "show", id, "--json", server=server).end().stdout)
        self.assertEqual((whole["id"], whole["status"]), (id, "completed"))

    def test_what_the_server_does_not_have_is_said(self):
        server = self.simulate(DONE)
        run = self.start("jobs", "show", "resp_x/../y", server=server).end()
        self.assertEqual(run.exit_code, 64)
        self.assert_clear(run, "the server has no response resp_x/../y")
        self.assertIn("no responses in the background", self.start("jobs", server=server).end().stderr)
        self.assertEqual(json.loads(self.start("jobs", "--json", server=server).end().stdout), {"jobs": []})


class ZeroRetention(GraftTest):
    def test_no_request_is_stored_whatever_the_server_says(self):
        for name, flags in (("socket", ()), ("http", ("--transport", "http"))):
            refusal = {"error": {"status": 400, "code": "unsupported_parameter", "type": "invalid_request_error",
                                 "param": "text.verbosity", "message": "No."}}
            repository = self.repository(name=name)
            server = self.simulate(refusal, turn(shell("true")), FIX, DONE)
            self.run_graft(repository, 0, "--zdr", *flags, server=server)
            self.assertGreater(len(server.requests), 3)
            self.assertEqual({body["store"] for body in server.requests}, {False}, name)

    def test_a_server_that_insists_on_storing_is_not_asked_again(self):
        refusal = {"error": {"status": 400, "code": "unsupported_parameter", "type": "invalid_request_error",
                             "param": "store", "message": "Only with store."}}
        run = self.run_graft(self.repository(), 20, "--zdr", server=(server := self.simulate(refusal, DONE)))
        self.assertEqual(len(server.requests), 1)
        self.assert_clear(run, "refuses store")

    def test_other_servers_are_told_too(self):
        server = self.simulate(turn(message("Yes.")))
        run = self.start("ask", "--zdr", "--provider", "compatible", "--no-repo", "Is it?", server=server).end()
        self.assertEqual(run.exit_code, 0, run.stderr)
        self.assertEqual([body["store"] for body in server.requests], [False])

    def test_it_contradicts_the_background_in_one_line(self):
        repository = self.repository()
        run = self.start("fix", "--repo", repository.path, "--zdr", "--background", "--", *CHECK.split()).end()
        self.assertEqual(run.exit_code, 64)
        self.assertRegex(run.stderr, r"^graft: --background and --zdr contradict each other: [^\n]+\n$")
        (self.root / "config/graft").mkdir()
        (self.root / "config/graft/config.toml").write_text("zdr = true\n")
        run = self.run_graft(repository, 64, "--background", verdict="usage")
        self.assert_clear(run, "background and zdr exclude each other")

    def test_a_repository_may_ask_for_it_and_for_nothing_else(self):
        repository = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": "background = true\nzdr = true\n"})
        server = self.simulate(FIX, DONE)
        self.run_graft(repository, 0, server=server)
        self.assertEqual({(body["store"], body.get("background")) for body in server.requests}, {(False, None)})
