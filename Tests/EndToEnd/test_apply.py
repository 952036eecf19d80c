"""graft apply: patches on plain folders and repositories, through the built binary."""

import base64
import json
import os
import quopri
import shutil
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from harness import GRAFT

CASES = json.loads((Path(__file__).parents[1] / "PatchingTests/Resources/peer-cases.json").read_text())


def envelope(*sections):
    return "*** Begin Patch\n" + "".join(sections) + "*** End Patch\n"


def update(path, *lines):
    return f"*** Update File: {path}\n@@\n" + "".join(f"{line}\n" for line in lines)


class ApplyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="graft-apply-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "tree"
        self.root.mkdir()
        self.world = {**os.environ, "HOME": folder.name, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
        for name in [name for name in self.world if name.startswith("GIT_") and name != "GIT_CONFIG_NOSYSTEM"]:
            del self.world[name]

    def write(self, files):
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def tree(self):
        """Every file by path, links as where they point."""
        found = {}
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if name != ".git"]
            for name in files + [name for name in folders if (Path(folder) / name).is_symlink()]:
                path = Path(folder) / name
                key = str(path.relative_to(self.root))
                found[key] = f"-> {os.readlink(path)}" if path.is_symlink() else path.read_bytes().decode("latin-1")
        return found

    def apply(self, patch, status, *arguments, folder="."):
        """Runs the command; it must end with that status, and on failure say one reason and print nothing."""
        text = patch if isinstance(patch, bytes) else patch.encode("utf-8", "surrogatepass")
        run = subprocess.run(
            [GRAFT, "apply", *arguments], input=text, cwd=self.root / folder, env=self.world, capture_output=True,
            timeout=60, check=False,
        )
        output, errors = run.stdout.decode(), run.stderr.decode(errors="replace")
        self.assertEqual(run.returncode, status, errors)
        if status == 0:
            self.assertEqual(errors, "")
        else:
            self.assertEqual(output, "")
            self.assertNotEqual(errors, "")
        return output if status == 0 else errors

    def refuse(self, patch, *words, arguments=()):
        before = self.tree()
        errors = self.apply(patch, 1, *arguments)
        self.assertEqual(self.tree(), before)
        self.assertTrue(errors.startswith("graft: "), errors)
        for word in words:
            self.assertIn(word, errors)
        return errors

    def git(self, *arguments):
        run = subprocess.run(
            ["git", *arguments], cwd=self.root, env=self.world, capture_output=True, timeout=60, check=False
        )
        self.assertEqual(run.returncode, 0, run.stderr.decode())
        return run.stdout.decode().rstrip("\n")

    def start(self, files):
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.com")
        self.write(files)
        if files:
            self.git("add", "-A")
            self.git("commit", "-q", "-m", "Start")


