"""Measures what Graft costs beside the model and the commands, and prints each figure beside its target.

The model is `graft simulate`; times between two programs are CLOCK_MONOTONIC on both sides. Use: scripts/bench.
"""

import argparse
import json
import math
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile

import bench_browser
import bench_long
import bench_patches
import bench_peer
import bench_repository
import bench_resume
import bench_tools
import bench_trees
from bench_server import ANSWER, Simulator, gaps_ms

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROUNDS = 3
SHORT_RUNS = 4
TURNS = 100
SPAWNS = 50
FILES = 20
DECIDING = "test -e done"
CREATE = {"type": "apply_patch_call", "operation": {"type": "create_file", "path": "done", "diff": "+done\n"}}
SHELL = {"type": "shell_call", "action": {"commands": ["true"]}}


class Bench:
    """One folder of runs, of Graft and of a peer, and the table they fill."""

    def __init__(self, graft, folder):
        self.graft = graft
        self.folder = pathlib.Path(folder)
        self._count = 0
        # The profile of whoever measures is nobody's cost: a login shell may read it before every command.
        self._home = self.folder / "home"
        self._home.mkdir()

    def folder_for(self, name):
        self._count += 1
        return self.folder / f"{self._count:03}-{name}"

    def repository(self):
        """A new repository of a few files with one commit."""
        path = self.folder_for("repository")
        path.mkdir()
        for number in range(FILES):
            (path / f"file{number}.txt").write_text(f"This is file {number}.\n" * 20)
        git = ["git", "-C", str(path), "-c", "user.name=Bench", "-c", "user.email=bench@example.com"]
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Start"]):
            subprocess.run(git + words, check=True)
        return path

    def spawn(self, command, **variables):
        """Runs a command to its end; returns its measurements and the path of what it printed."""
        report, output = self.folder_for("report"), self.folder_for("output")
        spawner = [sys.executable, "-I", "-S", str(ROOT / "scripts/bench_spawn.py"), str(report), str(output)]
        environment = {**os.environ, "HOME": str(self._home), **variables}
        subprocess.run(spawner + [str(word) for word in command], env=environment, check=True)
        return json.loads(report.read_text()), output

    def fix(self, url, *flags, variables=None):
        """Runs `graft fix` in a new repository; it must end with a verified commit."""
        repository, state = self.repository(), self.folder_for("state")
        command = [self.graft, "fix", "--json", "--max-turns", "200", *flags, "--repo", repository, "--", DECIDING]
        world = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "bench", "XDG_STATE_HOME": str(state), **(variables or {})}
        usage, output = self.spawn(command, **world)
        require(usage, command, output)
        return usage, [json.loads(line) for line in output.read_text().splitlines()]


def require(usage, command, output, status=0):
    """Ends the benchmark with what a run said if it did not end as it should."""
    if usage["status"] != status:
        said = pathlib.Path(str(output) + ".err").read_text()[-2000:]
        raise SystemExit(f"bench: {shlex.join(map(str, command))} ended with {usage['status']}:\n{said}")


def measure_short(bench):
    """Launch to first request, over several runs that only create the file."""
    launches = []
    with Simulator(bench.graft, bench.folder_for("short"), {"items": [CREATE]}, ANSWER) as simulator:
        for _ in range(SHORT_RUNS):
            usage, _ = bench.fix(simulator.url)
            launches.append((simulator.exchanges()[0]["arrived_ns"] - usage["start_ns"]) / 1e6)
    return {"launch": launches}


def measure_turns(bench, *flags):
    """A hundred turns of one command each: gaps, memory, CPU and bytes."""
    plan = ({"items": [SHELL], "repeat": TURNS}, {"items": [CREATE]}, ANSWER)
    with Simulator(bench.graft, bench.folder_for("turns"), *plan) as simulator:
        usage, events = bench.fix(simulator.url, *flags)
        exchanges = simulator.exchanges()
    ran = [event for event in events if event["type"] == "item.completed" and event["item"].get("exit_code") == 0]
    if len(ran) != TURNS:
        raise SystemExit(f"bench: {len(ran)} commands ran, not {TURNS}")
    sent = [event for event in events if event["type"] == "request.sent"]
    return {
        "gap": gaps_ms(exchanges)[:TURNS],
        "command": [event["item"]["duration_ms"] for event in ran],
        "cpu": [1000 * usage["cpu_s"] / TURNS],
        "memory": [usage["peak_kb"] / 1000],
        "beside": [event["bytes"] - event["item_bytes"] for event in sent[1:]],
        "total": [sum(exchange["size"] for exchange in exchanges) / 1000],
    }


def measure_binary(bench):
    stripped = bench.folder / "stripped"
    subprocess.run(["strip", "-o", stripped, bench.graft], check=True)
    return {"size": [stripped.stat().st_size / 1e6], "version": times(bench, [bench.graft, "--version"])}


def times(bench, command):
    """How long a command takes from spawn to end, several times."""
    results = []
    for _ in range(SPAWNS):
        usage, output = bench.spawn(command)
        require(usage, command, output)
        results.append((usage["end_ns"] - usage["start_ns"]) / 1e6)
    return results


