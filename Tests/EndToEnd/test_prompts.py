"""What the model is told at the beginning: the same rules for all tasks and policies, and facts that are true."""

import datetime

from harness import GraftTest, needs_namespaces
from scripted import DONE, FIX, message, turn


class Prompts(GraftTest):
    def first(self, *flags, task=None, code=0):
        """The developer message and the last user message of a run's first request."""
        repository = self.repository(name="-".join(("repository", *flags, str(code))))
        server = self.simulate(FIX, DONE)
        self.run_graft(repository, code, "--no-series", *flags, server=server, task=task)
        texts = [(item["role"], item["content"][0]["text"]) for item in server.requests[0]["input"] if "role" in item
                 and item.get("type") == "message"]
        return texts[0][1], texts[-1][1]

    @needs_namespaces
    def test_the_rules_are_the_same_under_every_policy_and_for_every_task(self):
        rules, fix = self.first()
        self.assertLessEqual(len(rules.encode()), 4000)
        offline, told = self.first("--policy", "offline")
        self.assertEqual(offline, rules)
        self.assertIn("They have no network, not even 127.0.0.1.", told)
        network, told = self.first("--policy", "network")
        self.assertEqual(network, rules)
        self.assertIn("through the proxy of HTTP_PROXY github.com, ", told)
        task, run = self.first(task="Add a flag.", code=11)
        self.assertEqual(task, rules)
        self.assertIn("They reach 127.0.0.1, and no other network.", fix)
        self.assertTrue(fix.startswith("The command below fails"))
        self.assertTrue(run.startswith("Do the task below"))
        self.assertIn("The task:\n\nAdd a flag.\n", run)

    def test_the_facts_of_the_place_stand_with_the_task(self):
        files = {"answer.txt": "wrong\n", ".gitignore": "/deps\n"}
        repository = self.repository(files)
        (repository.path / "deps").mkdir()
        (repository.path / "deps/lib").write_text("x")
        server = self.simulate(FIX, DONE)
        self.run_graft(repository, 0, "--no-series", server=server)
        text = server.requests[0]["input"][-1]["content"][0]["text"]
        days = {(datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=n)).strftime("%Y-%m-%d")
                for n in (0, 1)}
        self.assertTrue(any(f"Date: {day}\n" in text for day in days), text)
        self.assertRegex(text, r"\nSystem: [^\n]+, \d+ processors\n")
        self.assertRegex(text, r"\nPrograms, among others: [^\n]*git")
        self.assertIn("Ignored by git, and there: deps. What commands change in them is not committed.", text)

    def test_without_a_sandbox_it_is_said_so(self):
        _, told = self.first("--sandbox", "off")
        self.assertIn("Commands run without a sandbox: what they change on this machine stays changed.", told)
        self.assertNotIn("nowhere else", told)

    def test_a_question_has_rules_of_its_own_and_the_facts(self):
        repository, server = self.repository(), self.simulate(turn(message("Yes.")))
        process = self.start("ask", "--repo", repository.path, "Why?", server=server).end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        rules, told = [item["content"][0]["text"] for item in server.requests[0]["input"] if "content" in item][-2:]
        self.assertIn("You answer one question", rules)
        self.assertIn("Commands reach 127.0.0.1, and no other network.", told)
        self.assertRegex(told, r"Date: \d{4}-\d\d-\d\d\n")
        self.assertTrue(told.endswith("Why?"))