class Folders(ApplyTest):
    def test_success_is_told_as_the_peer_tells_it(self):
        for case in CASES:
            if case["rc"] != 0 or not case["patch"]:
                continue
            with self.subTest(case["name"]):
                self.setUp()
                self.write(case["input"])
                run = subprocess.run(
                    [GRAFT, "apply", "--overwrite"], input=case["patch"].replace("$T", str(self.root)).encode(),
                    cwd=self.root, env=self.world, capture_output=True, timeout=60, check=False,
                )
                if run.returncode == 0:
                    self.assertEqual(run.stdout.decode(), case["stdout"])

    def test_links_are_moved_and_deleted_as_links_and_never_written_through(self):
        # The peer writes through a link, and of a moved one makes a file.
        self.write({"real": "a\n"})
        (self.root / "lnk").symlink_to("real")
        self.refuse(envelope(update("lnk", "-a", "+b")), "'real'")
        self.refuse(envelope("*** Update File: lnk\n*** Move to: out\n@@\n-a\n+b\n"), "'real'")
        self.refuse(envelope("*** Add File: lnk\n+b\n"), "'real'")
        self.apply(envelope("*** Update File: lnk\n*** Move to: out\n"), 0)
        self.assertEqual(self.tree(), {"real": "a\n", "out": "-> real"})
        self.apply(envelope("*** Delete File: out\n", "*** Add File: out\n+b\n"), 0)
        self.assertEqual(self.tree(), {"real": "a\n", "out": "b\n"})
        (self.root / "again").symlink_to("real")
        self.apply(envelope("*** Delete File: again\n"), 0)
        self.assertEqual(self.tree(), {"real": "a\n", "out": "b\n"})

    def test_modes_are_kept(self):
        self.write({"f": "a\n", "g": "a\n", "h": "a\n"})
        for name, mode in (("f", 0o755), ("g", 0o444), ("h", 0o750)):
            (self.root / name).chmod(mode)
        self.apply(envelope(update("f", "-a", "+b"), update("g", "-a", "+b"), "*** Update File: h\n*** Move to: i\n"), 0)
        modes = {path.name: path.stat().st_mode & 0o777 for path in self.root.iterdir()}
        self.assertEqual(modes, {"f": 0o755, "g": 0o444, "i": 0o750})

    def test_a_patch_is_applied_whole_or_not_at_all(self):
        self.write({"a": "1\n", "b": "1\n", "d/x": "1\n", "d/y": "1\n"})
        (self.root / "e").mkdir()
        good = update("a", "-1", "+2") + "*** Delete File: d/x\n" + "*** Add File: n/m\n+1\n"
        self.refuse(envelope(good, update("b", "-2", "+3")), "b: hunk 1")
        self.refuse(envelope(good, "*** Add File: d\n+1\n"), "d is a folder with the file 'd/y'")
        self.refuse(envelope(good, "*** Add File: e\n+1\n"), "e is a folder")
        self.refuse(envelope(good, "*** Add File: a/b\n+1\n"), "'a' is a file")

    def test_a_write_that_fails_half_way_is_taken_back(self):
        self.write({"a": "1\n", "b": "1\n", "d/x": "1\n", "s": "#!/bin/sh\n"})
        (self.root / "s").chmod(0o755)
        (self.root / "l").symlink_to("a")
        good = update("a", "-1", "+2") + "*** Delete File: b\n*** Delete File: d/x\n*** Add File: n/m\n+1\n"
        moves = "*** Update File: s\n*** Move to: t/s\n*** Update File: l\n*** Move to: k\n"
        # No file system takes so long a name, which only the last of the writes finds out.
        for name in ("x" * 300, "new/" + "x" * 300):
            self.refuse(envelope(good, moves, f"*** Add File: {name}\n+1\n"), "too long")
            self.assertEqual((self.root / "s").stat().st_mode & 0o777, 0o755)
            self.assertEqual(sorted(path.name for path in self.root.iterdir()), ["a", "b", "d", "l", "s"])

    def test_what_leads_outside_is_refused(self):
        outside = self.root.parent / "outside"
        outside.mkdir()
        (outside / "f").write_text("a\n")
        (self.root / "door").symlink_to(outside)
        (self.root / "file").symlink_to(outside / "f")
        (self.root / "loop").symlink_to("loop")
        for path in (
            "../outside/f", str(outside / "f"), "door/f", "file", ".git/config", ".GIT/config", "x/.git/hooks/y",
            "git~1/config", ".git./config", ".g\u200cit/config", "a/../../outside/f", "loop/f", "",
        ):
            with self.subTest(path):
                for section in (update(path, "-a", "+b"), f"*** Add File: {path}\n+x\n", f"*** Delete File: {path}\n"):
                    if section.startswith("*** Delete") and path == "file":
                        continue
                    self.refuse(envelope(section))
                self.refuse(f"--- a/{path}\n+++ b/{path}\n@@ -1 +1 @@\n-a\n+b\n", arguments=["--unified"])
        self.assertEqual((outside / "f").read_text(), "a\n")
        self.assertEqual([path.name for path in outside.iterdir()], ["f"])

    def test_a_folder_that_becomes_a_link_meanwhile_leads_nowhere(self):
        outside = self.root.parent / "outside"
        outside.mkdir()
        door, stop = self.root / "door", threading.Event()

        def swap():
            while not stop.is_set():
                os.makedirs(door, exist_ok=True)
                os.rename(door, self.root / "aside")
                # At any moment a patch may make the folder anew.
                try:
                    os.symlink(outside, door)
                    os.unlink(door)
                    os.rename(self.root / "aside", door)
                except OSError:
                    shutil.rmtree(self.root / "aside")

        swapper = threading.Thread(target=swap)
        swapper.start()
        self.addCleanup(swapper.join)
        self.addCleanup(stop.set)
        for number in range(30):
            subprocess.run(
                [GRAFT, "apply"], input=envelope(f"*** Add File: door/{number}\n+x\n").encode(), cwd=self.root,
                env=self.world, capture_output=True, timeout=60, check=False,
            )
        self.assertEqual(list(outside.iterdir()), [])

    def test_arguments_that_cannot_be_used(self):
        for patch, arguments in (
            ("", []), (" \n", []), ("x", ["a", "b"]), ("x", ["no-such-file"]), ("x", ["-m", "why"]),
            ("x", ["--commit", "-m", " "]), ("x", ["--no-such-flag"]), ("x", ["."]),
        ):
            with self.subTest(arguments):
                self.apply(patch, 64, *arguments)

    def test_a_patch_comes_from_a_file_too(self):
        self.write({"f": "a\n", "p": envelope(update("f", "-a", "+b"))})
        self.assertEqual(self.apply("", 0, "p"), "Success. Updated the following files:\nM f\n")
        self.apply(envelope(update("f", "-b", "+c")), 0, "-")
        self.assertEqual(self.tree()["f"], "c\n")


