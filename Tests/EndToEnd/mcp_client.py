"""The official client against `graft mcp serve`: mcp_client.py GRAFT FOLDER MODE. Reads calls as JSON from standard
input, and prints what came of each as JSON."""

import asyncio
import json
import os
import sys

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

GRAFT, FOLDER, MODE = sys.argv[1:4]


async def main():
    parameters = StdioServerParameters(command=GRAFT, args=["mcp", "serve"], env=dict(os.environ), cwd=FOLDER)
    found = []
    options = {} if MODE == "auto" else {"mode": MODE}
    async with Client(stdio_client(parameters), **options) as client:
        tools = await client.list_tools()
        found.append({"tools": [tool.name for tool in tools.tools], "revision": client.protocol_version})
        for call in json.load(sys.stdin):
            progress = []

            async def note(done, total, message):
                progress.append(message)

            work = client.call_tool(call["name"], call["arguments"], progress_callback=note)
            try:
                result = await asyncio.wait_for(work, call.get("seconds", 60))
                found.append({
                    "text": result.content[0].text, "structured": result.structured_content,
                    "is_error": result.is_error, "progress": progress})
            except asyncio.TimeoutError:
                found.append({"cancelled": True, "progress": progress})
            except Exception as error:
                found.append({"error": str(error)})
    print(json.dumps(found))


asyncio.run(main())
