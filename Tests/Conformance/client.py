"""What the cases share: requests, answers of an agent, one turn on a socket."""

import openai

from strict import Sequence, validate_event

MODEL = "gpt-6-astra"
TOOLS = [
    {"type": "shell", "environment": {"type": "local"}},
    {"type": "apply_patch"},
    {"type": "function", "name": "milestone", "description": "Report", "strict": True, "parameters": {
        "type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"],
        "additionalProperties": False}},
    {"type": "custom", "name": "note", "description": "Note", "format": {"type": "text"}},
]
BASE = {"model": MODEL, "instructions": "You edit code.", "tools": TOOLS, "prompt_cache_key": "conformance",
        "reasoning": {"effort": "medium", "summary": "auto"}, "include": ["reasoning.encrypted_content"]}
TASK = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Fix the test"}]}

main_cases, fault_cases = [], []


def case(function):
    main_cases.append(function)
    return function


def fault(scenario):
    def add(function):
        fault_cases.append((function, scenario))
        return function
    return add


def client(base, key="sk-test"):
    return openai.OpenAI(base_url=base, api_key=key, max_retries=0, timeout=30)


def outputs(items):
    """What an agent answers to the calls of scenario.json."""
    answers = []
    for item in items:
        if item["type"] == "shell_call":
            entry = {"stdout": "a\n", "stderr": ""}
            answers.append({"type": "shell_call_output", "call_id": item["call_id"], "max_output_length": 4096, "output": [
                {**entry, "outcome": {"type": "exit", "exit_code": 0}}, {**entry, "outcome": {"type": "exit", "exit_code": 2}}]})
        elif item["type"] == "apply_patch_call":
            failed = item["operation"]["type"] == "delete_file"
            answers.append({"type": "apply_patch_call_output", "call_id": item["call_id"],
                            "status": "failed" if failed else "completed", "output": "log"})
        elif item["type"] == "function_call":
            answers.append({"type": "function_call_output", "call_id": item["call_id"], "output": "result of the milestone"})
        elif item["type"] == "custom_tool_call":
            answers.append({"type": "custom_tool_call_output", "call_id": item["call_id"], "output": "noted"})
    return answers


def plain(model):
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


def raises(kind, code, call):
    try:
        call()
    except openai.APIStatusError as error:
        assert type(error) is kind, f"{type(error).__name__} instead of {kind.__name__}: {error}"
        assert error.code == code, f"code {error.code!r} instead of {code!r}"
        return error
    raise AssertionError(f"no {kind.__name__}")


def socket_turn(connection, stream_id=None, **members):
    extra = {} if stream_id is None else {"stream_id": stream_id}
    connection.response.create(**members, **extra)
    order = Sequence(websocket=True, stream_id=stream_id)
    while True:
        raw = connection.recv_bytes()
        event = connection.parse_event(raw)
        if event.type == "error":
            validate_event(raw, websocket=True)
            return event
        order.add(raw)
        if event.type in ("response.completed", "response.incomplete", "response.failed"):
            order.finish()
            return event