class Unified(ApplyTest):
    """What git writes is what comes out."""

    def test_every_kind_of_change_of_git(self):
        before = {
            "kept": "a\nb\nc\n", "gone": "x\n", "moved from": "1\n2\n3\n4\n5\n6\n7\n8\n", "copied": "q\n" * 9,
            "script": "#!/bin/sh\n", "empty-gone": "", "no-newline": "a\nb", "dos": "a\r\nb\r\n", "ü \"x\"\t": "a\n",
            "latin": b"caf\xe9\nx\n", "swap-a": "a\n" * 9, "swap-b": "b\n" * 9, "-- x": "-- a\n++ b\n",
        }
        after = {
            "kept": "a\nB\nc\nd\n", "new/deep": "n\n", "moved to": "1\n2\n3\n4\nfive\n6\n7\n8\n", "copied": "q\n" * 9,
            "copy": "q\n" * 8 + "r\n", "script": "#!/bin/sh\n", "empty-new": "", "no-newline": "a\nb\n",
            "dos": "a\nb\r\nc\r\n", "ü \"x\"\t": "b\n", "latin": b"caf\xc3\xa9\nx\xe8\n", "swap-a": "b\n" * 9,
            "swap-b": "a\n" * 9, "-- x": "++ b\n", "new-no-newline": "x",
        }
        for flags in ((), ("--no-prefix",), ("-U0",), ("-U1", "--no-renames"), ("--src-prefix=i/", "--dst-prefix=w/")):
            with self.subTest(flags):
                self.setUp()
                self.start(before)
                for name in set(before) - set(after):
                    (self.root / name).unlink()
                self.write(after)
                (self.root / "script").chmod(0o755)
                self.git("add", "-A")
                wanted = self.git("write-tree")
                diff = subprocess.run(
                    ["git", "diff", "--cached", "-M", "-C", "--find-copies-harder", "-B", *flags], cwd=self.root,
                    env=self.world, capture_output=True, check=True,
                ).stdout
                self.git("reset", "-q", "--hard")
                self.apply(diff, 0)
                self.git("add", "-A")
                self.assertEqual(self.git("write-tree"), wanted)

    def test_a_series_of_mails(self):
        self.start({"f": "1\n2\n3\n"})
        for number, text in enumerate(("1\n2\nx\n", "1\ny\nx\n", "z\ny\nx\n-- \n")):
            self.write({"f": text, f"n{number}": "n\n"})
            self.git("add", "-A")
            self.git("commit", "-q", "-m", f"Step {number}\n\n--- not a header\n+++ neither")
        mails = self.git("format-patch", "--stdout", "HEAD~3") + "\n"
        wanted = self.tree()
        self.git("reset", "-q", "--hard", "HEAD~3")
        self.apply(mails, 0)
        self.assertEqual(self.tree(), wanted)

    def test_plain_diffs(self):
        self.write({"f": "a\nb\n"})
        time = "\t2026-01-01 00:00:00.000000000 +0000"
        self.apply(f"--- old/f{time}\n+++ new/f{time}\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n", 0)
        self.apply("Index: f\n=====\n--- f.orig\n+++ f\n@@ -1,2 +1,2 @@\n a\n-c\n+d\n", 0)
        self.apply(f"--- a/n 1{time}\n+++ b/n 1{time}\n@@ -0,0 +1 @@\n+x\n", 0)
        self.assertEqual(self.tree(), {"f": "a\nd\n", "n 1": "x\n"})
        self.apply("--- a/f\r\n+++ b/f\r\n@@ -1,2 +1,2 @@\r\n a\r\n-d\r\n+e\r\n", 0)
        self.assertEqual(self.tree()["f"], "a\ne\n")

    def test_places(self):
        self.write({"f": "x\na\nb\nx\na\nb\n"})
        # The line number decides where the lines fit twice, and is no more than a hint where they fit once.
        self.apply("--- f\n+++ f\n@@ -4,2 +4,2 @@\n x\n-a\n+A\n", 0)
        self.assertEqual(self.tree()["f"], "x\na\nb\nx\nA\nb\n")
        self.apply("--- f\n+++ f\n@@ -40,2 +40,2 @@\n-A\n+C\n b\n", 0)
        self.refuse("--- f\n+++ f\n@@ -3,1 +3,1 @@\n-x\n+y\n", "lines 1 and 4")
        # A number alone places lines only while the file is as it was counted.
        self.apply("--- f\n+++ f\n@@ -1 +1 @@\n-x\n+y\n@@ -3,0 +4 @@\n+new\n", 0)
        self.refuse("--- f\n+++ f\n@@ -9 +9 @@\n-C\n+D\n@@ -3,0 +4 @@\n+new\n", "only adds lines")
        self.assertEqual(self.tree()["f"], "y\na\nb\nnew\nx\nC\nb\n")

    def test_what_cannot_be_done_is_refused_in_one_line(self):
        self.write({"f": "a\nb\n"})
        (self.root / "l").symlink_to("f")
        head = "diff --git a/f b/f\n"
        for patch, words in (
            (head + "index 1..2 100644\nGIT binary patch\nliteral 1\nIc\n", "binary"),
            (head + "Binary files a/f and b/f differ\n", "binary"),
            ("Binary files f and g differ\n", "binary"),
            ("diff --git a/s b/s\nnew file mode 120000\n--- /dev/null\n+++ b/s\n@@ -0,0 +1 @@\n+f\n", "symbolic link"),
            ("diff --git a/s b/s\nnew file mode 160000\n--- /dev/null\n+++ b/s\n@@ -0,0 +1 @@\n+f\n", "submodule"),
            (head + "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n", "as many lines"),
            (head + "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n+c\n b\n", "as many lines"),
            ("--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", "does not show"),
            ("@@ -1 +1 @@\n-a\n+b\n", "header"),
            ("diff --cc f\n", "merge"),
            ("--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n", "already"),
            (head + "rename from f\nrename to l\n", "already"),
            (head + "old mode 100644\nnew mode 100600\n", "100755"),
            (head, "nothing to do"),
            ("no diff\n", "no header"),
        ):
            with self.subTest(patch):
                self.assertEqual(self.refuse(patch, words, arguments=["--unified"]).count("\n"), 1)


