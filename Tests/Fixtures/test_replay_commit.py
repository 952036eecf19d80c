"""The script rebuilds a commit of every kind of change, and refuses what does not show a bug."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from fixture_repository import Repository

SCRIPT = Path(__file__).resolve().parent / "replay-commit"
COMMAND = "sh test/check.sh"
BEFORE = {
    "changed.txt": "one\ntwo\nthree\n", "removed.txt": "old\n", "moved.txt": "same\n", "tool.sh": "exit 1\n",
    "test/gone.sh": "exit 0\n",
}
AFTER = {
    "changed.txt": "one\n2\nthree\n", "removed.txt": None, "moved.txt": None, "new/moved.txt": "same\n",
    "tool.sh": "exit 0\n", "test/gone.sh": None, "test/check.sh": "./tool.sh && test ! -e removed.txt\n",
}


class ReplayedCommits(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.original = Repository(self.folder / "original")
        self.commit(BEFORE)
        self.commit(AFTER)

    def commit(self, texts):
        files = {path: text if text is None else (text.encode(), path == "tool.sh") for path, text in texts.items()}
        self.original.write(files)
        self.original.commit("Mend the tool")

    def replay(self, command=COMMAND):
        arguments = [self.original.folder / ".git", "HEAD", self.folder / "out", "--", command]
        return subprocess.run([sys.executable, SCRIPT, *map(str, arguments)], capture_output=True, text=True)

    def out(self, name):
        return (self.folder / "out" / name).read_text()

    def test_the_scenario_ends_at_the_tree_of_the_commit(self):
        self.assertEqual(self.replay().stderr, "")
        self.assertEqual(self.out("expected-tree").strip(), self.original.git("rev-parse", "HEAD^{tree}"))
        self.assertEqual(self.out("command"), f"{COMMAND}\n")
        items = [item for turn in json.loads(self.out("scenario.json"))["turns"] for item in turn["items"]]
        operations = [item["operation"] for item in items if item["type"] == "apply_patch_call"]
        self.assertEqual(
            [(operation["type"], operation["path"]) for operation in operations],
            [
                ("update_file", "changed.txt"), ("delete_file", "moved.txt"), ("create_file", "new/moved.txt"),
                ("delete_file", "removed.txt"), ("update_file", "tool.sh"),
            ],
        )

    def test_the_repository_holds_the_parent_and_the_tests_and_needs_no_other(self):
        self.replay()
        repository = self.folder / "out/repository"
        self.original.folder.rename(self.folder / "elsewhere")
        listed = subprocess.run(["git", "-C", repository, "ls-files"], capture_output=True, text=True).stdout.split()
        self.assertEqual(listed, ["changed.txt", "moved.txt", "removed.txt", "test/check.sh", "tool.sh"])
        subprocess.run(["git", "-C", repository, "fsck", "--strict"], check=True, capture_output=True)
        answer = ["git", "-C", repository, "cat-file", "-e", self.out("expected-tree").strip()]
        self.assertNotEqual(subprocess.run(answer, capture_output=True).returncode, 0)

    def test_a_second_run_makes_the_same(self):
        self.replay()
        first = [self.out("scenario.json"), self.out("repository/.git/refs/heads/main")]
        self.assertEqual(self.replay().returncode, 0)
        self.assertEqual([self.out("scenario.json"), self.out("repository/.git/refs/heads/main")], first)

    def test_a_command_that_does_not_fail_before_or_pass_after_is_refused(self):
        for command in ("true", "false"):
            done = self.replay(command)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{command} exits with", done.stderr)
            self.assertFalse((self.folder / "out").exists())

    def test_a_folder_that_is_no_fixture_is_left_alone(self):
        (self.folder / "out").mkdir()
        (self.folder / "out/mine").write_text("keep")
        self.assertIn("holds no fixture", self.replay().stderr)
        self.assertEqual(self.out("mine"), "keep")


if __name__ == "__main__":
    unittest.main()
