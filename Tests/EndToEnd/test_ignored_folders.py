"""What git ignores in the user's checkout is there in the session's tree, and stays as it is."""

import hashlib
import os
import shutil
import signal
import sys

from harness import GraftTest, needs_namespaces, wait_until
from scripted import DONE, note, patch, shell, turn

MODULE = "VALUE = 'right'\n"
TEST = """import unittest
import vendored

class Answer(unittest.TestCase):
    def test_answer(self):
        self.assertEqual(open("answer.txt").read().strip(), vendored.VALUE)
"""
FILES = {".gitignore": "/.venv/\nbuild\n__pycache__\n", "answer.txt": "wrong\n", "test_answer.py": TEST}
PACKAGES = f".venv/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
COMMAND = ["env", f"PYTHONPATH={PACKAGES}", "python3", "-m", "unittest"]
FIX = turn(note("Say what is right."), patch())


def contents(folder):
    """Every path below with kind, mode, time and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[str(path.relative_to(folder))] = (state.st_mode, state.st_mtime_ns, hashlib.sha256(content).hexdigest())
    return found


@needs_namespaces
class IgnoredFolders(GraftTest):
    def project(self, more=None):
        repository = self.repository(FILES)
        repository.write({f"{PACKAGES}/vendored.py": MODULE, ".venv/bin/tool": "#!/bin/sh\necho tool\n", **(more or {})})
        (repository.path / ".venv/bin/tool").chmod(0o755)
        return repository

    def run_and_compare(self, repository, code, server, *flags, verdict=None, command=COMMAND):
        before = contents(repository.path / ".venv")
        run = self.run_graft(repository, code, *flags, server=server, command=command, verdict=verdict)
        self.assertEqual(contents(repository.path / ".venv"), before)
        self.assertEqual(list(self.state.glob("graft/sessions/*/overlays")), [])
        self.assertEqual(list(self.state.glob("graft/sessions/*/verify-*")), [])
        self.assertNotIn(str(self.state), (self.mounts()))
        return run

    @staticmethod
    def mounts():
        with open("/proc/self/mountinfo", encoding="utf-8") as file:
            return file.read()

    def test_a_command_finds_its_dependencies(self):
        repository, server = self.project(), self.simulate(FIX, DONE)
        run = self.run_and_compare(repository, 0, server, verdict="fixed")
        baseline = next(event for event in run.events if event["type"] == "baseline.completed")
        self.assertIn("'wrong' != 'right'", baseline["aggregated_output"])
        self.assert_branch_has(repository, "answer.txt", "right")
        (branch,) = self.branches(repository)
        self.assertNotIn(".venv", repository.git("ls-tree", "-r", "--name-only", branch))

    def test_commands_see_each_others_changes_and_verification_none(self):
        spoil = f"rm -r .venv/bin && echo \"VALUE = 'wrong'\" > {PACKAGES}/vendored.py && mkdir -p build && touch build/x"
        look = f"cat {PACKAGES}/vendored.py; ls .venv build; git status --porcelain"
        cheat = turn(shell(spoil, look))
        server = self.simulate(cheat, DONE, FIX, DONE)
        repository = self.project()
        run = self.run_and_compare(repository, 0, server, verdict="fixed")
        commands = [item["aggregated_output"] for item in run.items("command_execution")]
        self.assertIn("VALUE = 'wrong'\n.venv:\nlib\n\nbuild:\nx\n", "".join(commands))
        checks = [event["exit_code"] for event in run.events if event["type"] == "verification.completed"]
        self.assertEqual(checks, [1, 0])

    def test_files_and_links_that_are_ignored_are_not_taken(self):
        repository = self.project({".gitignore": "/.venv/\n.env\nlinked\n", ".env": "KEY=1\n"})
        (self.root / "elsewhere").mkdir()
        (repository.path / "linked").symlink_to(self.root / "elsewhere")
        server = self.simulate(turn(shell("ls -A | tr '\\n' ' '")), FIX, DONE)
        run = self.run_and_compare(repository, 0, server, verdict="fixed")
        (listing,) = [item["aggregated_output"] for item in run.items("command_execution")]
        self.assertEqual(listing.split(), [".git", ".gitignore", ".venv", "__pycache__", "answer.txt", "test_answer.py"])

    def test_a_killed_run_leaves_nothing_mounted_and_the_next_one_cleans_up(self):
        repository = self.project()
        server = self.simulate(turn(shell(f"echo x > {PACKAGES}/x; echo begun; sleep 86388")))
        before = contents(repository.path / ".venv")
        process = self.begin(repository, server=server, command=COMMAND)
        process.wait_for("item.started", lambda event: event["item"]["type"] == "command_execution")
        store = self.state / "graft/sessions"
        wait_until(lambda: list(store.glob(f"*/overlays/*/upper/{PACKAGES.split('/', 1)[1]}/x")), "the change")
        process.signal(signal.SIGKILL)
        wait_until(lambda: not self.left_processes(), "the end of the command")
        self.assertNotIn(str(self.state), self.mounts())
        self.assertEqual(contents(repository.path / ".venv"), before)
        self.assertEqual(len(list(store.glob("*/overlays"))), 1)
        process = self.begin(repository, server=self.simulate(FIX, DONE), command=COMMAND)
        process.end()
        self.assertEqual(process.exit_code, 0, process.stderr)
        self.assertEqual(contents(repository.path / ".venv"), before)
        self.assertEqual([*store.glob("*/overlays"), *store.glob("*/tree"), *store.glob("*/verify-*")], [])

    def test_another_ones_folder_is_read_only(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to give a folder away")
        repository = self.project()
        shutil.chown(repository.path / ".venv", 12345, 12345)
        server = self.simulate(turn(shell("touch .venv/x")), FIX, DONE)
        run = self.run_and_compare(repository, 0, server, verdict="fixed")
        (said,) = [item["aggregated_output"] for item in run.items("command_execution")]
        self.assertIn("Read-only file system", said)
        self.assertIn("not all yours: .venv", run.stdout)

    def test_without_a_sandbox_it_is_said_that_they_are_missing(self):
        repository = self.project()
        run = self.run_and_compare(repository, 10, self.simulate(FIX, *[DONE] * 9), "--sandbox", "off", "--force")
        self.assertIn("--in-place has them: .venv", run.stdout)


if __name__ == "__main__":
    import unittest

    unittest.main()
