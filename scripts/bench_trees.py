"""Measures what a working tree costs in a large repository whose dependencies git ignores."""

import json
import os
import pathlib
import subprocess
import time

FILES, IN_A_FOLDER = 50_000, 20
IGNORED_FILES, IGNORED_BYTES = 4_000, 128 * 1024
ROUNDS = 5

# What the command does, each with the milliseconds it takes.
COMMAND = """
now() { date +%s%N; }
report() { echo "$1 $(( ($(now) - $2) / 1000000 ))"; }
echo "first $(now)"
for name in cold warm; do
    start=$(now); git status --porcelain > /dev/null; report "status-$name" $start
    start=$(now); grep -rq 'no such text' part00 part01 part02 part03 part04; report "grep-$name" $start
    start=$(now); grep -rq 'no such text' node_modules; report "grep-ignored-$name" $start
done
start=$(now); for i in $(seq 100); do echo x >> node_modules/package0/file$i.bin; done; report copy-up $start
: > ready
for i in $(seq 600); do [ -e go ] && break; sleep 0.05; done
exit 0
"""


class Large:
    """A repository of many small files and a large folder that git ignores."""

    def __init__(self, folder):
        self.root, self.state = folder / "trees", folder / "trees-state"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Bench",
            "GIT_AUTHOR_EMAIL": "bench@example.com", "GIT_COMMITTER_NAME": "Bench",
            "GIT_COMMITTER_EMAIL": "bench@example.com", "XDG_STATE_HOME": str(self.state), "OPENAI_API_KEY": "none",
        }  # fmt: skip
        for number in range(FILES):
            path = self.root / f"part{number // 5000:02}/module{number // IN_A_FOLDER % 250:03}/file{number:05}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"This is file {number}.\n" * 5)
        (self.root / ".gitignore").write_text("node_modules/\n/ready\n/go\n")
        self.git("init", "-q", "-b", "main")
        self.git("config", "gc.auto", "0")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Start")
        self.git("gc", "-q")
        for number in range(IGNORED_FILES):
            path = self.root / f"node_modules/package{number // 100}/file{number % 100 + 1}.bin"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.urandom(IGNORED_BYTES))
        # Files as young as the index would be read again by each status.
        time.sleep(1.1)
        self.git("status")

    def git(self, *words):
        subprocess.run(
            ["git", "-C", str(self.root), *words], env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def run(self, graft, *flags):
        """One run whose command passes at once, so that no model is asked; returns figures by name."""
        words = [graft, "fix", "--json", "--repo", str(self.root), *flags, "--", "bash", "-c", COMMAND]
        before = self._kilobytes()
        start = time.time_ns()
        run = subprocess.Popen(words, env=self.environment, stdout=subprocess.PIPE, text=True)
        tree = self._wait_for_tree(run, self.root if flags else None)
        disk = self._kilobytes() - before
        (tree / "go").touch()
        events = [json.loads(line) for line in run.communicate(timeout=120)[0].splitlines()]
        baseline = next(event for event in events if event["type"] == "baseline.completed")
        lines = [line.split() for line in baseline["aggregated_output"].splitlines()]
        figures = {words[0]: int(words[1]) for words in lines if len(words) == 2 and words[1].isdigit()}
        figures["first"] = (figures["first"] - start) / 1e6
        figures["disk"] = disk / 1024
        for name in ("go", "ready"):
            (self.root / name).unlink(missing_ok=True)
        return figures

    def _kilobytes(self):
        self.state.mkdir(exist_ok=True)
        told = subprocess.run(["du", "-sk", self.state], check=True, capture_output=True, text=True)
        return int(told.stdout.split()[0])

    def _wait_for_tree(self, run, place):
        end = time.monotonic() + 120
        while time.monotonic() < end and run.poll() is None:
            for tree in [place] if place else self.state.glob("graft/sessions/*/tree"):
                if (tree / "ready").exists():
                    return tree
            time.sleep(0.01)
        raise SystemExit("bench: the command in the large repository has not come to its end")


def report(table, graft, folder):
    """Prints the rows for each kind of tree."""
    large = Large(pathlib.Path(folder))
    kinds = {"linked tree": (), "in place": ("--in-place",)}
    figures = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind, flags in kinds.items():
            figures[kind].append(large.run(graft, *flags))
    size = IGNORED_FILES * IGNORED_BYTES // 1_000_000
    rows = {
        "first": "first command begins, ms", "status-warm": "git status, ms",
        "grep-warm": "grep -r, 25,000 files, ms",
        "grep-ignored-warm": f"grep -r, {size} MB ignored, ms",
        "copy-up": "100 ignored files changed, ms", "disk": "disk then used, MB",
    }  # fmt: skip
    for kind in kinds:
        for name, words in rows.items():
            table.row(f"{kind}: {words}", [figure[name] for figure in figures[kind]])
    table.command(f"graft fix --repo REPOSITORY -- bash -c COMMAND   # {FILES} files, {ROUNDS} rounds")
