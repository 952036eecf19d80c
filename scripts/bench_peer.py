"""Runs the peer against the simulator and measures it in the same way as Graft.

The peer keeps its home between runs, as a user's is kept, and has run once before it is measured. A home in /tmp would
leave it without the helper that its sandbox needs, and every command would fail.
"""

import json
import pathlib
import shutil
import tempfile

from bench_server import ANSWER, Simulator, gaps_ms, overhead_bytes

CALL = {"type": "function_call", "name": "exec_command", "arguments": json.dumps({"cmd": "true"})}
CONFIGURATION = """\
model = "gpt-5.5"
model_provider = "x"
[model_providers.x]
name = "x"
base_url = "{url}"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
supports_websockets = {sockets}
"""


class Peer:
    """`codex exec` with a home of its own, for the time of a `with` block."""

    command_line = "codex exec --json --sandbox workspace-write -C DIR PROMPT </dev/null"

    def __init__(self, bench, binary, turns, short_runs):
        self._bench = bench
        self._binary = binary
        self._turns = turns
        self._short_runs = short_runs
        cache = pathlib.Path.home() / ".cache"
        cache.mkdir(exist_ok=True)
        self._home = pathlib.Path(tempfile.mkdtemp(prefix="graft-bench-", dir=cache))

    def __enter__(self):
        with self._simulator("peer-first", ANSWER) as simulator:
            self._run(simulator.url)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self._home, ignore_errors=True)

    def short(self):
        """Launch to first request."""
        launches = []
        with self._simulator("peer-short", ANSWER) as simulator:
            for _ in range(self._short_runs):
                usage = self._run(simulator.url)
                launches.append((self._exchanges(simulator)[0]["arrived_ns"] - usage["start_ns"]) / 1e6)
        return {"launch": launches}

    def turns(self, over_http=False):
        """One command a turn: gaps, memory, CPU and bytes."""
        plan = ({"items": [CALL], "repeat": self._turns}, ANSWER)
        with self._simulator("peer-turns", *plan) as simulator:
            usage = self._run(simulator.url, over_http)
            everything = self._exchanges(simulator)
        # It asks once without wanting an answer, to warm the connection up.
        exchanges = [exchange for exchange in everything if exchange["body"].get("generate") is not False]
        self._check(exchanges, "http" if over_http else "websocket")
        return {
            "gap": gaps_ms(exchanges)[: self._turns],
            "cpu": [1000 * usage["cpu_s"] / self._turns],
            "memory": [usage["peak_kb"] / 1000],
            "total": [sum(exchange["size"] for exchange in everything) / 1000],
            "beside": [overhead_bytes(exchange) for exchange in exchanges[1:]],
        }

    def _simulator(self, name, *turns):
        return Simulator(self._bench.graft, self._bench.folder_for(name), *turns, lenient=True)

    def _run(self, url, over_http=False):
        sockets = "false" if over_http else "true"
        (self._home / "config.toml").write_text(CONFIGURATION.format(url=url, sockets=sockets))
        words = ["exec", "--json", "--sandbox", "workspace-write", "-C", self._bench.repository(), "Run the commands."]
        usage, output = self._bench.spawn([self._binary, *words], CODEX_HOME=str(self._home), OPENAI_API_KEY="bench")
        if usage["status"] != 0:
            raise SystemExit(f"bench: the peer ended with {usage['status']}:\n{output.read_text()[-2000:]}")
        return usage

    def _check(self, exchanges, transport):
        """Refuses figures of a peer that did not do the same work as Graft."""
        if {exchange["transport"] for exchange in exchanges} != {transport}:
            raise SystemExit(f"bench: the peer did not use {transport}")
        outputs = [exchange["body"]["input"][-1].get("output", "") for exchange in exchanges[1:]]
        failed = [output for output in outputs if "exited with code 0" not in str(output)]
        if failed or len(outputs) != self._turns:
            raise SystemExit(f"bench: {len(outputs)} of the peer's commands ran, {len(failed)} failed: {failed[:1]}")

    @staticmethod
    def _exchanges(simulator):
        exchanges = simulator.exchanges()
        refused = [exchange["error"] for exchange in exchanges if exchange.get("error")]
        if refused or not exchanges:
            raise SystemExit(f"bench: the simulator refused the peer: {refused[:1]}")
        return exchanges
