"""What commands leave that cannot be committed: only that is left out, the model hears of it, and nothing is lost."""

import ctypes
import os
import signal
import unittest

from harness import wait_until
from scripted import DONE, FIX, function, patch, shell, turn
from wild import WildTest

RIGHT = "echo right > answer.txt"


def answers(server):
    """The answers to calls that the model has read, as text."""
    return [str(item) for item in server.inputs if item["type"].endswith("_output")]


class LeftOut(WildTest):
    def make(self, *lines, files=None, more=(), code=0):
        repository = self.repository(files)
        server = self.simulate(turn(shell(*lines)), *more, DONE)
        run = self.run_graft(repository, code, server=server)
        self.assertEqual(server.violations, [])
        notices = [event["message"] for event in run.events if event["type"] == "notice"]
        return repository, server, [text for text in notices if text.startswith("not stored: ")]

    def assert_told(self, server, *paths):
        """The answer of the only command names each path, once."""
        self.assertEqual(len(server.requests), 2)
        (answer,) = answers(server)
        for path in paths:
            self.assertEqual(answer.count(f"[not stored: {path} ("), 1, answer)

    def test_names_that_git_refuses(self):
        lines = (RIGHT, "mkdir .GIT && echo x > .GIT/x && echo x > git~1", "echo '[x]' > '.git '", "mkfifo pipe",
                 "ln -s answer.txt .gitmodules", "echo kept > kept.txt")  # fmt: skip
        repository, server, notices = self.make(*lines)
        self.assert_told(server, ".GIT", "git~1", ".git ", "pipe", ".gitmodules")
        self.assertEqual(len(notices), 5)
        self.assertEqual(self.changed(repository), ["answer.txt", "kept.txt"])
        (branch,) = self.branches(repository)
        self.assertIn("Not stored: git~1", repository.git("log", "-1", "--format=%b", branch))
        repository.git("checkout", "-q", branch)
        self.assertNotIn("error", repository.git("fsck", "--strict"))

    def test_a_conversion_that_fails(self):
        attributes = "echo '*.odd working-tree-encoding=UTF-16' > .gitattributes"
        repository, server, _ = self.make(attributes, "printf abc > x.odd", RIGHT)
        self.assert_told(server, "x.odd")
        self.assertIn("conversion", answers(server)[0])
        self.assertEqual(self.changed(repository), [".gitattributes", "answer.txt"])

    def test_a_filter_that_fails(self):
        repository = self.repository({"answer.txt": "wrong\n", ".gitattributes": "*.f filter=odd\n"})
        repository.git("config", "filter.odd.clean", "echo out of luck >&2; exit 1")
        repository.git("config", "filter.odd.required", "true")
        server = self.simulate(turn(shell("echo x > x.f", RIGHT)), DONE)
        self.run_graft(repository, 0, server=server, verdict="fixed")
        self.assert_told(server, "x.f")
        self.assertEqual(self.changed(repository), ["answer.txt"])

    def test_what_lies_below_a_submodule_or_in_its_place(self):
        module = self.repository({"inside": "1\n"}, name="module")
        repository = self.repository()
        repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(module.path), "lib/sub")
        repository.git("commit", "-q", "-m", "Add a module")
        repository.git("submodule", "deinit", "-q", "-f", "lib/sub")
        server = self.simulate(turn(shell("rmdir lib/sub lib && echo x > lib", RIGHT)), DONE)
        self.run_graft(repository, 0, server=server, verdict="fixed")
        self.assert_told(server, "lib")
        self.assertEqual(self.changed(repository), ["answer.txt"])

    def test_each_is_named_once_and_again_when_it_is_another(self):
        again = (turn(shell("true")), turn(shell("rm git~1; mkfifo git~1.; mkfifo pipe")), turn(shell("true")))
        _, server, notices = self.make("echo x > git~1", RIGHT, more=again)
        self.assertEqual(len(server.requests), 5, [str(body["input"][-1]) for body in server.requests])
        last = [str(item) for body in server.requests for item in body["input"] if item["type"].endswith("_output")]
        self.assertEqual([text.count("[not stored") for text in dict.fromkeys(last)], [1, 0, 2, 0])
        self.assertEqual(len(notices), 3)

    def test_a_patch_answers_for_what_a_background_command_left(self):
        start = function("start_command", '{"command":"sleep 0.3; echo x > git~1; sleep 60","wait_ms":1}')
        repository = self.repository({"answer.txt": "wrong\n"})
        poll = function("poll_command", '{"handle":"p1","wait_ms":800}')
        server = self.simulate(turn(start), turn(poll), turn(patch()), DONE)
        self.run_graft(repository, 0, server=server, verdict="fixed")
        self.assertEqual(sum(text.count("not stored: git~1") for text in dict.fromkeys(answers(server))), 1)

    def test_in_a_large_tree_the_model_hears_before_the_verdict(self):
        files = {f"many/{number}": f"{number}\n" for number in range(2100)}
        repository = self.repository({"answer.txt": "wrong\n", **files})
        server = self.simulate(turn(shell("echo x > git~1", RIGHT)), DONE, DONE)
        self.run_graft(repository, 0, server=server, verdict="fixed")
        said = [item for item in server.requests[-1]["input"] if item["type"] == "message"]
        self.assertIn("- not stored: git~1 (", str(said[-1]))
        self.assertEqual(len(server.requests), 3)

    def test_a_run_without_a_check_tells_it_too(self):
        files = {f"many/{number}": f"{number}\n" for number in range(2100)}
        repository = self.repository({"answer.txt": "wrong\n", **files})
        server = self.simulate(turn(shell("echo x > git~1", RIGHT)), DONE, DONE)
        self.run_graft(repository, 11, server=server, task="Say what is right.")
        self.assertEqual(len(server.requests), 3)

    def test_in_place_the_users_own_entries_are_not_the_models(self):
        repository = self.repository()
        self.git("init", "-q", "mine", at=repository.path)
        server = self.simulate(turn(shell("mkfifo another", RIGHT)), DONE)
        self.run_graft(repository, 0, "--in-place", server=server, in_place=True)
        self.assert_told(server, "another")
        self.assertNotIn("mine", answers(server)[0])

    def test_in_place_a_run_without_a_check_knows_them_too(self):
        repository = self.repository({"answer.txt": "wrong\n", ".gitattributes": "*.f filter=odd\n"})
        repository.git("config", "filter.odd.clean", "exit 1")
        repository.git("config", "filter.odd.required", "true")
        self.git("init", "-q", "mine", at=repository.path)
        (repository.path / "x.f").write_text("x")
        (repository.path / "git~1").write_text("x")
        server = self.simulate(turn(shell("mkfifo another", RIGHT)), turn(shell("rm another")), DONE)
        run = self.run_graft(repository, 11, "--in-place", server=server, in_place=True, task="Say what is right.")
        first = [text for text in answers(server) if "another" in text][0]
        self.assertEqual(first.count("not stored"), 1, first)
        notices = [event["message"] for event in run.events if event["type"] == "notice"]
        self.assertEqual([text for text in notices if text.startswith("not stored")], ["not stored: another (a pipe)"])
        self.assertNotIn("Not stored: mine", repository.git("log", "--all", "--format=%b"))


