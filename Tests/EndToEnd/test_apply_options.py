"""graft apply: checking a patch, taking it back, and fences around it."""

import unittest

from test_apply import ApplyTest, envelope, update


class Options(ApplyTest):
    def test_a_check_says_what_would_happen_and_changes_nothing(self):
        self.start({"f": "a\n", "g": "1\n"})
        self.write({"new": "n\n"})
        before = self.tree()
        patch = envelope(update("f", "-a", "+b"), "*** Delete File: g\n", "*** Add File: d/n\n+x\n")
        output = self.apply(patch, 0, "--check")
        self.assertEqual(
            output, "Nothing was changed. The patch would update the following files:\nA d/n\nM f\nD g\n")
        self.assertEqual(self.tree(), before)
        self.assertFalse((self.root / "d").exists())
        for refused in (envelope(update("f", "-x", "+b")), envelope("*** Add File: new\n+x\n")):
            self.assertEqual(self.refuse(refused, arguments=["--check"]), self.refuse(refused))
        self.apply(envelope("*** Add File: new\n+x\n"), 0, "--check", "--overwrite")
        self.assertEqual(self.tree(), before)
        self.apply(patch, 64, "--check", "--commit")

    def test_a_patch_can_be_taken_back(self):
        self.start({"f": "a\nb\nc\n", "gone": "1\n", "moved": "1\n2\n3\n4\n5\n", "x": "#!\n"})
        before = self.tree()
        (self.root / "gone").unlink()
        (self.root / "moved").rename(self.root / "there")
        self.write({"f": "a\nB\nc\nd", "new": "n\n"})
        (self.root / "x").chmod(0o755)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Change")
        mail = self.git("format-patch", "-1", "-M", "--stdout") + "\n"
        after = self.tree()
        self.assertIn("A gone", self.apply(mail, 0, "-R", "--check"))
        self.assertEqual(self.tree(), after)
        self.apply(mail, 0, "-R")
        self.assertEqual(self.tree(), before)
        self.assertEqual((self.root / "x").stat().st_mode & 0o777, 0o644)
        self.git("reset", "-q", "--hard")
        self.git("clean", "-qfd")
        self.apply(mail, 0, "--reverse", "--commit")
        self.assertEqual(self.tree(), before)
        self.assertEqual(self.git("log", "-1", "--format=%s|%an"), 'Revert "Change"|Ada')
        self.assertEqual(self.git("status", "--porcelain"), "")

    def test_an_envelope_is_taken_back_as_far_as_it_tells_what_was_there(self):
        self.write({"f": "a\n"})
        patch = envelope(update("f", "-a", "+b"), "*** Add File: n\n+x\n")
        self.apply(patch, 0)
        self.assertEqual(self.apply(patch, 0, "-R"), "Success. Updated the following files:\nM f\nD n\n")
        self.assertEqual(self.tree(), {"f": "a\n"})
        self.refuse(patch, arguments=["-R"])
        self.refuse(envelope("*** Delete File: f\n"), "f: the patch deletes the file", arguments=["-R"])
        self.write({"f": "b\n", "n": "x\nmine\n"})
        self.refuse(patch, "n", arguments=["-R"])

    def test_fences_around_a_patch_are_taken_off(self):
        answer = "Here is the fix:\n\n```diff\n{}```\n\nIt should work.\n"
        self.write({"f": "a\n", "README.md": "```sh\nmake\n```\n"})
        self.apply(answer.format(envelope(update("f", "-a", "+b"))), 0)
        self.apply(answer.replace("```", "~~~").format("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-b\n+c\n"), 0)
        self.write({"p": answer.format(envelope(update("README.md", " ```sh", "-make", "+make all", " ```")))})
        self.apply("", 0, "p")
        self.assertEqual(self.tree()["f"], "c\n")
        self.assertEqual(self.tree()["README.md"], "```sh\nmake all\n```\n")


if __name__ == "__main__":
    unittest.main()
