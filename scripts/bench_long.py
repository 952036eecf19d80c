"""A run of two thousand turns with long outputs: what a turn costs must not grow with the history."""

import statistics

from bench_server import ANSWER, Simulator, gaps_ms

TURNS = 2000
# The output is 20 kB, none of it cut.
PRINT = {
    "type": "shell_call",
    "action": {"commands": ["head -c 20000 /dev/zero | tr '\\0' x"], "max_output_length": 40000},
}


def report(table, bench, create):
    """Compares the first gaps with the last, and prints the peak memory; the run creates the file at its end."""
    plan = ({"items": [PRINT], "repeat": TURNS}, {"items": [create]}, ANSWER)
    with Simulator(bench.graft, bench.folder_for("long"), *plan, lenient=True) as simulator:
        usage, _ = bench.fix(simulator.url, "--max-turns", "100000")
        gaps = gaps_ms(simulator.exchanges())[:TURNS]
    tenth = len(gaps) // 10
    first, last = gaps[:tenth], gaps[-tenth:]
    table.row(f"{TURNS} turns of 20 kB: the first tenth's gaps, ms", first)
    table.row(f"{TURNS} turns of 20 kB: the last tenth's gaps, ms", last)
    table.row("last tenth to first, ratio", [statistics.median(last) / statistics.median(first)], 1.1)
    table.row(f"{TURNS} turns of 20 kB: peak memory, MB", [usage["peak_kb"] / 1000], 60)
