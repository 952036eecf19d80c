"""The journal of a session: what it must hold when a run ends, and when it is killed."""

import json
import os
import signal
from harness import GraftTest, wait_until
from scripted import DONE, FIX, message, shell, turn


class Journals(GraftTest):
    def events(self):
        (path,) = self.state.glob("graft/sessions/*/journal.jsonl")
        text = path.read_bytes()
        return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]

    def of(self, kind):
        return [event for event in self.events() if event["type"] == kind]

    def test_a_call_is_in_the_journal_before_it_runs_and_its_answer_when_it_is_made(self):
        _, _, server = self.fix(0, turn(shell("cat answer.txt"), shell("ls")), FIX, DONE)
        events = self.events()
        started = [event["call_id"] for event in self.of("call.started")]
        self.assertEqual(len(started), 3)
        for call in started:
            told = [
                event["type"] for event in events
                if call in (event.get("call_id"), event.get("item", {}).get("call_id"))
            ]
            self.assertEqual(told[:2], ["response.item", "call.started"])
            self.assertEqual(told[-1], "input.item")
            self.assertIn("item.completed", told)
        # The second call begins when the first has its answer.
        first = [event["item"].get("call_id") for event in self.of("input.item")].index(started[0])
        answer = self.of("input.item")[first]
        self.assertLess(events.index(answer), events.index(self.of("call.started")[1]))
        self.assertEqual(server.violations, [])

    def test_the_result_is_what_the_events_add_up_to(self):
        repository = self.repository()
        server = self.simulate(turn(shell("echo more > more.txt")), turn(message("Not yet.")), FIX, DONE)
        result = self.run_graft(repository, 0, "--max-turns", "9", server=server).result
        self.assertEqual([event["summary"] for event in self.of("task.claimed")], ["Not yet.", "Done."])
        self.assertEqual(result["summary"], "Done.")
        (thread,) = self.of("thread.started")
        self.assertEqual((thread["session"], thread["base"]), (result["session"], result["base"]))
        self.assertEqual(result["turns"], len(self.of("turn.completed")))
        tokens = sum(event["usage"]["input_tokens"] for event in self.of("turn.completed"))
        self.assertEqual(result["usage"]["input_tokens"], tokens)
        last = self.of("verification.completed")[-1]
        self.assertEqual(result["verification"], {k: v for k, v in last.items() if k not in ("type", "t_ms")})

    def test_a_run_that_is_killed_leaves_a_call_that_had_begun(self):
        repository = self.repository()
        server = self.simulate(turn(shell("echo one"), shell("touch ready; sleep 86384")))
        run = self.begin(repository, server=server)
        wait_until(lambda: list(self.state.glob("graft/sessions/*/tree/ready")), "the second command")
        os.killpg(run.pid, signal.SIGKILL)
        wait_until(run.has_ended, "the end of graft")
        started = [event["call_id"] for event in self.of("call.started")]
        answered = [event["item"].get("call_id") for event in self.of("input.item")]
        self.assertEqual(len(started), 2)
        self.assertIn(started[0], answered)
        self.assertNotIn(started[1], answered)
        self.assertEqual(self.of("run.finished"), [])
