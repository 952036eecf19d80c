"""Measures `graft apply`: whole processes, from spawn to end, each turning files over and back again."""

import os
import shutil
import tempfile

MEMORY = "/dev/shm"
SMALL_RUNS = 50
LARGE_RUNS = 10
LINES = 1_000_000
FILES, HUNKS = 200, 5


class Turner:
    """A folder and the two patches that turn its files over and back."""

    def __init__(self, bench, require, folder, files, edits):
        self._bench, self._require = bench, require
        self.folder, self._patches = folder, []
        for path, lines in files.items():
            with open(os.path.join(folder, path), "w", encoding="ascii") as file:
                file.write("".join(f"{line}\n" for line in lines))
        for number, (old, new) in enumerate((("", "!"), ("!", ""))):
            sections = [self._section(path, files[path], places, old, new) for path, places in edits.items()]
            patch = bench.folder_for(f"{number}.patch")
            patch.write_text("*** Begin Patch\n" + "".join(sections) + "*** End Patch\n")
            self._patches.append([bench.graft, "apply", patch])

    @staticmethod
    def _section(path, lines, places, old, new):
        text = f"*** Update File: {path}\n"
        for place in places:
            above = "".join(f" {line}\n" for line in lines[place - 3 : place])
            below = "".join(f" {line}\n" for line in lines[place + 1 : place + 4])
            text += f"@@\n{above}-{lines[place]}{old}\n+{lines[place]}{new}\n{below}"
        return text

    def times(self, runs, commands=None):
        commands = commands or self._patches
        results = []
        for number in range(runs):
            command = ["env", "-C", self.folder, *commands[number % 2]]
            usage, output = self._bench.spawn(command)
            self._require(usage, command, output)
            results.append((usage["end_ns"] - usage["start_ns"]) / 1e6)
        return results

    def git(self):
        """The commands with which git turns the files over and back."""
        patch = self._bench.folder_for("git.patch")
        git = ["git", "-C", self.folder]
        self._bench.spawn([*git, "init", "-q"])
        self._bench.spawn([*git, "add", "-A"])
        self._bench.spawn(["env", "-C", self.folder, *self._patches[0]])
        _, diff = self._bench.spawn([*git, "diff"])
        shutil.copy(diff, patch)
        self._bench.spawn(["env", "-C", self.folder, *self._patches[1]])
        return [["git", "apply", patch], ["git", "apply", "-R", patch]]


def report(bench, require, table):
    """The rows of the table that are about patches; a file system in memory keeps the disk out of the figures."""
    memory = tempfile.mkdtemp(prefix="graft-bench-", dir=MEMORY if os.access(MEMORY, os.W_OK) else bench.folder)
    try:
        small = {"a.txt": [f"line {number}" for number in range(200)]}
        turner = Turner(bench, require, memory, small, {"a.txt": [100]})
        table.row("apply: one line of a small file, ms", turner.times(SMALL_RUNS), 15)
        large = {"a.txt": [f"{number:09}" for number in range(LINES)]}
        turner = Turner(bench, require, memory, large, {"a.txt": [LINES // 2]})
        table.row("apply: one line of 1,000,000 (10 MB), ms", turner.times(LARGE_RUNS), 60)
        many = {f"{number:03}.txt": [f"line {line} of {number}" for line in range(300)] for number in range(FILES)}
        edits = {path: [30 + 50 * hunk for hunk in range(HUNKS)] for path in many}
        table.row("apply: 1,000 hunks, 200 files, ms", Turner(bench, require, memory, many, edits).times(LARGE_RUNS), 150)
        table.command(f"env -C {memory} graft apply PATCH")
    finally:
        shutil.rmtree(memory, ignore_errors=True)
    disk = bench.folder_for("disk")
    disk.mkdir()
    turner = Turner(bench, require, disk, many, edits)
    table.row("apply: 1,000 hunks, 200 files, on disk, ms", turner.times(LARGE_RUNS))
    table.row("  the same by git apply, ms", turner.times(LARGE_RUNS, turner.git()))
