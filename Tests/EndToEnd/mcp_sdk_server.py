"""A server of the official Python SDK: mcp_sdk_server.py stdio|http [PORT]. HTTP prints the port's line when it listens."""

import asyncio
import sys
from typing import Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver import Context, Elicit, Resolve
from pydantic import BaseModel

server = MCPServer("official", instructions="Adds numbers.")


class Sum(BaseModel):
    total: int


@server.tool()
def add(one: int, two: int) -> Sum:
    """Adds two numbers."""
    return Sum(total=one + two)


@server.tool()
async def count(to: int, context: Context) -> str:
    """Counts slowly."""
    for step in range(to):
        await asyncio.sleep(0.3)
        await context.report_progress(step + 1, to, f"at {step + 1}")
    return f"counted to {to}"


@server.tool()
async def hang() -> str:
    """Never answers."""
    await asyncio.sleep(600)
    return "never"


class Name(BaseModel):
    name: str


def ask_name() -> Elicit[Name]:
    return Elicit("Which name?", Name)


@server.tool()
def greet(name: Annotated[Name, Resolve(ask_name)]) -> str:
    """Greets whoever answers."""
    return f"hello {name.name}"


@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("there is no such place")


@server.resource("note://{name}")
def note(name: str) -> str:
    """A note."""
    return f"the note {name}"


if sys.argv[1] == "stdio":
    server.run(transport="stdio")
else:
    server.run(transport="streamable-http", port=int(sys.argv[2]))
