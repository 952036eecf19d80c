"""Strict validation against the openai package's own pydantic types: no missing, no wrong, no unknown members."""

import json
from functools import cache

from pydantic import BaseModel, TypeAdapter

from openai.types.responses import ResponseStreamEvent
from openai.types.responses.responses_server_event import ResponsesServerEvent


@cache
def adapter(kind):
    return TypeAdapter(kind)


def unknown_members(value, path="$"):
    """The paths of all members that the types do not name."""
    if isinstance(value, BaseModel):
        found = [f"{path}.{name}" for name in (value.model_extra or {})]
        for name in type(value).model_fields:
            found += unknown_members(getattr(value, name), f"{path}.{name}")
        return found
    if isinstance(value, (list, tuple)):
        return [hit for i, entry in enumerate(value) for hit in unknown_members(entry, f"{path}[{i}]")]
    return []


def validate(kind, data):
    """Validates JSON text or a plain value as `kind`; returns the typed object."""
    text = data if isinstance(data, (str, bytes)) else json.dumps(data)
    value = adapter(kind).validate_json(text, strict=True)
    # The API repeats `store` in a response; the package's types leave it out.
    extra = [path for path in unknown_members(value) if path not in ("$.store", "$.response.store")]
    assert not extra, f"members that {type(value).__name__} does not know: {extra}"
    return value


def validate_event(data, websocket):
    return validate(ResponsesServerEvent if websocket else ResponseStreamEvent, data)


def validate_model(model):
    """Validates what the package built without validation, as its own class."""
    data = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return validate(type(model), data)


class Sequence:
    """Checks the order of a response's events and collects what they say."""

    def __init__(self, websocket, stream_id=None):
        self.websocket, self.stream_id = websocket, stream_id
        self.events, self.texts, self.items = [], {}, {}
        self.number = -1

    def add(self, raw):
        event = validate_event(raw, self.websocket)
        data = json.loads(raw) if isinstance(raw, (str, bytes)) else raw
        assert data.get("stream_id") == self.stream_id, data
        assert data["sequence_number"] > self.number, "sequence_number must rise"
        self.number = data["sequence_number"]
        kind = data["type"]
        self.events.append(data)
        if kind.endswith(".delta"):
            key = (data["output_index"], data.get("content_index", data.get("summary_index", data.get("command_index"))))
            self.texts[kind[:-6], key] = self.texts.get((kind[:-6], key), "") + data["delta"]
        elif kind.endswith(".done") and kind[:-5] + ".delta" in DELTAS:
            key = (data["output_index"], data.get("content_index", data.get("summary_index", data.get("command_index"))))
            whole = data[DELTAS[kind[:-5] + ".delta"]]
            assert self.texts.get((kind[:-5], key), "") == whole, f"{kind}: deltas do not add up"
        elif kind == "response.output_item.done":
            self.items[data["output_index"]] = data["item"]
        return event

    def finish(self):
        kinds = [event["type"] for event in self.events]
        assert kinds[:2] == ["response.created", "response.in_progress"], kinds
        assert kinds[-1] in ("response.completed", "response.incomplete", "response.failed"), kinds
        response = self.events[-1]["response"]
        assert [self.items[i] for i in sorted(self.items)] == response["output"], "items and output differ"
        added = [e["item"]["id"] for e in self.events if e["type"] == "response.output_item.added"]
        assert added == [item["id"] for item in response["output"]]
        return response


DELTAS = {
    "response.output_text.delta": "text",
    "response.refusal.delta": "refusal",
    "response.reasoning_summary_text.delta": "text",
    "response.function_call_arguments.delta": "arguments",
    "response.custom_tool_call_input.delta": "input",
    "response.shell_call_command.delta": "command",
}
