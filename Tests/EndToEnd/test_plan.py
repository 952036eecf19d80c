"""The model's plan: on the terminal, in the events, in the log, after a compaction and in a session that goes on."""

import json
import shlex
import subprocess

from harness import CHECK, GRAFT
from scripted import DONE, FIX, function, note, shell, turn
from test_compaction import milestone
from test_resume import ResumeTest
from test_terminal_view import TerminalTest

LONG = "yes 'a line of some length that tells little' | head -c 30000"


def plan(*steps, **more):
    """A call with steps such as `>Look`: the first character says how far each has come."""
    status = {"-": "pending", ">": "in_progress", "+": "completed"}
    return function(
        "update_plan", {"plan": [{"step": step[1:], "status": status[step[0]]} for step in steps], **more})


class PlanTest(ResumeTest):
    def lists(self, run):
        return [
            (event["type"], event["item"]) for event in run.events
            if event.get("item", {}).get("type") == "todo_list"
        ]

    def test_a_plan_is_one_item_that_is_updated_and_ends_with_the_run(self):
        self.repo = self.repository()
        server = self.simulate(
            turn(note("First a plan."), plan(">Look", "-Mend", explanation="Two  small\nsteps")),
            turn(plan("+Look", ">Mend"), shell("cat answer.txt")), turn(plan("+Look", ">Mend")), FIX,
            turn(plan("+Look", "+Mend")), DONE)
        run = self.run_graft(self.repo, 0, server=server)
        lists = self.lists(run)
        self.assertEqual(
            [kind for kind, _ in lists], ["item.started", "item.updated", "item.updated", "item.completed"])
        self.assertEqual(len({item["id"] for _, item in lists}), 1)
        # The shape that readers of other agents' events know, with the state beside it.
        self.assertEqual(lists[0][1]["items"], [
            {"text": "Look", "completed": False, "status": "in_progress"},
            {"text": "Mend", "completed": False, "status": "pending"}])
        self.assertEqual(lists[0][1]["explanation"], "Two small steps")
        self.assertTrue(all(step["completed"] for step in lists[-1][1]["items"]))
        log = subprocess.run(
            [GRAFT, "log"], env=self.world, cwd=self.repo.path, capture_output=True, text=True, check=True).stdout
        self.assertIn("call of update_plan", log)
        self.assertIn("\n  ▸ Look\n  ○ Mend\n", log)

    def test_a_bad_plan_is_refused_in_words_and_shown_to_nobody(self):
        run = self.run_graft(
            self.repository(), 0,
            server=self.simulate(turn(plan(">One", ">Two"), plan(), plan(*["-x"] * 31)), FIX, DONE))
        answers = [
            event["item"]["output"] for event in run.events
            if event["type"] == "input.item" and event["item"]["type"] == "function_call_output"]
        for answer, words in zip(answers, ("steps 1, 2 are all in_progress", "no steps", "at most 30")):
            self.assertIn(words, answer)
        self.assertEqual(self.lists(run), [])

    def test_a_model_that_has_forgotten_reads_its_plan_in_the_card(self):
        work = [turn(note(f"Look {number}."), *[shell(LONG) for _ in range(3)]) for number in range(3)]
        found = turn(shell("cat answer.txt"), plan("+Find it", ">Mend it"), milestone("root_cause", "It is wrong."))
        server = self.simulate(turn(plan(">Find it", "-Mend it")), *work, found, FIX, DONE)
        self.run_graft(self.repository(), 0, server=server)
        card = next(
            text for body in server.requests for item in body["input"] if item.get("type") == "message"
            for text in [item["content"][0].get("text", "")] if text.startswith("# Where the work stands"))
        self.assertIn("1. [completed] Find it\n2. [in progress] Mend it\n", card)

    def test_a_session_that_goes_on_shows_what_is_left_of_its_plan(self):
        self.repo = self.repository()
        steps = ("+Look", ">Mend", "-Tell")
        run = self.run_graft(
            self.repo, 12, "--max-turns", 1, server=self.simulate(turn(plan(*steps))), verdict="budget")
        self.assertEqual([kind for kind, _ in self.lists(run)], ["item.started", "item.completed"])
        again = self.finish(
            self.resume(self.repo, server=self.simulate(turn(plan("+Look", "+Mend", ">Tell")), FIX, DONE)),
            self.repo, 0, "fixed")
        lists = self.lists(again)
        self.assertEqual([kind for kind, _ in lists], ["item.started", "item.updated", "item.completed"])
        self.assertEqual([step["text"] for step in lists[0][1]["items"]], ["Look", "Mend", "Tell"])
        self.assertNotEqual(lists[0][1]["id"], self.lists(run)[0][1]["id"])

    def test_a_pipe_gets_the_list_once_and_then_what_is_done(self):
        server = self.simulate(
            turn(plan(">Look", "-Mend")), turn(plan("+Look", ">Mend")), FIX, turn(plan("+Look", "+Mend")), DONE)
        run = self.run_graft(self.repository(), 0, server=server, json_view=False)
        self.assertIn("\nplan  2 steps\n  ▸ Look\n  ○ Mend\n", run.stdout)
        self.assertIn("\n✓ Look  1 of 2\n", run.stdout)
        self.assertIn("\n✓ Mend  2 of 2\n", run.stdout)
        self.assertEqual(run.stdout.count("\nplan  "), 1)


class ShownPlanTest(TerminalTest):
    WAIT = "sleep 2"

    def test_the_list_stands_below_what_is_waited_for_and_keeps_up(self):
        self.begin_at(
            60, turn(plan(">Look for it", "-Mend it \x1b[31mred", "-Tell")), turn(shell(self.WAIT)),
            turn(plan("+Look for it", ">Mend it \x1b[31mred", "-Tell"), shell(self.WAIT)), FIX, DONE)
        self.terminal.wait_for("· $ sleep 2", "\n  ▸ Look for it\n  ○ Mend it ^[[31mred\n  ○ Tell")
        self.terminal.wait_for("✓ Look for it  1 of 3", "\n  ✓ Look for it\n  ▸ Mend it ^[[31mred\n  ○ Tell")
        self.terminal.wait_for("exit=0")
        # What was left undone stays to be read, once.
        screen = self.terminal.screen
        self.assertIn("plan  3 steps, 1 done\n  ✓ Look for it\n  ▸ Mend it", screen)
        self.assertEqual(screen.count("○ Tell"), 1)

    def test_a_long_list_shows_what_is_around_the_step_of_now(self):
        steps = [f"+Step {n}" for n in range(9)] + [">Step 9"] + [f"-Step {n}" for n in range(10, 20)]
        self.begin_at(60, turn(plan(*steps), shell(self.WAIT)), FIX, DONE, rows=18)
        self.terminal.wait_for("· $ sleep 2", "✓ Step 8\n  ▸ Step 9\n  ○ Step 10", "  … 13 more")
        self.terminal.wait_for("exit=0")
