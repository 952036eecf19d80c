#!/usr/bin/env python3
"""Drives `graft simulate` with the official openai package and checks every object that comes back.

    conformance.py --base-url http://127.0.0.1:PORT/v1     a simulator that plays scenario.json
    conformance.py --graft .build/debug/graft              starts simulators itself; runs the fault cases too

The last line is `N passed, N failed`; the exit status is 1 when something failed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import traceback
from contextlib import contextmanager
from pathlib import Path

import cases  # noqa: F401, registers its cases
import faults  # noqa: F401, registers its cases
import request_cases  # noqa: F401, registers its cases
from client import client, fault_cases, main_cases

HERE = Path(__file__).parent


@contextmanager
def simulator(graft, scenario):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scenario.json")
        path.write_text(json.dumps(scenario, ensure_ascii=False))
        process = subprocess.Popen([graft, "simulate", path], stdout=subprocess.PIPE, text=True)
        try:
            yield process.stdout.readline().removeprefix("listening on ").strip()
        finally:
            process.terminate()
            assert process.wait(timeout=10) == 0, "the simulator did not end well"


def run(name, function, base):
    try:
        function(client(base), base)
        print(f"ok    {name}")
        return True
    except Exception:
        print(f"FAIL  {name}")
        traceback.print_exc()
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", default=os.environ.get("OPENAI_BASE_URL"))
    parser.add_argument("--graft")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    results = []
    chosen = [function for function in main_cases if options.only in function.__name__]
    if options.graft:
        with simulator(options.graft, json.loads(Path(HERE, "scenario.json").read_text())) as base:
            results += [run(function.__name__, function, base) for function in chosen]
        for function, scenario in fault_cases:
            if options.only in function.__name__:
                with simulator(options.graft, scenario) as base:
                    results.append(run(function.__name__, function, base))
    elif options.base_url:
        results += [run(function.__name__, function, options.base_url) for function in chosen]
    else:
        parser.error("give --base-url or --graft")
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()