class Overwriting(ApplyTest):
    def test_a_file_whose_content_is_in_no_commit_is_not_written_over(self):
        self.start({".gitignore": "kept\n", "f": "1\n", "g": "1\n"})
        self.write({"f": "2\n", "g": "2\n", "new": "n\n", "kept": "k\n"})
        self.git("add", "g")
        for name in ("f", "g", "new", "kept"):
            self.refuse(
                envelope(f"*** Add File: {name}\n+x\n"), f"would replace {name}, whose content is in no commit",
                "--overwrite",
            )
        self.refuse(envelope("*** Add File: o\n+x\n", "*** Update File: g\n*** Move to: f\n@@\n-2\n+3\n"), "replace f,")
        self.refuse(envelope("*** Add File: f\n+x\n", "*** Add File: new\n+x\n"), "replace f, new,")
        self.apply(envelope("*** Add File: new\n+x\n"), 0, "--overwrite")
        self.apply(envelope("*** Delete File: kept\n", "*** Add File: kept\n+x\n"), 0)
        self.assertEqual((self.tree()["new"], self.tree()["kept"]), ("x\n", "x\n"))

    def test_a_file_that_is_committed_as_it_is_can_be_added_anew(self):
        self.start({".gitattributes": "*.txt text eol=crlf\n", "d/f": "1\n", "t.txt": "1\r\n"})
        (self.root / "l").symlink_to("d")
        self.git("add", "l")
        self.git("commit", "-q", "-m", "Link")
        self.apply(envelope("*** Add File: f\n+x\n"), 0, folder="d")
        self.apply(envelope("*** Add File: t.txt\n+x\n"), 0)
        self.apply(envelope("*** Update File: d/f\n*** Move to: l\n"), 0)
        self.assertEqual(self.tree(), {".gitattributes": "*.txt text eol=crlf\n", "l": "x\n", "t.txt": "x\n"})

    def test_without_a_repository_nothing_is_written_over(self):
        self.write({"f": "1\n"})
        self.refuse(envelope("*** Add File: f\n+x\n"), "would replace f")
        self.apply(envelope("*** Add File: f\n+1\n"), 0)
        self.apply(envelope("*** Add File: f\n+x\n"), 0, "--overwrite")
        self.apply(envelope("*** Add File: f\n+y\n"), 64, "--overwrite", "--commit")


