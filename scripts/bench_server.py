"""The simulator as a benchmark needs it: a scenario played to one program at a time, and what its log says of it."""

import json
import pathlib
import subprocess
import time

READY_SECONDS = 20
MESSAGE = {"type": "message", "phase": "final_answer", "content": [{"type": "output_text", "text": "Done."}]}
ANSWER = {"items": [MESSAGE]}


class Simulator:
    """Plays turns of the model until the end of a `with` block; the last one is the last."""

    def __init__(self, graft, folder, *turns, lenient=False):
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True)
        self._log = self._folder / "log"
        self._seen = 0
        scenario = {"name": "bench", "turns": turns, "after_last": "error", "lenient": lenient}
        (self._folder / "scenario.json").write_text(json.dumps(scenario))
        port = self._folder / "port"
        self._process = subprocess.Popen(
            [graft, "simulate", self._folder / "scenario.json", "--port-file", port, "--log", self._log],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + READY_SECONDS
        while not port.exists():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise SystemExit(f"bench: the simulator did not start in {self._folder}")
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{port.read_text().strip()}/v1"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()

    def exchanges(self):
        """The requests for a response that came since the last call, each with its answer, in order."""
        requests, answers = {}, {}
        with open(self._log, "rb") as log:
            log.seek(self._seen)
            for line in log:
                entry = json.loads(line)
                if entry["type"] == "request":
                    entry["size"] = _body_size(line)
                    requests[entry["request"]] = entry
                else:
                    answers[entry["request"]] = entry
            self._seen = log.tell()
        # A client may also ask for its models, or open a socket; only requests for a response have an input.
        return [
            {**requests[number], **answers[number]}
            for number in sorted(requests)
            if number in answers and "input" in requests[number].get("body", {})
        ]


def _body_size(line):
    """The bytes of a body, which is the last member of its line of the log and there as it came."""
    mark = b',"body":'
    return len(line) - line.index(mark) - len(mark) - len(b"}\n") if mark in line else 0


def gaps_ms(exchanges):
    """From the last event of each response to the request behind it."""
    return [(after["arrived_ns"] - before["answered_ns"]) / 1e6 for before, after in zip(exchanges, exchanges[1:])]


def overhead_bytes(exchange):
    """The bytes of a request beside its input items."""
    items = exchange["body"].get("input", [])
    sizes = (len(json.dumps(item, separators=(",", ":"), ensure_ascii=False).encode()) for item in items)
    return exchange["size"] - sum(sizes)
