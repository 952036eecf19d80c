"""Keeps one of each kind of request that tests have made, and has them checked against the official package's types.

The check needs the openai package, which takes a second to load. So it is made once: of a whole run by whoever set
GRAFT_REQUESTS to a folder, else when the process ends, if the environment that scripts/test makes is there.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".build-venv/bin/python"
# Members whose values are words of the API, so that each is a kind of its own.
WORDS = {"type", "role", "status", "phase", "effort", "verbosity", "detail", "summary", "prompt_cache_retention"}
LONGEST = 200

_seen = set()
_kept = []


def shape(value, key=None):
    """What kind of value it is: equal for two that the types cannot tell apart."""
    if isinstance(value, dict):
        return tuple(sorted((name, shape(inner, name)) for name, inner in value.items()))
    if isinstance(value, list):
        return ("list", *sorted({repr(shape(inner, key)) for inner in value}))
    if isinstance(value, str) and key in WORDS:
        return value
    return type(value).__name__


def shortened(value):
    """The value with short texts, for a small file."""
    if isinstance(value, dict):
        return {name: shortened(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shortened(inner) for inner in value]
    return value[:LONGEST] if isinstance(value, str) else value


def keep(lines, test):
    """Takes the request lines of a simulator's log."""
    for line in lines:
        body = line.get("body")
        if not isinstance(body, dict):
            continue
        kind = (line["transport"], line["path"].split("?")[0], repr(shape(body)))
        if kind in _seen:
            continue
        _seen.add(kind)
        _kept.append({"test": test, "transport": line["transport"], "path": line["path"], "body": shortened(body)})


def _finish():
    if not _kept:
        return
    text = "".join(json.dumps(request) + "\n" for request in _kept)
    folder = os.environ.get("GRAFT_REQUESTS")
    if folder:
        Path(folder, f"{os.getpid()}.jsonl").write_text(text)
        return
    if not PYTHON.exists():
        return
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write(text)
        file.flush()
        run = subprocess.run(
            [PYTHON, ROOT / "Tests/Conformance/check_requests.py", file.name], stdout=subprocess.PIPE, text=True,
            check=False)
    if run.returncode:
        sys.stderr.write("requests that are none of the Responses API's:\n" + run.stdout)
        sys.stderr.flush()
        # The tests' own exit status is decided by now.
        os._exit(1)


atexit.register(_finish)
