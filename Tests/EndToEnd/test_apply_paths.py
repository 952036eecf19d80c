"""Paths are bytes, and a patch is worked out as a whole: composed names, names that are no text, swaps, kinds."""

import itertools
import json
import os
import subprocess

from harness import GraftTest
from scripted import DONE, FIX, function, turn
from test_apply import ApplyTest, envelope, update

#: One name to a string, two to a file system.
COMPOSED, DECOMPOSED = "é.txt", "e\u0301.txt"
FORMS = envelope(update(COMPOSED, " a", "+nfc"), update(DECOMPOSED, " a", "+nfd"))


def move(old, new, *lines):
    return f"*** Update File: {old}\n*** Move to: {new}\n" + "".join(f"{line}\n" for line in lines)


def delete(path):
    return f"*** Delete File: {path}\n"


def add(path, *lines):
    return f"*** Add File: {path}\n" + "".join(f"+{line}\n" for line in lines)


class Names(ApplyTest):
    def test_composed_and_decomposed_names_are_two_files(self):
        for arguments in ((), ("--commit",)):
            with self.subTest(arguments):
                self.setUp()
                self.start({COMPOSED: "a\n", DECOMPOSED: "a\n"})
                output = self.apply(FORMS, 0, *arguments)
                self.assertTrue(output.startswith(f"Success. Updated the following files:\nM {COMPOSED}\nM {DECOMPOSED}\n"))
                self.assertEqual(self.tree(), {COMPOSED: "a\nnfc\n", DECOMPOSED: "a\nnfd\n"})
                self.assertEqual(self.git("status", "--porcelain") == "", bool(arguments))

    def test_a_rename_between_the_forms(self):
        lines = "".join(f"{number}\n" for number in range(20))
        self.start({COMPOSED: lines})
        self.git("mv", COMPOSED, DECOMPOSED)
        diff = self.git("diff", "--cached", "-M") + "\n"
        self.assertIn("rename from", diff)
        wanted = self.git("write-tree")
        for arguments in ((), ("--commit",)):
            with self.subTest(arguments):
                self.git("reset", "-q", "--hard", "HEAD")
                self.apply(diff, 0, *arguments)
                self.assertEqual(self.tree(), {DECOMPOSED: lines})
                self.git("add", "-A")
                self.assertEqual(self.git("write-tree"), wanted)

    def test_a_name_that_is_written_otherwise_is_pointed_at(self):
        self.write({DECOMPOSED: "a\n", "Readme.md": "a\n"})
        self.refuse(envelope(update(COMPOSED, "-a", "+b")), "written otherwise", "'e\\u{301}.txt'", "'\\u{E9}.txt'")
        self.refuse(envelope(update("README.md", "-a", "+b")), "There is 'Readme.md'", "written otherwise")
        self.assertNotIn("otherwise", self.refuse(envelope(update("other", "-a", "+b"))))

    def test_every_change_of_names_that_are_no_text(self):
        def raw(name):
            return os.fsdecode(name)

        long = "".join(f"{number}\n" for number in range(20))
        before = {raw(b"\xe9.txt"): "a\n", raw(b"d\xff/x"): long, raw(b"gone\xe9"): "g\n", "new\nline": "n\n",
                  'qu"ote': "q\n", "tab\there": "t\n", "back\\slash": "b\n", " blank ": "s\n", COMPOSED: "c\n"}
        after = {raw(b"\xe9.txt"): "b\n", raw(b"d\xfe/y"): long + "end\n", raw(b"made\xe8"): "m\n", "new\nline": "N\n",
                 'qu"ote': "Q\n", "tab\there": "T\n", "back\\slash": "B\n", " blank ": "S\n", DECOMPOSED: "c\n"}
        for arguments, quoted in itertools.product(((), ("--commit", "-m", "All")), ("true", "false")):
            with self.subTest(arguments=arguments, quoted=quoted):
                self.setUp()
                self.start(before)
                for name in set(before) - set(after):
                    (self.root / name).unlink()
                self.write(after)
                self.git("add", "-A")
                wanted = self.git("write-tree")
                diff = subprocess.run(
                    ["git", "-c", f"core.quotePath={quoted}", "diff", "--cached", "-M"], cwd=self.root,
                    env=self.world, capture_output=True, check=True,
                ).stdout
                self.git("reset", "-q", "--hard")
                output = self.apply(diff, 0, *arguments)
                self.assertIn('M "\\351.txt"\n', output)
                self.assertIn("M new\\nline\n", output)
                self.git("add", "-A")
                self.assertEqual(self.git("write-tree"), wanted)

    def test_uncommitted_work_is_seen_where_git_updates_the_checkout(self):
        """A change of attributes makes git write the files; its arguments are text, and the name is not."""
        name = os.fsdecode(b"d/\xe9")
        self.start({name: "a\n", "other": "o\n"})
        patch = (
            b"--- /dev/null\n+++ b/.gitattributes\n@@ -0,0 +1 @@\n+*.x text\n"
            b'--- "a/d/\\351"\n+++ "b/d/\\351"\n@@ -1 +1 @@\n-a\n+b\n'
        )
        self.write({name: "a\nmine\n"})
        self.refuse(patch, 'uncommitted work in "d/\\351"', arguments=("--commit",))
        self.git("checkout", "-q", ".")
        self.write({os.fsdecode(b"d/\xe8"): "mine\n"})
        self.apply(patch, 0, "--commit")
        self.assertEqual((self.root / name).read_text(), "b\n")

    def test_an_envelope_of_bytes_names_files_by_bytes(self):
        (self.root / os.fsdecode(b"\xe9")).write_text("a\n")
        patch = b"*** Begin Patch\n*** Update File: \xe9\n@@\n-a\n+b\n*** End Patch\n"
        self.assertIn('M "\\351"\n', self.apply(patch, 0))
        self.assertEqual(os.listdir(os.fsencode(self.root)), [b"\xe9"])
        self.assertEqual((self.root / os.fsdecode(b"\xe9")).read_text(), "b\n")

    def test_dots_are_not_shown(self):
        self.start({"foo": "a\n", "d/bar": "a\n"})
        output = self.apply(envelope(update("./foo", "-a", "+b"), move("./d/./bar", "././baz"), add("./new", "x")), 0)
        self.assertEqual(output, "Success. Updated the following files:\nA new\nM foo\nM baz\n")
        for patch in (update("./foo", "-x", "+y"), update("./none", "-x", "+y"), delete("./none"), move("./none", "x")):
            self.assertNotIn("./", self.refuse(envelope(patch)))


