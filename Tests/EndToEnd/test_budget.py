"""Limits of a run, what the model is told of them, and what a run has cost."""

import json

from harness import GraftTest
from scripted import DONE, FIX, shell, turn

USAGE = {"input_tokens": 10_000, "input_tokens_details": {"cached_tokens": 8_000, "cache_write_tokens": 1_000},
         "output_tokens": 2_000, "total_tokens": 12_000}
PRICES = """
[prices."gpt-5.5"]
input = 1
cached = 0.1
cache_write = 2
output = 10
date = 2026-11-01
"""


class Budgets(GraftTest):
    def configure(self, text):
        (self.root / "config/graft").mkdir(exist_ok=True)
        (self.root / "config/graft/config.toml").write_text(text)

    def told(self, server):
        """How often the requests say something of the budget, and where: the last items of each."""
        return [[item for item in body["input"] if "Used so far" in json.dumps(item)] for body in server.requests]

    def limited(self, flag, value, *, turns, words, warned, name, usage=None):
        repository = self.repository(name=name)
        server = self.simulate(*[turn(shell("true"), **({"usage": usage} if usage else {}))] * 9)
        run = self.run_graft(
            repository, 12, flag, value, "--transport", "http", server=server, verdict="budget")
        self.assertEqual(len(server.requests), turns, name)
        self.assert_clear(run, f"({flag})", words)
        session = run.result["session"].rsplit("/", 1)[-1]
        self.assertIn(f"graft resume {session} {flag} ", run.result["message"])
        self.assertEqual([len(items) for items in self.told(server)], [0] * warned + [1] * (turns - warned), name)
        return run

    def test_each_limit_ends_the_run_and_is_told_before(self):
        self.configure(PRICES)
        # A response costs 0.001 + 0.0008 + 0.002 + 0.02 USD.
        for flag, value, turns, words, warned in (
            ("--max-turns", "5", 5, "5 turns are used up", 4),
            ("--max-tokens", "60000", 5, "60000 tokens are used up", 4),
            ("--max-input-tokens", "50000", 5, "50000 tokens of input are used up", 4),
            ("--max-output-tokens", "9999", 5, "10000 tokens of output are used up", 4),
            ("--max-cost", "0.115", 5, "0.12 USD are used up", 4),
        ):
            self.limited(
                flag, value, turns=turns, words=words, warned=warned, name=flag.strip("-"), usage=USAGE)

    def test_the_room_on_the_disk_is_limited(self):
        repository = self.repository()
        fill = turn(shell("head -c 30000000 /dev/urandom > /tmp/big; sync"))
        waits = turn(shell("sleep 0.3"), delay_ms=300)
        server = self.simulate(fill, *[waits] * 20)
        run = self.run_graft(repository, 12, "--max-disk", "20MB", server=server, verdict="budget")
        self.assertLess(len(server.requests), 10)
        self.assert_clear(run, "MB on disk are used up (--max-disk)")

    def test_a_run_that_stays_small_hears_nothing(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        self.run_graft(repository, 0, "--max-disk", "20MB", "--max-tokens", "1000000", server=server)
        self.assertEqual(self.told(server), [[], []])

    def test_a_run_tells_what_it_cost(self):
        self.configure(PRICES)
        repository = self.repository()
        server = self.simulate({**FIX, "usage": USAGE}, {**DONE, "usage": USAGE})
        run = self.run_graft(repository, 0, server=server)
        usage = run.result["usage"]
        self.assertEqual(
            (usage["input_tokens"], usage["cached_input_tokens"], usage["cache_write_input_tokens"],
             usage["output_tokens"], usage["cached_share"]), (20_000, 16_000, 2_000, 4_000, 0.8))
        self.assertEqual(
            run.result["cost"], {"amount": 0.0476, "currency": "USD", "prices_of": "2026-11-01"})
        costs = [event["cost"]["amount"] for event in run.events if event["type"] == "turn.completed"]
        self.assertEqual(costs, [0.0238, 0.0238])

    def test_the_closing_words_tell_tokens_and_money(self):
        self.configure(PRICES)
        server = self.simulate({**FIX, "usage": USAGE}, {**DONE, "usage": USAGE})
        run = self.run_graft(self.repository(), 0, server=server, json_view=False)
        self.assertIn(
            "20000 tokens in (80 % cached), 4000 out, 0.0476 USD at the prices of 2026-11-01", run.stdout)

    def test_without_prices_no_money_is_told(self):
        server = self.simulate({**FIX, "usage": USAGE}, DONE)
        run = self.run_graft(self.repository(), 0, server=server, json_view=False)
        self.assertIsNone(run.result["cost"])
        self.assertNotIn("USD", run.stdout)

    def test_a_limit_of_money_needs_prices(self):
        run = self.run_graft(self.repository(), 64, "--max-cost", "1", verdict="usage")
        self.assert_clear(run, 'needs the prices of gpt-5.5', '[prices."gpt-5.5"]')

    def test_a_repository_cannot_say_what_a_model_costs(self):
        repository = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": "max_cost = 1\n" + PRICES})
        run = self.run_graft(repository, 0, server=self.simulate(FIX, DONE))
        self.assertIsNone(run.result["cost"])
        other = self.repository({"answer.txt": "wrong\n", ".graft/config.toml": PRICES}, name="other")
        self.run_graft(other, 64, "--max-cost", "1", verdict="usage")

    def test_limits_that_make_no_sense_are_refused(self):
        for flag, value in (
            ("--max-input-tokens", "0"), ("--max-output-tokens", "-1"), ("--max-cost", "0"), ("--max-cost", "nan"),
            ("--max-disk", "0"), ("--max-disk", "lots"),
        ):
            run = self.start("fix", f"{flag}={value}", "--", "true").end()
            self.assertEqual(run.exit_code, 64, flag)
            self.assertIn(flag if value != "lots" else "size", run.stderr)