BWRAP = [
    "bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
    "--tmpfs", "/tmp", "--", "true",
]  # fmt: skip


def percentile(values, share):
    """The smallest value that so large a share of all does not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


class Table:
    """Rows of figures; one line each, with target, spread, and the peer's where there is one."""

    def __init__(self, has_peer):
        self._has_peer = has_peer
        head = f"{'figure':<44}{'target':>9}{'median':>9}{'min':>9}{'max':>9}{'p99':>9}"
        print(head + (f"{'peer':>10}{'min':>9}{'max':>9}{'ratio':>8}" if has_peer else ""))

    def row(self, name, values, target=None, peer=None):
        middle = statistics.median(values)
        cells = [target, middle, min(values), max(values), percentile(values, 0.99) if len(values) >= 100 else None]
        line = f"{name:<44}" + "".join(f"{'-' if cell is None else f'{cell:.1f}':>9}" for cell in cells)
        if self._has_peer:
            theirs = [statistics.median(peer), min(peer), max(peer)] if peer else []
            line += " " + "".join(f"{value:>9.1f}" for value in theirs)
            line += f"{middle / theirs[0]:>8.2f}" if theirs else ""
        missed = target is not None and middle > target
        print(line + ("  MISSED" if missed else ""), flush=True)

    @staticmethod
    def command(text):
        print(f"  $ {text}")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.splitlines()[0])
    parser.add_argument("graft", help="the release binary")
    parser.add_argument("--peer", metavar="CODEX", help="the peer's binary")
    parser.add_argument("--repository-bench", metavar="TOOL", help="the binary that times large repositories")
    parser.add_argument("--repositories-only", action="store_true", help="measure nothing but large repositories")
    options = parser.parse_args()
    work = ROOT / ".build-bench-runs"
    work.mkdir(exist_ok=True)
    folder = tempfile.mkdtemp(dir=work)
    try:
        bench = Bench(str(pathlib.Path(options.graft).resolve()), folder)
        if options.repositories_only:
            table = Table(False)
        elif options.peer:
            with bench_peer.Peer(bench, options.peer, TURNS, SHORT_RUNS) as peer:
                table = report(bench, peer)
        else:
            table = report(bench, None)
        if options.repository_bench:
            bench_repository.report(table, bench.folder, options.repository_bench)
            bench_trees.report(table, bench.graft, bench.folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rounds(ours, theirs=None):
    """Measures Graft and the peer in turn, so that a busy moment of the machine is not one's alone."""
    pooled = ({}, {})
    for _ in range(ROUNDS):
        for pool, measure in zip(pooled, (ours, theirs)):
            for name, values in (measure() if measure else {}).items():
                pool.setdefault(name, []).extend(values)
    return pooled


def report(bench, peer):
    fix = "graft fix --json --max-turns 200 --repo DIR{} -- '" + DECIDING + "'"
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    table = Table(peer is not None)
    ours, theirs = rounds(lambda: measure_short(bench), peer and peer.short)
    table.row("launch to first request, ms", ours["launch"], 40, theirs.get("launch"))
    table.command(fix.format("") + f"   # {ROUNDS * SHORT_RUNS} runs")
    for name, flags, other in (
        ("sandbox on", [], peer and peer.turns),
        ("sandbox off", ["--sandbox", "off"], None),
        ("HTTP", ["--transport", "http"], peer and (lambda: peer.turns(over_http=True))),
    ):
        ours, theirs = rounds(lambda flags=flags: measure_turns(bench, *flags), other)
        table.row(f"{name}: last event to next request, ms", ours["gap"], 5, theirs.get("gap"))
        if name != "HTTP":
            table.row(f"{name}: bash -c true, spawn to reaped, ms", ours["command"], 3 if name == "sandbox on" else None)
        table.row(f"{name}: CPU a turn, ms", ours["cpu"], 15, theirs.get("cpu"))
        table.row(f"{name}: peak memory, MB", ours["memory"], 40, theirs.get("memory"))
        if name != "HTTP":
            table.row(f"{name}: bytes beside the new items", ours["beside"], 1500, theirs.get("beside"))
        table.row(f"{name}: bytes of all requests, kB", ours["total"], None, theirs.get("total"))
        table.command(fix.format("".join(f" {flag}" for flag in flags)) + f"   # {ROUNDS} runs of {TURNS} turns")
    bench_long.report(table, bench, CREATE)
    bench_resume.report(table, bench, require, CREATE)
    bench_tools.report(table, bench, CREATE)
    bench_browser.report(table, bench, CREATE, ROUNDS)
    bench_patches.report(bench, require, table)
    binary = measure_binary(bench)
    table.row("binary, stripped, MB", binary["size"])
    table.row("graft --version, ms", binary["version"])
    table.row("plain true, ms", times(bench, ["true"]))
    table.row("plain bash -c true, ms", times(bench, ["bash", "-c", "true"]))
    table.row("bwrap with true, ms", times(bench, BWRAP))
    table.command(shlex.join(BWRAP))
    if peer:
        table.command(f"{peer.command_line}   # the peer")
    print("Peak memory is wait4's: the largest single process of the run. CPU is that of the whole run over its turns.")
    return table


if __name__ == "__main__":
    main()
