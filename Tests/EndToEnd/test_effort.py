"""Effort and verbosity by phase of the work."""

from harness import GraftTest
from scripted import DONE, FIX, function, patch, turn

ORDER = turn(function("order_commits", {"commits": [{"subject": "Say right", "why": "It was wrong.", "hunks": ["h1-h2"]}]}))


class Efforts(GraftTest):
    def configure(self, text):
        (self.root / "config/graft").mkdir(exist_ok=True)
        (self.root / "config/graft/config.toml").write_text(text)

    def efforts(self, server):
        return [(body["reasoning"]["effort"], body["text"]["verbosity"]) for body in server.requests]

    def two_steps(self, *flags, name="repository"):
        files = {"answer.txt": "wrong\n", "b.txt": "one\n"}
        repository = self.repository(files, name=name)
        second = turn(patch("b.txt", "@@\n-one\n+two\n"))
        server = self.simulate(FIX, second, DONE, ORDER)
        self.run_graft(repository, 0, *flags, server=server)
        return self.efforts(server)

    def test_ordering_has_an_effort_of_its_own(self):
        self.configure('effort = {start = "high", ordering = "low"}\nverbosity = {ordering = "high"}\n')
        work, order = ("high", "medium"), ("low", "high")
        self.assertEqual(self.two_steps(), [work, work, work, order])
        flagged = self.two_steps("--effort", "xhigh", name="flagged")
        self.assertEqual([effort for effort, _ in flagged], ["xhigh"] * 4)

    def test_without_phases_all_requests_are_alike(self):
        self.assertEqual(self.two_steps(), [("medium", "medium")] * 4)

    def test_an_effort_that_nobody_knows_is_sent_with_a_notice(self):
        run, _, server = self.known("ultra", "loud")
        self.assertEqual(self.efforts(server)[0], ("ultra", "loud"))
        notices = " ".join(event["message"] for event in run.events if event["type"] == "notice")
        self.assertIn('unknown effort "ultra" is sent as it is', notices)
        self.assertIn('unknown verbosity "loud"', notices)

    def known(self, effort, verbosity):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        run = self.run_graft(repository, 0, "--effort", effort, "--verbosity", verbosity, server=server)
        return run, repository, server

    def test_an_effort_that_the_server_refuses_is_left_out_with_its_words(self):
        refusal = {"error": {"status": 400, "code": "unsupported_value", "type": "invalid_request_error",
                             "param": "reasoning.effort", "message": "Supported values are: 'low' and 'high'."}}
        repository, server = self.repository(), self.simulate(refusal, FIX, DONE)
        run = self.run_graft(repository, 0, "--effort", "ultra", server=server)
        self.assertNotIn("reasoning", server.requests[1])
        notices = " ".join(event["message"] for event in run.events if event["type"] == "notice")
        self.assertIn("Supported values are: 'low' and 'high'", notices)

    def test_an_effort_that_the_model_is_known_to_refuse_is_refused_at_once(self):
        run = self.run_graft(
            self.repository(), 64, "--model", "gpt-6-astra", "--effort", "none", verdict="usage")
        self.assert_clear(run, 'gpt-6-astra does not take the effort "none"', "low, medium, high")
