"""Cases about the check of requests itself: it finds what does not fit, and only that."""

import copy

from check_requests import problems
from client import MODEL, TASK, TOOLS, case

REQUEST = {
    "transport": "websocket", "path": "/v1/responses",
    "body": {
        "type": "response.create", "model": MODEL, "tools": TOOLS, "store": False, "reasoning": {"effort": "medium"},
        "include": ["reasoning.encrypted_content"], "text": {"verbosity": "low"}, "prompt_cache_key": "k",
        "input": [
            {"type": "additional_tools", "role": "developer", "tools": TOOLS[2:3]}, TASK,
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gA", "later": 1},
            {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "phase": "commentary",
             "content": [{"type": "output_text", "text": "x", "annotations": []}]},
            {"type": "shell_call_output", "call_id": "call_1", "output": [
                {"stdout": "", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}]},
            {"type": "an_item_of_next_year_call", "whatever": []},
        ],
    },
}


def changed(change):
    request = copy.deepcopy(REQUEST)
    change(request, request["body"], request["body"]["input"])
    return problems(request)


@case
def a_request_that_fits_is_let_through(api, base):
    assert problems(REQUEST) == [], problems(REQUEST)
    http = changed(lambda request, body, items: (request.update(transport="http"), body.pop("type"), body.update(stream=True)))
    assert http == [], http


@case
def a_request_that_does_not_fit_is_found(api, base):
    wrong = {
        "an unknown parameter": lambda request, body, items: body.update(surprise=1),
        "an unknown value": lambda request, body, items: body.update(include=["everything"]),
        "a wrong type": lambda request, body, items: body.update(store="no"),
        "an unknown member of a parameter": lambda request, body, items: body["reasoning"].update(speed=1),
        "a socket's event without its type": lambda request, body, items: body.pop("type"),
        "a stream over a socket": lambda request, body, items: body.update(stream=True),
        "a socket's event over HTTP": lambda request, body, items: request.update(transport="http"),
        "an unknown member of a tool": lambda request, body, items: body["tools"][0].update(color="red"),
        "an unknown tool": lambda request, body, items: body["tools"].append({"type": "teapot"}),
        "an unknown member of a message": lambda request, body, items: items[1].update(phase_of_moon=1),
        "a wrong role": lambda request, body, items: items[0].update(role="tool"),
        "a missing member": lambda request, body, items: items[4]["output"][0].pop("stderr"),
        "a number that is a text": lambda request, body, items: items[4]["output"][0]["outcome"].update(exit_code="0"),
        "an item of ours that there is not": lambda request, body, items: items.append({"type": "wish_output"}),
        "a replayed item that lost a member": lambda request, body, items: items[2].pop("summary"),
        "a path that there is not": lambda request, body, items: request.update(path="/v1/replies"),
    }
    for name, change in wrong.items():
        assert changed(change), f"{name} was let through"
