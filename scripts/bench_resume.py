"""`graft resume` of a long session: the time until its first request is sent, which carries the whole history."""

import json
import pathlib

from bench_server import ANSWER, Simulator

ITEMS = 10_000
ROUNDS = 3
DECIDING = "test -e done"
# What a command prints is a few lines, as it mostly is.
PRINT = {"type": "shell_call", "action": {"commands": ["seq 1 100"]}}
# Nothing but the history itself is to be measured.
FLAGS = ("--json", "--compact", "off")


def report(table, bench, require, create):
    """Begins sessions, makes them long, and goes on with them."""
    launches = [launch(bench, require, create) for _ in range(ROUNDS)]
    table.row(f"resume of {ITEMS} items: launch to first request, ms", launches, 150)


def launch(bench, require, create):
    """How long one session takes to ask its first question again, in ms."""
    repository, state = bench.repository(), bench.folder_for("state")
    with Simulator(bench.graft, bench.folder_for("begin"), {"items": [PRINT]}, lenient=True) as simulator:
        words = [bench.graft, "fix", *FLAGS, "--max-turns", "1", "--repo", repository, "--", DECIDING]
        run(bench, require, words, simulator, state, status=12)
    (journal,) = pathlib.Path(state).glob("graft/sessions/*/journal.jsonl")
    lengthen(journal)
    with Simulator(bench.graft, bench.folder_for("resume"), {"items": [create]}, ANSWER, lenient=True) as simulator:
        words = [bench.graft, "resume", "--last", *FLAGS, "--repo", repository]
        usage = run(bench, require, words, simulator, state)
        first = simulator.exchanges()[0]
    sent = len(first["body"]["input"])
    if sent < ITEMS:
        raise SystemExit(f"bench: the first request of a resumed session has {sent} items, not {ITEMS}")
    return (first["arrived_ns"] - usage["start_ns"]) / 1e6


def run(bench, require, words, simulator, state, status=0):
    """Runs Graft in a state folder of its own; returns its measurements."""
    usage, output = bench.spawn(
        words, OPENAI_BASE_URL=simulator.url, OPENAI_API_KEY="bench", XDG_STATE_HOME=str(state))
    require(usage, words, output, status)
    return usage


def lengthen(journal):
    """Repeats the only turn of a journal, each time with names of its own, until it has so many items."""
    events = [json.loads(line) for line in journal.read_bytes().splitlines()]
    kinds = [event["type"] for event in events]
    first = kinds.index("turn.started")
    last = max(index for index, event in enumerate(events) if event["type"] == "input.item" and event["turn"] == 1)
    turn = [event for event in events[first : last + 1] if event["type"] != "request.sent"]
    text = "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in turn)
    names = {event["call_id"] for event in turn if event["type"] == "call.started"}
    names |= {event["item"]["id"] for event in turn if event["type"] == "response.item" and "id" in event["item"]}
    items = sum(event["type"] in ("response.item", "input.item") for event in turn)
    more = []
    for number in range(2, ITEMS // items + 2):
        copy = text.replace('"turn":1,', f'"turn":{number},').replace('"id":"item_', f'"id":"item_{number}')
        for name in names:
            copy = copy.replace(name, f"{name}_{number}")
        more.append(copy)
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[: last + 1] + more + lines[last + 1 :]))
