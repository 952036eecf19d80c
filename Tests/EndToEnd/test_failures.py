"""What is read of a failing command: how a person and the model see it."""

import json
import unittest

from harness import GraftTest
from scripted import DONE

FILES = {
    "calc.py": "def add(a, b):\n    return a - b\n",
    "test_calc.py": (
        "import unittest\n\nfrom calc import add\n\n\nclass Case(unittest.TestCase):\n"
        "    def test_adds(self):\n        self.assertEqual(add(2, 2), 4, 'two and two')\n\n"
        "    def test_zero(self):\n        self.assertEqual(add(0, 0), 0)\n"
    ),
}
COMMAND = "PYTHONDONTWRITEBYTECODE=1 python3 -m unittest -v test_calc"
GIVE_UP = (DONE,) * 7


class FailuresOfTests(GraftTest):
    def test_a_person_sees_tally_name_place_and_message(self):
        run = self.run_graft(
            self.repository(FILES), 10, server=self.simulate(*GIVE_UP), command=COMMAND, json_view=False)
        before = " ".join(run.stdout.split("✗ before: exit 1")[1].split("test_adds", 2)[0:2])
        self.assertIn("1 of 2 tests failed", before)
        shown = " ".join(run.stdout.split())
        self.assertIn("test_calc.py:8): AssertionError: 0 != 4 : two and two", shown)

    def test_the_model_and_the_result_are_told_the_same(self):
        server = self.simulate(*GIVE_UP)
        run = self.run_graft(self.repository(FILES), 10, server=server, command=COMMAND)
        first = json.dumps(server.requests[0])
        self.assertIn("Tests: 1 of 2 tests failed", first)
        self.assertIn("AssertionError: 0 != 4 : two and two", first)
        tests = run.result["baseline"]["tests"]
        self.assertEqual((tests["run"], tests["failed"], tests["skipped"]), (2, 1, 0))
        self.assertEqual(tests["formats"], ["unittest"])
        failure = tests["failures"][0]
        self.assertTrue(failure["name"].startswith("test_adds (test_calc.Case"))
        self.assertTrue(failure["file"].endswith("test_calc.py"))
        self.assertEqual(failure["line"], 8)

    def test_words_of_an_output_do_not_steer_a_terminal(self):
        hostile = {**FILES, "test_calc.py": FILES["test_calc.py"].replace("two and two", "\\x1b]0;owned\\x07\\u202e")}
        run = self.run_graft(
            self.repository(hostile), 10, server=self.simulate(*GIVE_UP), command=COMMAND, json_view=False)
        self.assertIn("AssertionError", run.stdout)
        for sign in ("\x1b]0;", "\x07", "\u202e"):
            self.assertNotIn(sign, run.stdout)


if __name__ == "__main__":
    unittest.main()