class Commits(ApplyTest):
    def test_a_commit_holds_the_patch_and_nothing_else(self):
        self.start({"a": "1\n", "b": "1\n", "d/c": "1\n", "x": "1\n"})
        self.write({"b": "2\n", "x": "dirty\n", "untracked": "u\n"})
        self.git("add", "b")
        patch = envelope(update("a", "-1", "+2"), "*** Delete File: d/c\n", "*** Add File: n\n+n\n")
        output = self.apply(patch, 0, "--commit")
        self.assertTrue(output.startswith("Success. Updated the following files:\nA n\nM a\nD d/c\ncommit "), output)
        self.assertEqual(self.git("log", "-1", "--format=%s|%an|%ae|%cn"), "Update a and 2 more|Ada|ada@example.com|Ada")
        self.assertEqual(self.git("diff", "--name-status", "HEAD~1", "HEAD"), "M\ta\nD\td/c\nA\tn")
        self.assertEqual(self.git("status", "--porcelain"), "M  b\n M x\n?? untracked")
        self.assertEqual(self.git("log", "-g", "-1", "--format=%gs"), "commit: Update a and 2 more")
        self.git("fsck", "--strict")

    def test_paths_start_from_the_current_folder(self):
        self.start({"d/f": "1\n", "f": "1\n"})
        self.apply(envelope(update("f", "-1", "+2")), 0, "--commit", "-m", "Count up\n\nBecause.", folder="d")
        self.assertEqual(self.git("show", "HEAD:d/f"), "2")
        self.assertEqual(self.git("log", "-1", "--format=%B").strip(), "Count up\n\nBecause.")
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.refuse(envelope(update("../f", "-1", "+2")), "..", arguments=["--commit"])

    def test_uncommitted_changes_of_a_file_are_not_mixed_in(self):
        self.start({"a": "1\n2\n3\n", "b": "1\n"})
        patch = envelope(update("a", "-1", "+2"), update("b", "-1", "+2"))
        for change in (
            lambda: self.write({"a": "1\nx\n3\n"}), lambda: (self.write({"a": "1\nx\n3\n"}), self.git("add", "a")),
            lambda: (self.root / "a").chmod(0o755), lambda: self.git("rm", "-q", "--cached", "a"),
        ):
            change()
            self.refuse(patch, "uncommitted work", arguments=["--commit"])
            self.git("reset", "-q", "--hard")
        self.write({"n": "untracked\n"})
        self.refuse(envelope("*** Add File: n\n+x\n"), "uncommitted work", arguments=["--commit"])

    def test_where_there_is_no_branch_to_commit_to(self):
        self.refuse(envelope("*** Add File: n\n+x\n"), "not in a git repository", arguments=["--commit"])
        self.start({})
        self.apply(envelope("*** Add File: f\n+1\n"), 0, "--commit")
        self.assertEqual(self.git("log", "--format=%s", "main"), "Add f")
        self.git("checkout", "-q", "--detach")
        self.apply(envelope(update("f", "-1", "+2")), 0, "--commit")
        self.assertEqual(self.git("log", "--format=%s"), "Update f\nAdd f")
        self.assertEqual(self.git("log", "--format=%s", "main"), "Add f")

    def test_unfinished_work_of_git_is_not_disturbed(self):
        self.start({"f": "1\n"})
        self.git("checkout", "-q", "-b", "other")
        self.write({"f": "2\n"})
        self.git("commit", "-q", "-a", "-m", "Two")
        self.git("checkout", "-q", "main")
        self.write({"g": "1\n"})
        self.git("add", "g")
        self.git("commit", "-q", "-m", "G")
        self.git("merge", "-q", "--no-commit", "other")
        patch = envelope(update("g", "-1", "+2"))
        self.refuse(patch, "a merge is in progress", arguments=["--commit"])
        self.git("merge", "--abort")
        (self.root / ".git/index.lock").touch()
        self.refuse(patch, "index.lock", arguments=["--commit"])
        (self.root / ".git/index.lock").unlink()
        self.apply(patch, 0, "--commit")

    def test_without_a_name_for_the_commit_git_says_what_to_do_and_so_does_this(self):
        self.start({"f": "1\n"})
        self.git("config", "--unset", "user.email")
        patch = envelope(update("f", "-1", "+2"))
        self.refuse(patch, "does not know who you are", "git config --global user.email", arguments=["--commit"])
        self.world["GIT_COMMITTER_EMAIL"] = "c@example.com"
        self.refuse(patch, "does not know who you are", arguments=["--commit"])
        self.world["EMAIL"] = "e@example.com"
        self.apply(patch, 0, "--commit")
        self.assertEqual(self.git("log", "-1", "--format=%ae %ce"), "e@example.com c@example.com")

    def test_a_branch_that_cannot_move_leaves_everything_as_it_was(self):
        self.start({"f": "1\n"})
        (self.root / ".git/refs/heads/main.lock").touch()
        self.refuse(envelope(update("f", "-1", "+2"), "*** Add File: d/n\n+x\n"), "main", arguments=["--commit"])
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.assertEqual(sorted(path.name for path in self.root.iterdir()), [".git", "f"])

    def test_line_endings_are_converted_for_the_commit_as_the_repository_asks(self):
        self.start({".gitattributes": "* text=auto eol=crlf\n", "f": "1\r\n2\r\n"})
        self.apply(envelope(update("f", "-1", "+one")), 0, "--commit")
        self.assertEqual(self.git("show", "HEAD:f"), "one\n2")
        self.assertEqual(self.tree()["f"], "one\r\n2\r\n")
        self.assertEqual(self.git("status", "--porcelain"), "")

    def test_a_move_of_an_executable_and_of_a_link(self):
        self.start({"f": "1\n", "g": "1\n"})
        (self.root / "f").chmod(0o755)
        (self.root / "l").symlink_to("g")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "More")
        moves = "*** Update File: f\n*** Move to: d/f\n", "*** Update File: l\n*** Move to: k\n"
        self.apply(envelope(*moves), 0, "--commit")
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.assertEqual(
            self.git("diff", "-M", "--raw", "--abbrev=1", "HEAD~1").replace("\t", " ").split("\n")[0].split()[:2],
            [":100755", "100755"],
        )
        self.assertIn("120000", self.git("ls-tree", "HEAD", "k"))