class Whole(ApplyTest):
    """Files that change places, and files and folders that take each other's."""

    CASES = {
        "swap": (
            {"a": "1\n", "b": "2\n"}, [move("a", "b"), move("b", "a", "@@", "-2", "+two")], {"a": "two\n", "b": "1\n"},
        ),
        "cycle": (
            {"a": "1\n", "b": "2\n", "c": "3\n"}, [move("a", "b"), move("b", "c"), move("c", "a")],
            {"a": "3\n", "b": "1\n", "c": "2\n"},
        ),
        "freed by a move": ({"a": "1\n", "b": "2\n"}, [move("a", "b"), move("b", "d/c")], {"b": "1\n", "d/c": "2\n"}),
        "freed by a deletion": ({"a": "1\n", "b": "2\n"}, [move("a", "b"), delete("b")], {"b": "1\n"}),
        "folder to file": (
            {"d/x": "1\n", "d/e/y": "2\n"}, [delete("d/x"), delete("d/e/y"), add("d", "new")], {"d": "new\n"},
        ),
        "file to folder": ({"d": "1\n"}, [delete("d"), add("d/x/y", "new")], {"d/x/y": "new\n"}),
        "file into itself": ({"d": "1\n"}, [move("d", "d/d"), add("d/x", "new")], {"d": None, "d/d": "1\n", "d/x": "new\n"}),
        "out of the folder": ({"d/d": "1\n", "d/x": "2\n"}, [move("d/d", "d"), delete("d/x")], {"d": "1\n"}),
        "composed": ({COMPOSED: "1\n", DECOMPOSED: "2\n"}, [move(COMPOSED, DECOMPOSED), move(DECOMPOSED, COMPOSED)],
                     {COMPOSED: "2\n", DECOMPOSED: "1\n"}),
    }

    def test_every_order_of_sections(self):
        for name, (before, sections, after) in self.CASES.items():
            after = {path: text for path, text in after.items() if text is not None}
            for order, arguments in itertools.product(itertools.permutations(sections), ((), ("--commit",))):
                with self.subTest(name, order=order, arguments=arguments):
                    self.setUp()
                    self.start({**before, "other": "x\n"})
                    self.apply(envelope(*order), 0, *arguments)
                    self.assertEqual(self.tree(), {**after, "other": "x\n"})
                    self.assertEqual(self.git("status", "--porcelain") == "", bool(arguments))

    def test_every_order_of_diffs(self):
        for name, (before, _, after) in self.CASES.items():
            after = {path: text for path, text in after.items() if text is not None}
            self.setUp()
            self.start({**before, "other": "x\n"})
            for path in before:
                (self.root / path).unlink()
            for folder in sorted({path.split("/")[0] for path in before if "/" in path}):
                subprocess.run(["rm", "-r", self.root / folder], check=True)
            self.write(after)
            self.git("add", "-A")
            diff = self.git("diff", "--cached", "--no-renames")
            parts = ["diff --git " + part.rstrip("\n") + "\n" for part in diff.split("diff --git ")[1:]]
            for order, arguments in itertools.product(itertools.permutations(parts), ((), ("--commit", "-m", "All"))):
                with self.subTest(name, order=order, arguments=arguments):
                    self.setUp()
                    self.start({**before, "other": "x\n"})
                    self.apply("".join(order), 0, *arguments)
                    self.assertEqual(self.tree(), {**after, "other": "x\n"})
                    self.assertEqual(self.git("status", "--porcelain") == "", bool(arguments))

    def test_modes_go_with_the_files(self):
        self.start({"a": "1\n", "run": "2\n"})
        (self.root / "run").chmod(0o755)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Mode")
        self.apply(envelope(move("a", "run"), move("run", "a")), 0, "--commit")
        self.assertEqual(self.git("ls-tree", "-r", "HEAD").split("\n")[0][:6], "100755")
        self.assertEqual([os.access(self.root / name, os.X_OK) for name in ("a", "run")], [True, False])

    def test_what_a_patch_does_not_name_keeps_a_folder(self):
        self.start({"d/x": "1\n", "a": "a\n"})
        self.write({"d/untracked": "mine\n"})
        patch = envelope(delete("d/x"), add("d", "new"))
        self.refuse(patch, "d is a folder with the file 'd/untracked'")
        self.refuse(patch, "'d/untracked'", arguments=("--commit",))
        (self.root / "d/untracked").unlink()
        (self.root / "d/empty/folders").mkdir(parents=True)
        self.apply(patch, 0)
        self.assertEqual(self.tree(), {"d": "new\n", "a": "a\n"})

    def test_two_files_are_not_moved_to_one_path(self):
        self.write({"a": "1\n", "b": "2\n"})
        self.refuse(envelope(move("a", "c"), move("b", "c")), "c: the patch moves 'a' there already")


