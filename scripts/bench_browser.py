"""What the model's browser costs: its start, a call from the request to the picture, the bytes of a picture, memory."""

import json
import pathlib
import shutil
import threading

from bench_server import ANSWER, Simulator

CLICKS = 30
PAGE = ("<!doctype html><title>Bench</title><h1>Bench</h1>" + "<p>Some words on a line of a page.</p>" * 40
        + "<button style='position:fixed;left:10px;top:10px;width:100px;height:40px' "
        "onclick='this.textContent++'>0</button>")


def call(action):
    return {"type": "computer_call", "actions": [action], "pending_safety_checks": []}


def memory_mb():
    """The memory of all processes of browsers, each shared page counted once."""
    kilobytes = 0
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if b"--remote-debugging-pipe" in (folder / "cmdline").read_bytes() or "chromium" in (
                    folder / "comm").read_text():
                lines = (folder / "smaps_rollup").read_text().splitlines()
                kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return kilobytes / 1000


class Peak:
    """Looks at the memory of browsers until the end of a `with` block."""

    def __enter__(self):
        self.value, self._ends = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self):
        while not self._ends.wait(0.2):
            self.value = max(self.value, memory_mb())

    def __exit__(self, *_):
        self._ends.set()
        self._thread.join()


def measure(bench, create):
    arguments = json.dumps({"address": f"data:text/html,{PAGE}"})
    opening = {"type": "function_call", "name": "open_page", "arguments": arguments}
    plan = (
        {"items": [call({"type": "screenshot"})]}, {"items": [opening]},
        {"items": [call({"type": "click", "button": "left", "x": 50, "y": 30})], "repeat": CLICKS},
        {"items": [call({"type": "screenshot"})], "repeat": CLICKS}, {"items": [create]}, ANSWER,
    )
    with Simulator(bench.graft, bench.folder_for("browser"), *plan) as simulator, Peak() as peak:
        _, events = bench.fix(simulator.url, "--tool", "computer")
    begun, took = {}, []
    for event in events:
        item = event.get("item", {})
        if item.get("type") != "computer":
            continue
        if event["type"] == "item.started":
            begun[item["id"]] = event["t_ms"]
        elif event["type"] == "item.completed":
            if item["status"] != "completed":
                raise SystemExit(f"bench: the browser failed: {item}")
            took.append(event["t_ms"] - begun[item["id"]])
    if len(took) != 2 * CLICKS + 1:
        raise SystemExit(f"bench: {len(took)} calls of the browser, not {2 * CLICKS + 1}")
    return {"start": took[:1], "click": took[1:CLICKS + 1], "look": took[CLICKS + 1:], "memory": [peak.value]}


def report(table, bench, create, rounds):
    """Adds rows to the table; without a browser on this machine there are none."""
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        print("no browser: apt-get install chromium")
        return
    pooled = {}
    for _ in range(rounds):
        for name, values in measure(bench, create).items():
            pooled.setdefault(name, []).extend(values)
    table.row("browser: first call, with its start, ms", pooled["start"])
    table.row("browser: click to picture, ms", pooled["click"])
    table.row("browser: look to picture, ms", pooled["look"])
    table.row("browser: memory of all its processes, MB", pooled["memory"])
    table.command("graft fix --tool computer --json --repo DIR -- 'test -e done'   "
                  f"# {rounds} runs of {CLICKS} clicks and {CLICKS} looks")
