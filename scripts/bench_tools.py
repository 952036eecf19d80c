"""What the tools of many servers cost a session: the bytes and tokens of its requests, beside those of Graft's own."""

import json
import statistics
import sys

from bench_server import ANSWER, Simulator

SERVERS, TOOLS = 20, 10
TURNS = 8
SHELL = {"type": "shell_call", "action": {"commands": ["true"]}}
# The tokens of a text are about a quarter of its bytes.
BYTES_PER_TOKEN = 4

# A server in the shape of those that people publish: a few parameters each, with descriptions.
SERVER = '''
import json, sys
NAME = sys.argv[1]
THINGS = ("issue", "branch", "release", "label", "comment")
def tool(verb, thing):
    text = {"type": "string", "description": f"The {thing}'s owner, as in the address of the page on {NAME}."}
    return {"name": f"{verb}_{thing}", "description": f"%s one {thing} on {NAME}. " % verb.capitalize() + "Use it when the task names "
            "one by its number or title; the answer holds all fields, with links to what belongs to it.",
            "inputSchema": {"type": "object", "required": ["owner", "name"], "properties": {
                "owner": text, "name": {"type": "string", "description": f"The name of the {thing}."},
                "limit": {"type": "integer", "minimum": 1, "maximum": 100, "description": "How many at most."},
                "order": {"type": "string", "enum": ["newest", "oldest", "name"]}}}}
TOOLS = [tool(verb, thing) for thing in THINGS for verb in ("get", "create")]
for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    answer = {"jsonrpc": "2.0", "id": message["id"]}
    if message["method"] == "initialize":
        answer["result"] = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                            "serverInfo": {"name": NAME, "version": "1"}}
    elif message["method"] == "tools/list":
        answer["result"] = {"tools": TOOLS}
    else:
        answer["error"] = {"code": -32601, "message": "no such method"}
    print(json.dumps(answer), flush=True)
'''


def report(table, bench, create):
    """Compares sessions with 200 tools of servers, in each way of finding them, with one that has none."""
    script = bench.folder_for("server")
    script.write_text(SERVER)
    plain, _ = run(bench, create, "")
    table.row("without servers: bytes of the first request", [plain[0]])
    table.row("without servers: bytes of each later request", plain[1:])
    configuration = "".join(
        f'[mcp.forge{number}]\ncommand = "{sys.executable}"\nargs = ["-S", "{script}", "forge{number}"]\nrequired = true\n'
        f'policy = {{ read = ["{script}"] }}\n'
        for number in range(SERVERS)
    )
    for mode in ("server", "client", "function"):
        sizes, shown = run(bench, create, f'tool_search = "{mode}"\n{configuration}')
        name = f"{SERVERS * TOOLS} tools, found by the {mode}"
        table.row(f"{name}: bytes of the first request", [sizes[0]])
        table.row(f"{name}: bytes of each later request, to those without, ratio",
                  [statistics.median(sizes[1:]) / statistics.median(plain[1:])], None if mode == "client" else 1.1)
        # A server that searches is sent all, and the model sees the names and descriptions of namespaces alone.
        added = shown if mode == "server" else sizes[0] - plain[0]
        table.row(f"{name}: tokens that the model sees more than without", [added / BYTES_PER_TOKEN], 1200)


def run(bench, create, configuration):
    """The sizes of a session's requests, and the bytes of what a model sees of deferred tools."""
    home = bench.folder_for("configuration")
    (home / "graft").mkdir(parents=True)
    (home / "graft/config.toml").write_text(configuration)
    plan = ({"items": [SHELL], "repeat": TURNS}, {"items": [create]}, ANSWER)
    with Simulator(bench.graft, bench.folder_for("tools"), *plan, lenient=True) as simulator:
        bench.fix(simulator.url, "--no-series", variables={"XDG_CONFIG_HOME": str(home)})
        exchanges = simulator.exchanges()
    firsts = {json.dumps([exchange["body"]["model"], exchange["body"]["tools"]]) for exchange in exchanges}
    if len(firsts) != 1:
        raise SystemExit("bench: the tools of a session's requests changed")
    spaces = [
        space for exchange in exchanges for item in exchange["body"]["input"] if item["type"] == "additional_tools"
        for space in item["tools"] if space["type"] == "namespace"
    ]  # fmt: skip
    shown = sum(len(space["name"]) + len(space["description"]) for space in spaces)
    return [exchange["size"] for exchange in exchanges], shown