class Tool(GraftTest):
    """The same for the model's patches."""

    @staticmethod
    def call(*sections):
        return function("apply_patch", json.dumps({"patch": envelope(*sections)}))

    def test_a_patch_of_the_model(self):
        files = {"answer.txt": "wrong\n", COMPOSED: "a\n", DECOMPOSED: "a\n", "a": "1\n", "b": "2\n", "d/x": "x\n", "f": "f\n"}
        run, repository, server = self.fix(
            0, turn(self.call(update(COMPOSED, " a", "+nfc"), update("./" + DECOMPOSED, " a", "+nfd"))),
            turn(self.call(move("a", "b"), move("b", "a"), delete("d/x"), add("d", "file"), add("f/y", "y"), delete("f"))),
            FIX, DONE, files=files, verdict="fixed",
        )
        for path, text in {COMPOSED: "a\nnfc", DECOMPOSED: "a\nnfd", "a": "2", "b": "1", "d": "file", "f/y": "y"}.items():
            self.assert_branch_has(repository, path, text)
        changes = [item for item in run.items("file_change") if item["status"] == "completed"]
        self.assertEqual([change["path"] for change in changes[0]["changes"]], [COMPOSED, DECOMPOSED])
        self.assertNotIn("./", server.text)

    def test_several_patches_of_one_response(self):
        """Through a third path that no commit ever has."""
        _, repository, _ = self.fix(
            0, turn(self.call(move("a", "t")), self.call(move("b", "a")), self.call(move("t", "b"))), FIX, DONE,
            files={"answer.txt": "wrong\n", "a": "1\n", "b": "2\n"}, verdict="fixed",
        )
        self.assert_branch_has(repository, "a", "2")
        self.assert_branch_has(repository, "b", "1")

    def test_a_name_that_is_written_otherwise(self):
        _, _, server = self.fix(
            0, turn(self.call(update(COMPOSED, "-a", "+b"))), FIX, DONE,
            files={"answer.txt": "wrong\n", DECOMPOSED: "a\n"}, verdict="fixed",
        )
        self.assertIn("written otherwise", server.text)

    def test_names_in_events_can_be_read_back(self):
        run, repository, _ = self.fix(
            0, turn({"type": "shell_call", "action": {"commands": ["printf x > $(printf '\\351'); printf x > $(printf '\\350')"]}}),
            FIX, DONE, files={"answer.txt": "wrong\n"}, verdict="fixed",
        )
        paths = [change["path"] for event in run.events if event["type"] == "commit.created" for change in event["commit"]["changes"]]
        self.assertLessEqual({'"\\350"', '"\\351"'}, set(paths))
        (branch,) = self.branches(repository)
        self.assertIn('"\\351"', repository.git("ls-tree", "-r", "--name-only", branch))

    def test_a_file_after_the_patch_that_empties_its_folder(self):
        _, repository, _ = self.fix(
            0, turn(self.call(delete("d/x"), delete("d/e/y")), self.call(add("d", "file"))), FIX, DONE,
            files={"answer.txt": "wrong\n", "d/x": "1\n", "d/e/y": "2\n"}, verdict="fixed",
        )
        self.assert_branch_has(repository, "d", "file")