class Mails(ApplyTest):
    MESSAGES = (
        "Count up",
        "Count up\n\nBecause of this:\n\n    indented\n\nAnd  that.\n\nReviewed-by: Eve <eve@example.com>",
        "Z\u00e4hle hoch, und zwar so, dass die Betreffzeile umgebrochen und kodiert werden mu\u00df \u2014 ja",
        "A subject of a hundred characters that no tool should cut, because its author has written it so: yes",
        "[part] of: a subject", "Re: again", "Two lines\nof subject\n\nText.\n\nFrom: here to there\n\ndiffuse text\n---x",
        "Subject: as a subject\n\n[1] note\n\n\n\nthree empty lines above",
    )
    AUTHORS = (
        ("Ada", "ada@example.com"), ("J\u00fcrgen M\u00fc\u00dfig", "j@example.com"), ("Ann, the \"first\"", "a@b.example"),
        ("\u5c71\u7530 \u592a\u90ce", "y@example.jp"), ("x.y", "x@example.com"),
    )

    def commit(self, number, message, author):
        self.write({"f": f"{number}\n"})
        self.git(
            "-c", f"user.name={author[0]}", "-c", f"user.email={author[1]}", "commit", "-q", "-a", "--cleanup=verbatim",
            f"--date=2026-03-{number % 27 + 1:02} 07:08:09 {'-0330' if number % 2 else '+0545'}", "-m", message,
        )

    def test_a_mail_becomes_the_commit_that_git_am_makes_of_it(self):
        self.start({"f": "0\n"})
        flags = ((), ("--from",), ("--subject-prefix=RFC PATCH v2", "--signoff"), ("--encode-email-headers",))
        for number, message in enumerate(self.MESSAGES * 2, 1):
            author = self.AUTHORS[number % len(self.AUTHORS)]
            self.commit(number, message, author)
            mail = self.git("format-patch", "-1", "--stdout", *flags[number % len(flags)]) + "\n"
            form = "--format=%an|%ae|%ad|%cn|%ce|%B"
            with self.subTest(message=message, author=author):
                start = self.git("rev-parse", "HEAD~1")
                self.git("reset", "-q", "--hard", start)
                (self.root.parent / "mail").write_text(mail)
                self.git("am", "-q", "../mail")
                expected = self.git("log", "-1", form)
                self.git("reset", "-q", "--hard", start)
                self.apply(mail, 0, "--commit")
                self.assertEqual(self.git("log", "-1", form), expected)

    def test_a_subject_that_stands_in_the_body(self):
        self.start({"f": "0\n"})
        self.commit(1, "Shown", self.AUTHORS[0])
        mail = self.git("format-patch", "-1", "--stdout") + "\n"
        mail = mail.replace("\n\n---", "\n\nSubject:\n\n[x]  first\n  second\n\nMore.\n---", 1)
        messages = []
        for take in (lambda: self.git("am", "-q", "../mail"), lambda: self.apply(mail, 0, "--commit")):
            self.git("reset", "-q", "--hard", "HEAD~1")
            (self.root.parent / "mail").write_text(mail)
            take()
            messages.append(self.git("log", "-1", "--format=%an|%ad|%B"))
        self.assertIn("|[x]  first\n  second\n\nMore.", messages[0])
        self.assertEqual(*messages)

    def test_a_mail_that_travels_encoded(self):
        lines = "".join(f"line {number} = \u00fc\r\n" for number in range(9))
        self.start({"f": lines})
        self.write({"f": lines.replace("line 4", "line four \u2014")})
        self.git("commit", "-q", "-a", "-m", "Change f\n\nBecause = why.")
        expected = self.git("log", "-1", "--format=%T|%an|%ad|%B")
        diff = subprocess.run(
            ["git", "format-patch", "-1", "--stdout"], cwd=self.root, check=True, stdout=subprocess.PIPE).stdout
        head, body = diff.split(b"\n\n", 1)
        head = head.replace(b"Transfer-Encoding: 8bit", b"Transfer-Encoding: %s")
        if b"%s" not in head:
            head += b"\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: %s"
        for way, text in ((b"quoted-printable", quopri.encodestring(body)), (b"base64", base64.encodebytes(body))):
            with self.subTest(way=way):
                self.git("reset", "-q", "--hard", "HEAD~1")
                self.apply(head % way + b"\n\n" + text, 0, "--commit")
                self.assertEqual(self.git("log", "-1", "--format=%T|%an|%ad|%B"), expected)

    def test_what_is_no_single_mail(self):
        self.start({"f": "0\n"})
        for number in (1, 2):
            self.commit(number, f"Step {number}", self.AUTHORS[0])
        mails = self.git("format-patch", "-2", "--stdout") + "\n"
        attached = self.git("format-patch", "-1", "--attach", "--stdout") + "\n"
        self.git("reset", "-q", "--hard", "HEAD~2")
        self.refuse(attached, "attachments", "git am", arguments=["--commit"])
        self.refuse(mails, "2 mails", "git am", arguments=["--commit"])
        coded = mails.replace("Subject: [PATCH 1/2]", "Content-Transfer-Encoding: quoted-printable\nSubject: x")
        self.refuse(coded.replace("\n---\n", "\n=zz\n---\n"), "quoted-printable")
        self.apply(mails, 0, "--commit", "-m", "Both")
        self.assertEqual(self.git("log", "-1", "--format=%an|%B").strip(), "Ada|Both")
        # Words above a diff are no mail.
        self.apply("Note: text\n\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-2\n+3\n", 0, "--commit")
        self.assertEqual(self.git("log", "-1", "--format=%B").strip(), "Update f")


if __name__ == "__main__":
    unittest.main()