class Kept(WildTest):
    """Changes that are in no commit outlive every end of a run, and a clean-up that was not asked for them."""

    def small_disk(self, name, size):
        """Mounts a small file system, or skips the test."""
        place = self.root / name
        place.mkdir()
        libc = ctypes.CDLL(None, use_errno=True)
        options = f"size={size},mode=777".encode()
        if libc.mount(b"none", os.fsencode(place), b"tmpfs", 0, options) != 0:
            self.skipTest(f"cannot mount a small file system: {os.strerror(ctypes.get_errno())}")
        self.addCleanup(libc.umount2, os.fsencode(place), 2)
        return place

    @staticmethod
    def fill(place, leaving):
        """Fills a file system but for some bytes."""
        free = os.statvfs(place)
        (place / "filling").write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - leaving))

    def graft(self, *words, code=0):
        run = self.start(*words).end()
        self.assertEqual(run.exit_code, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def assert_kept(self, run, content, path="big.bin"):
        """The tree is there with the file, the message names it, and only a clean-up that names the session takes it."""
        (tree,) = self.state.glob("graft/sessions/*/tree")
        session = tree.parent.name
        self.assertEqual((tree / path).read_bytes(), content)
        if run:
            self.assertIn(str(tree), run.result["message"])
            self.assertIn(f"graft clean --session {session}", run.result["message"])
        self.assertIn("are in no commit", self.graft("clean"))
        self.assertIn("are in no commit", self.graft("clean", "--all", code=64))
        self.assertEqual((tree / path).read_bytes(), content)
        refusal = self.graft("clean", "--session", session, code=64)
        self.assertIn("are in no commit", refusal)
        self.graft("clean", "--session", session, "--yes")
        self.assertFalse(tree.exists())

    def test_a_full_disk_below_the_repository_ends_the_run_and_keeps_the_tree(self):
        disk = self.small_disk("disk", "6m")
        repository = self.repository(name="disk/repository")
        make = turn(shell("head -c 900000 /dev/urandom > big.bin", RIGHT))
        server = self.simulate(turn(shell("sleep 0.5; touch ready; sleep 1")), make, DONE, DONE)
        run = self.begin(repository, server=server)
        run.wait_for("item.started", lambda event: event["item"]["type"] == "command_execution")
        self.fill(disk, 300_000)
        run.end()
        self.assertEqual(run.exit_code, 70, run.stdout)
        self.assertIn(f"the file system at {disk}", run.result["message"])
        self.assertIn("No space left on device", run.result["message"])
        self.assertLessEqual(len(server.requests), 3)
        (disk / "filling").unlink()
        (tree,) = self.state.glob("graft/sessions/*/tree")
        self.assert_kept(run, (tree / "big.bin").read_bytes())

    def test_a_patch_on_a_full_disk_ends_the_run(self):
        disk = self.small_disk("disk", "6m")
        repository = self.repository(name="disk/repository")
        text = "".join(f"+{os.urandom(30).hex()}\n" for _ in range(8000))
        create = turn(patch("big.txt", text, "create_file"))
        server = self.simulate(turn(shell("sleep 0.5; touch ready; sleep 1")), create, DONE, DONE)
        run = self.begin(repository, server=server)
        run.wait_for("item.started", lambda event: event["item"]["type"] == "command_execution")
        self.fill(disk, 100_000)
        run.end()
        self.assertEqual(run.exit_code, 70, run.stderr)
        self.assertIn(f"the file system at {disk}", run.result["message"])
        self.assertEqual(len(server.requests), 2)

    def test_a_killed_run_with_uncommitted_changes_keeps_its_tree(self):
        repository = self.repository()
        server = self.simulate(turn(shell("echo mine > big.bin; echo begun; sleep 86388")))
        run = self.begin(repository, server=server)
        change = "graft/sessions/*/tree/big.bin"
        wait_until(lambda: [file for file in self.state.glob(change) if file.read_bytes()], "the change")
        run.signal(signal.SIGKILL)
        wait_until(lambda: not self.left_processes(), "the end of the command")
        later = self.begin(repository, server=self.simulate(FIX, DONE))
        later.end()
        self.assertEqual(later.exit_code, 0, later.stderr)
        self.assertIn("changes that are in no commit, in", later.stdout)
        self.assert_kept(None, b"mine\n")

    def test_a_killed_run_without_changes_leaves_nothing_for_long(self):
        repository = self.repository()
        # What the check and interpreters leave is no work.
        check = "echo x > report; mkdir -p __pycache__; touch __pycache__/a.pyc; false"
        server = self.simulate(turn(shell("echo begun; touch __pycache__/b.pyc; mkfifo pipe; sleep 86388")))
        run = self.begin(repository, server=server, command=check)
        wait_until(lambda: list(self.state.glob("graft/sessions/*/tree/pipe")), "the change")
        run.signal(signal.SIGKILL)
        wait_until(lambda: not self.left_processes(), "the end of the command")
        self.assertIn("1 killed run", self.graft("clean"))
        self.assertEqual(list(self.state.glob("graft/sessions/*/tree")), [])

    def test_a_killed_run_over_an_overlay_keeps_what_is_in_no_commit(self):
        repository = self.repository()
        wait = "echo mine > big.bin; echo begun; sleep 86388"
        server = self.simulate(FIX, turn(shell(wait)))
        run = self.begin(repository, "--tree", "overlay", server=server)
        wait_until(lambda: list(self.state.glob("graft/sessions/*/overlays/upper/big.bin")), "the change")
        run.signal(signal.SIGKILL)
        wait_until(lambda: not self.left_processes(), "the end of the command")
        self.assertIn("are in no commit", self.graft("clean"))
        (change,) = self.state.glob("graft/sessions/*/overlays/upper/big.bin")
        # Once it is gone, all that is left is in a commit.
        change.unlink()
        self.assertIn("1 killed run", self.graft("clean"))
        self.assertEqual(list(self.state.glob("graft/sessions/*/overlays")), [])


if __name__ == "__main__":
    unittest.main()
