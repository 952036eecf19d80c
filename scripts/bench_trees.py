"""Measures what a working tree costs in a large repository whose dependencies git ignores."""

import json
import os
import pathlib
import subprocess
import time

from bench_server import ANSWER, Simulator

FILES, IN_A_FOLDER = 50_000, 20
IGNORED_FILES, IGNORED_BYTES = 4_000, 128 * 1024
ROUNDS = 5

# What the command does, each with the milliseconds it takes.
COMMAND = """
test -e done && exit 0
now() { date +%s%N; }
report() { echo "$1 $(( ($(now) - $2) / 1000000 ))"; }
echo "first $(now)"
for name in cold warm; do
    start=$(now); git status --porcelain > /dev/null; report "status-$name" $start
    start=$(now); grep -rq 'no such text' part00 part01 part02 part03 part04; report "grep-$name" $start
    start=$(now); grep -rq 'no such text' node_modules; report "grep-ignored-$name" $start
done
start=$(now); for i in $(seq 100); do echo x >> node_modules/package0/file$i.bin; done; report copy-up $start
: > /tmp/ready
for i in $(seq 600); do [ -e /tmp/go ] && break; sleep 0.05; done
exit 1
"""
CHANGE = {"type": "apply_patch_call", "operation": {"type": "create_file", "path": "done", "diff": "+done\n"}}


class Large:
    """A repository of many small files and a large folder that git ignores."""

    def __init__(self, folder):
        self.root, self.state = folder / "trees", folder / "trees-state"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Bench",
            "GIT_AUTHOR_EMAIL": "bench@example.com", "GIT_COMMITTER_NAME": "Bench",
            "GIT_COMMITTER_EMAIL": "bench@example.com", "XDG_STATE_HOME": str(self.state), "OPENAI_API_KEY": "none",
        }  # fmt: skip
        self.count = 0
        for number in range(FILES):
            path = self.root / f"part{number // 5000:02}/module{number // IN_A_FOLDER % 250:03}/file{number:05}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"This is file {number}.\n" * 5)
        (self.root / ".gitignore").write_text("node_modules/\n")
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

    def run(self, graft, kind):
        """One run in which the command fails first, and passes after a patch; returns figures by name."""
        words = [graft, "fix", "--json", "--repo", str(self.root), "--tree", kind, "--", "bash", "-c", COMMAND]
        before, self.count = self._kilobytes(), self.count + 1
        with Simulator(graft, self.state.parent / f"trees-model{self.count}", {"items": [CHANGE]}, ANSWER) as model:
            start = time.time_ns()
            run = subprocess.Popen(
                words, env={**self.environment, "OPENAI_BASE_URL": model.url}, stdout=subprocess.PIPE, text=True)
            temporary = self._wait(run)
            disk = self._kilobytes() - before
            (temporary / "go").touch()
            events = [json.loads(line) for line in run.communicate(timeout=300)[0].splitlines()]
        if events[-1]["verdict"] != "fixed" or len(set(self._kinds(events)) | {kind}) != 1:
            raise SystemExit(f"bench: a run in a large repository has gone another way: {events[-1]}")
        figures = self._figures(events)
        figures["first"] = (figures["first"] - start) / 1e6
        figures["disk"] = disk / 1024
        (self.root / "done").unlink(missing_ok=True)
        return figures

    @staticmethod
    def _figures(events):
        times = {event["type"]: event["t_ms"] for event in events}
        baseline = next(event for event in events if event["type"] == "baseline.completed")
        lines = [line.split() for line in baseline["aggregated_output"].splitlines()]
        figures = {words[0]: int(words[1]) for words in lines if len(words) == 2 and words[1].isdigit()}
        figures["verify"] = times["verification.completed"] - times["turn.completed"]
        figures["end"] = times["run.finished"] - times["verification.completed"]
        return figures

    @staticmethod
    def _kinds(events):
        return [event["tree_kind"] for event in events if event["type"] == "run.started"]

    def _kilobytes(self):
        self.state.mkdir(exist_ok=True)
        told = subprocess.run(["du", "-sk", self.state], check=True, capture_output=True, text=True)
        return int(told.stdout.split()[0])

    def _wait(self, run):
        """Waits until the command has come to its end; returns what it has for /tmp."""
        end = time.monotonic() + 300
        while time.monotonic() < end and run.poll() is None:
            for temporary in self.state.glob("graft/sessions/*/tmp"):
                if (temporary / "ready").exists() and not (temporary / "go").exists():
                    return temporary
            time.sleep(0.01)
        raise SystemExit("bench: the command in the large repository has not come to its end")


def report(table, graft, folder):
    """Prints the rows for each kind of tree."""
    large = Large(pathlib.Path(folder))
    kinds = ("worktree", "overlay", "in-place")
    figures = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind in kinds:
            figures[kind].append(large.run(graft, kind))
    size = IGNORED_FILES * IGNORED_BYTES // 1_000_000
    rows = {
        "first": "first command begins, ms", "status-warm": "git status, ms",
        "grep-warm": "grep -r, 25,000 files, ms",
        "grep-ignored-warm": f"grep -r, {size} MB ignored, ms",
        "copy-up": "100 ignored files changed, ms", "disk": "disk then used, MB",
        "verify": "verification, ms", "end": "end of the session, ms",
    }  # fmt: skip
    for kind in kinds:
        for name, words in rows.items():
            table.row(f"{kind}: {words}", [figure[name] for figure in figures[kind]])
    table.command(f"graft fix --repo REPOSITORY --tree KIND -- bash -c COMMAND   # {FILES} files, {ROUNDS} rounds")
