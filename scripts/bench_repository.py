"""Measures commits and scans in a large repository, in turn with git in a working tree of its own."""

import os
import subprocess
import time

FILES = 50_000
IN_A_FOLDER = 20
ROUNDS = 25


class Large:
    """A repository of many small files, with a linked working tree for git beside the one of Graft."""

    def __init__(self, folder, tool):
        self._root = folder / "large"
        self._git_tree = folder / "git-tree"
        self._tree = folder / "graft-tree"
        self._root.mkdir()
        self._environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Bench",
            "GIT_AUTHOR_EMAIL": "bench@example.com", "GIT_COMMITTER_NAME": "Bench",
            "GIT_COMMITTER_EMAIL": "bench@example.com",
        }  # fmt: skip
        for number in range(FILES):
            path = self._root / self.name(number)
            if number % IN_A_FOLDER == 0:
                path.parent.mkdir(parents=True)
            path.write_text(f"This is file {number}.\n" * 5)
        self.git("init", "-q", "-b", "main")
        self.git("config", "gc.auto", "0")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Start")
        self.git("gc", "-q")
        self.git("worktree", "add", "-q", "-b", "git", str(self._git_tree))
        # Files as young as the index would be read again by each status.
        time.sleep(1.1)
        self.git("status", at=self._git_tree)
        self._tool = subprocess.Popen(
            [tool, self._root, self._tree], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._answer("ready")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._tool.kill()
        self._tool.wait()

    @staticmethod
    def name(number):
        folder = number // IN_A_FOLDER
        return f"part{folder // 100:02}/module{folder % 100:02}/file{number:05}.txt"

    def git(self, *words, at=None):
        start = time.perf_counter()
        subprocess.run(
            ["git", "-C", str(at or self._root), *words], env=self._environment, check=True, stdout=subprocess.DEVNULL
        )
        return (time.perf_counter() - start) * 1000

    def _answer(self, expected=None):
        line = self._tool.stdout.readline().strip()
        if line.startswith("failed") or (expected and line != expected):
            raise SystemExit(f"bench: repository-bench said: {line}")
        return line

    def ask(self, *words):
        self._tool.stdin.write(" ".join(words) + "\n")
        self._tool.stdin.flush()
        return [float(word) for word in self._answer().split()]

    def measure(self):
        """One change of one file each round, committed by both; then one by a command, found by both."""
        figures = {name: [] for name in ("commit", "git commit", "publish", "scan", "git status", "clean scan")}
        for number in range(ROUNDS):
            name = self.name(number * 1999 % FILES)
            figures["commit"] += self.ask("commit", name)
            figures["publish"] += self.ask("publish")
            (self._git_tree / name).write_text(f"Round {number}\n")
            figures["git commit"].append(self.git("commit", "-q", "-m", "Step", name, at=self._git_tree))

            other = self.name(number * 2999 % FILES + 1)
            for tree in (self._tree, self._git_tree):
                (tree / other).write_text(f"By a command in round {number}\n")
                (tree / f"new{number}").write_text("New\n")
            milliseconds, found = self.ask("scan")
            if found != 2:
                raise SystemExit(f"bench: a scan has found {found:.0f} files, not 2")
            figures["scan"].append(milliseconds)
            figures["git status"].append(self.git("status", "--porcelain", at=self._git_tree))
            self.git("add", "-A", at=self._git_tree)
            self.git("commit", "-q", "-m", "Command", at=self._git_tree)
            figures["clean scan"].append(self.ask("scan")[0])
        return figures


def report(table, folder, tool):
    """Prints the rows; the targets are those of the project, git's figures stand beside them."""
    with Large(folder, tool) as large:
        figures = large.measure()
    table.row(f"{FILES} files: commit of one file, ms", figures["commit"], 6)
    table.row("  git commit of one file, ms", figures["git commit"])
    table.row("  index brought up to date later, ms", figures["publish"])
    status = sorted(figures["git status"])[ROUNDS // 2]
    table.row(f"{FILES} files: find what a command did, ms", figures["scan"], status)
    table.row("  git status with a kept index, ms", figures["git status"])
    table.row("  find that nothing changed, ms", figures["clean scan"])
    table.command(f"repository-bench DIR TREE; git commit -q -m Step FILE; git status --porcelain   # {ROUNDS} rounds")
