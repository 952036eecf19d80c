"""What is written as a patch turns the old text into the new one, and fits in one place only."""

import random
import sys
import unittest

sys.dont_write_bytecode = True
from scenario_from_diff import Change, Scenario
from v4a_diff import NotExpressible, create_diff, line_ranges, update_diff
from v4a_reference import apply_create, apply_update


class UpdateDiffs(unittest.TestCase):
    def assert_applies(self, old, new):
        diff = update_diff(old, new)
        self.assertEqual(apply_update(old, diff), new, diff)
        return diff

    def test_three_lines_of_context_under_the_enclosing_definition(self):
        old = "class A:\n    def f(self):\n        a\n        b\n        c\n        d\n        e\n"
        self.assertEqual(
            self.assert_applies(old, old.replace(" d\n", " x\n")),
            "@@     def f(self):\n         a\n         b\n         c\n-        d\n+        x\n         e\n",
        )

    def test_equal_places_are_told_apart_by_anchor(self):
        body = "    one\n    two\n    three\n    value = 1\n    four\n    five\n    six\n"
        old = f"def f():\n{body}def g():\n{body}"
        diff = self.assert_applies(old, old[::-1].replace("1 =", "2 =", 1)[::-1])
        self.assertTrue(diff.startswith("@@ def g():\n"))

    def test_equal_places_without_definitions_get_more_context(self):
        old = "first\n" + "same\n" * 20 + "last\n"
        lines = old.split("\n")
        lines[10] = "changed"
        self.assert_applies(old, "\n".join(lines))

    def test_a_definition_that_stands_twice_is_no_anchor(self):
        method = "    def f(self):\n        1\n        2\n        3\n        4\n        5\n"
        old = f"class A:\n{method}class B:\n{method}"
        diff = self.assert_applies(old, old[:-2] + "6\n")
        self.assertTrue(diff.startswith("@@ class B:\n"), diff)

    def test_a_sibling_above_is_no_anchor(self):
        old = "class A:\n    def e(self):\n        1\n\n    def f(self):\n        2\n        3\n"
        self.assertTrue(self.assert_applies(old, old.replace("3", "4")).startswith("@@ class A:\n"))

    def test_places_equal_but_for_white_space_count_as_equal(self):
        old = "  a\n  b\n  c\n  d\n  e\n  f\n  g\nx\na\nb\nc\nd\ne\nf\ng\n"
        diff = self.assert_applies(old, old[::-1].replace("d", "z", 1)[::-1])
        self.assertIn("\n x\n", diff)

    def test_edges_of_a_file(self):
        cases = [
            ("a\nb\n", "x\na\nb\n"),
            ("a\nb\n", "a\nb\nx\n"),
            ("a\nb\n", "b\n"),
            ("a\nb\n", ""),
            ("", "a\nb\n"),
            ("a\nb", "a\nx\nb"),
            ("a\r\nb\r\n", "a\r\nx\r\nb\r\n"),
            ("a\n\n\n", "a\n\n\n\n"),
            ("one", "two"),
            ("äöü\nb\n", "äöü\nß\n"),
        ]
        for old, new in cases:
            with self.subTest(old=old, new=new):
                self.assert_applies(old, new)

    def test_what_a_diff_cannot_say_is_refused(self):
        for old, new in [("a\nb\n", "a\nb"), ("a", "a\n"), ("a\nb\n", "a\r\nb\r\n"), ("a\r\nb\n", "a\r\nc\n")]:
            with self.subTest(old=old, new=new), self.assertRaises(NotExpressible):
                update_diff(old, new)

    def test_random_changes_of_repetitive_texts(self):
        chance = random.Random(7)
        words = ["def f():", "    def g():", "class C:", "        x", "        y", "    x", ""]
        for _ in range(500):
            old = [chance.choice(words) for _ in range(chance.randrange(1, 60))]
            new = list(old)
            for _ in range(chance.randrange(1, 6)):
                at = chance.randrange(len(new) + 1)
                new[at : at + chance.randrange(3)] = [chance.choice(words)] * chance.randrange(3)
            texts = ["".join(f"{line}\n" for line in lines) for lines in (old, new)]
            with self.subTest(texts=texts):
                self.assert_applies(*texts)


class CreateDiffs(unittest.TestCase):
    def test_every_line_is_added(self):
        for text in ["", "\n", "a\n", "a\n\n", "a\n\n\nb\n", "+a\n-b\n"]:
            with self.subTest(text=text):
                self.assertEqual(apply_create(create_diff(text)), text)

    def test_a_missing_final_newline_is_refused(self):
        with self.assertRaises(NotExpressible):
            create_diff("a\nb")


class Scenarios(unittest.TestCase):
    def test_one_operation_a_file(self):
        self.assertEqual(Change("a", "x\n", None).operation(), {"type": "delete_file", "path": "a"})
        self.assertEqual(Change("a", None, "x\n").operation()["type"], "create_file")
        self.assertEqual(Change("a", "x\n", "y\n").operation()["type"], "update_file")

    def test_reading_shows_the_lines_around_the_changes(self):
        old = "".join(f"{number}\n" for number in range(1, 101))
        new = old.replace("\n20\n", "\n").replace("\n80\n", "\nx\n")
        self.assertEqual(line_ranges(old, new), [(14, 26), (74, 86)])
        self.assertEqual(Change("my file", old, new).reading(), "sed -n '14,26p;74,86p' 'my file'")

    def test_what_a_turn_expects_are_the_results_of_the_one_before(self):
        story = Scenario("story")
        story.run("Look.", ["true", "make test"], "FAILED")
        story.edit("Fix.", [Change("a", "x\n", "y\n")])
        story.finish("Done.")
        first, second, last = story.as_json()["turns"]
        self.assertNotIn("expect", first)
        self.assertEqual(
            second["expect"], {"outputs": [0, 1], "contains": ["FAILED"]}
        )
        self.assertNotIn("expect", last)
        self.assertEqual([item["type"] for item in second["items"]], ["reasoning", "message", "apply_patch_call"])
        self.assertEqual(last["items"][1]["phase"], "final_answer")


if __name__ == "__main__":
    unittest.main()
