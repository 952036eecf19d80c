#!/usr/bin/env python3
"""Checks requests against the request types of the official openai package: nothing missing, wrong or unknown.

    check_requests.py FILE_OR_FOLDER...

A file has a line of JSON for each request: `path`, `transport` (`http` or `websocket`), `body`, and optionally `test`. Lines
without a body are passed over, so that the log of `graft simulate` can be checked as it is. Exits with 1 if a request does
not fit; the last line counts them.

What the model has said is sent back as it came, byte for byte, whatever it was: such items are checked for what the types
require only where the package knows their type, and members that it does not know are allowed in them.
"""

import json
import pathlib
import sys
import typing
from functools import cache

from openai.types import responses as types
from openai.types.responses import (
    input_token_count_params, response_compact_params, response_create_params, response_input_item_param,
    responses_client_event_param,
)
from pydantic import ConfigDict, TypeAdapter, ValidationError

# The package writes lists as iterables, which would be checked only when they are read.
for name, module in list(sys.modules.items()):
    if name.startswith("openai.types"):
        for alias in ("Iterable", "SequenceNotStr"):
            if hasattr(module, alias):
                setattr(module, alias, typing.List)

BODIES = {
    ("http", "responses"): response_create_params.ResponseCreateParamsStreaming,
    ("websocket", "responses"): responses_client_event_param.ResponseCreate,
    ("http", "responses/compact"): response_compact_params.ResponseCompactParams,
    ("http", "responses/input_tokens"): input_token_count_params.InputTokenCountParams,
}
# What a client says itself, beside the outputs of calls; everything else was said by the model or the server.
OWN = {"additional_tools", "compaction_trigger", "configuration_update", "item_reference", "mcp_approval_response"}


@cache
def adapter(kind, extra):
    # A type of its own would not take the configuration.
    return TypeAdapter(typing.Optional[kind], config=ConfigDict(extra=extra))


def is_replayed(item):
    kind = item.get("type", "message")
    if kind == "message":
        return item.get("role") == "assistant"
    return kind not in OWN and (kind == "program_output" or not kind.endswith("_output"))


@cache
def members(union):
    """The members of a union by the values that their `type` may have."""
    found = {}
    for kind in typing.get_args(union):
        hint = typing.get_type_hints(kind).get("type")
        while hint is not None and typing.get_origin(hint) is not typing.Literal:
            hint = (typing.get_args(hint) or (None,))[0]
        for value in typing.get_args(hint) if hint is not None else ():
            found[value] = typing.Union[found[value], kind] if value in found else kind
    return found


def faults(kind, value, extra, place):
    try:
        adapter(kind, extra).validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        return [f"{place}: {'.'.join(map(str, entry['loc']))}: {entry['msg']}" for entry in found[:6]]
    return []


def member_faults(union, value, extra, place):
    """As above, for the member of a union that the value's `type` names."""
    kind = value.get("type", "message") if isinstance(value, dict) else None
    if kind not in members(union):
        return [f"{place}: there is no type {kind!r}"]
    return faults(members(union)[kind], value, extra, place)


def item_faults(item, place):
    if not isinstance(item, dict) or not is_replayed(item):
        return member_faults(types.ResponseInputItemParam, item, "forbid", place)
    if item.get("type", "message") not in members(types.ResponseInputItemParam):
        return []
    if item.get("role") == "assistant":
        # A server that keeps nothing does not need the id, and others do not take it.
        item = {"id": "msg_0", "status": "completed", **item}
        for part in item["content"] if isinstance(item.get("content"), list) else []:
            part.setdefault("annotations", [])
    return member_faults(types.ResponseInputItemParam, item, "ignore", place)


def problems(request):
    """What is wrong with a request, a line each."""
    path = request["path"].split("?")[0].strip("/").removeprefix("v1/")
    kind = BODIES.get((request["transport"], path))
    if kind is None:
        return [f"{request['transport']} {path}: no such endpoint takes a body"]
    body = dict(request["body"])
    items, tools = body.get("input"), body.pop("tools", [])
    found = []
    if isinstance(items, list):
        body["input"] = []
        for index, item in enumerate(items):
            found += item_faults(item, f"input[{index}]")
    # A person may name one that a later model has; it is sent as it is.
    for name, member in (("reasoning", "effort"), ("text", "verbosity")):
        if isinstance(body.get(name), dict) and isinstance(body[name].get(member), str):
            body[name] = {**body[name], member: "medium"}
    found += faults(kind, body, "forbid", "body")
    if request["transport"] == "websocket":
        # The types have them; their documentation says that they are not for a socket.
        found += [f"body: {name} over a WebSocket" for name in ("stream", "background") if name in body]
    for index, tool in enumerate(tools):
        found += member_faults(types.ToolParam, tool, "forbid", f"tools[{index}]")
    return found


def main():
    files = []
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        files += sorted(path.iterdir()) if path.is_dir() else [path]
    count = bad = 0
    for file in files:
        for line in file.read_bytes().splitlines():
            request = json.loads(line)
            if "body" not in request:
                continue
            count += 1
            found = problems(request)
            if found:
                bad += 1
                print(f"{request.get('test', file)}: {request['transport']} {request['path']}")
                for text in found:
                    print(f"    {text}")
    print(f"{count} requests checked, {bad} wrong")
    sys.exit(1 if bad or not count else 0)


if __name__ == "__main__":
    main()
