"""Cases against one simulator that plays scenario.json."""

import json

import openai
from openai.types import responses as types

from client import BASE, MODEL, TASK, TOOLS, case, client, outputs, plain, raises, socket_turn
from strict import Sequence, validate, validate_event, validate_model

# Turns over each transport.

CLASSES = {"reasoning": types.ResponseReasoningItem, "message": types.ResponseOutputMessage,
           "shell_call": types.ResponseFunctionShellToolCall, "apply_patch_call": types.ResponseApplyPatchToolCall,
           "function_call": types.ResponseFunctionToolCall, "custom_tool_call": types.ResponseCustomToolCall}


def check_session(ask):
    """Plays the whole scenario; `ask(input, previous)` returns a typed Response."""
    seen, previous, news = [], None, [TASK]
    for turn in range(4):
        response = ask(news, previous)
        validate_model(response)
        assert response.status == "completed" and response.error is None
        for item in response.output:
            assert type(item) is CLASSES[item.type], type(item)
            seen.append(item.type)
        assert response.usage.input_tokens_details.cached_tokens <= response.usage.input_tokens
        assert turn == 0 or response.usage.input_tokens_details.cached_tokens > 0, "the prefix must be cached"
        previous, news = response, outputs([plain(item) for item in response.output])
    assert seen == ["reasoning", "message", "shell_call", "reasoning"] + ["apply_patch_call"] * 3 \
        + ["function_call", "custom_tool_call", "message"], seen
    assert response.output_text == "Done, see the page."
    return response


@case
def json_with_previous_response_id(api, base):
    check_session(lambda news, previous: api.responses.create(
        **BASE, input=news, previous_response_id=previous.id if previous else openai.omit))


@case
def json_with_full_input(api, base):
    history = []

    def ask(news, previous):
        history.extend(plain(item) for item in previous.output) if previous else None
        history.extend(news)
        return api.responses.create(**BASE, store=False, input=history)
    check_session(ask)


@case
def full_input_without_ids(api, base):
    history = []

    def ask(news, previous):
        for item in previous.output if previous else []:
            history.append({key: value for key, value in plain(item).items() if key != "id"})
        history.extend(news)
        return api.responses.create(**BASE, store=False, input=history)
    check_session(ask)


@case
def server_sent_events(api, base):
    def ask(news, previous):
        order, last = Sequence(websocket=False), None
        stream = api.responses.create(
            **BASE, input=news, stream=True, previous_response_id=previous.id if previous else openai.omit)
        for event in stream:
            validate_model(event)
            order.add(plain(event))
            last = event
        assert isinstance(last, types.ResponseCompletedEvent)
        order.finish()
        return last.response
    check_session(ask)


@case
def server_sent_events_are_framed(api, base):
    with api.responses.with_streaming_response.create(**BASE, input="hi", stream=True) as raw:
        assert raw.headers["content-type"].startswith("text/event-stream")
        text = b"".join(raw.iter_bytes()).decode()
    blocks = text.split("\n\n")
    assert blocks.pop() == ""
    order = Sequence(websocket=False)
    for block in blocks:
        name, data = block.split("\n")
        assert name == "event: " + json.loads(data.removeprefix("data: "))["type"]
        order.add(data.removeprefix("data: "))
    order.finish()


@case
def helper_stream_accumulates(api, base):
    with api.responses.stream(model=MODEL, input="hi") as stream:
        for _ in stream:
            pass
        assert stream.get_final_response().output[1].content[0].text.startswith("Ich sehe nach: ä € 😀")


@case
def websocket_session(api, base):
    for stream_id in (None, "main"):
        with api.responses.connect() as connection:
            check_session(lambda news, previous: socket_turn(
                connection, stream_id, **BASE, store=False, input=news,
                **({"previous_response_id": previous.id} if previous else {})).response)


@case
def websocket_warm_up(api, base):
    with api.responses.connect() as connection:
        warm = socket_turn(connection, **BASE, store=False, input=[TASK], generate=False).response
        assert warm.output == [] and warm.status == "completed"
        first = socket_turn(connection, **BASE, store=False, input=[], previous_response_id=warm.id).response
        assert first.output[2].type == "shell_call"


@case
def websocket_fork(api, base):
    with api.responses.connect() as connection:
        first = socket_turn(connection, **BASE, store=False, input=[TASK]).response
        answers = outputs([plain(item) for item in first.output])
        for stream_id in ("a", "b", None):
            fork = socket_turn(connection, stream_id, **BASE, store=False, input=answers, previous_response_id=first.id)
            assert fork.response.output[1].type == "apply_patch_call"
        late = socket_turn(connection, "c", **BASE, store=False, input=answers, previous_response_id=first.id)
        assert late.error.code == "previous_response_not_found", late


@case
def websocket_errors(api, base):
    with api.responses.connect() as connection:
        lost = socket_turn(connection, model=MODEL, store=False, input="x", previous_response_id="resp_lost")
        assert lost.status == 400 and lost.error.code == "previous_response_not_found", lost
        bad = socket_turn(connection, model=MODEL, input="x", background=True)
        assert bad.error.param == "background"
        first = socket_turn(connection, **BASE, store=False, input=[TASK]).response
        unanswered = socket_turn(connection, **BASE, store=False, input="x", previous_response_id=first.id)
        assert "No tool output found for shell call" in unanswered.error.message
        evicted = socket_turn(connection, **BASE, store=False, previous_response_id=first.id,
                              input=outputs([plain(item) for item in first.output]))
        assert evicted.error.code == "previous_response_not_found"
        connection.response.steer(previous_response_id=first.id, input="also this")
        steer = validate_event(connection.recv_bytes(), websocket=True)
        assert steer.type == "response.steer.failed" and steer.error.code == "steering_not_supported"


# Stored responses, compaction and the small endpoints.


@case
def retrieve_input_items_delete(api, base):
    response = api.responses.create(**BASE, input=[TASK, {"role": "user", "content": "and this"}])
    got = api.responses.retrieve(response.id)
    validate_model(got)
    assert plain(got) == plain(response)
    page = api.responses.input_items.list(response.id, order="asc", limit=1)
    assert [type(item) for item in page.data] == [types.ResponseInputMessageItem] and page.has_more
    every = list(api.responses.input_items.list(response.id, order="asc", limit=1))
    assert [item.content[0].text for item in every] == ["Fix the test", "and this"]
    raw = api.responses.input_items.with_raw_response.list(response.id).text
    validate(types.ResponseItemList, raw)
    api.responses.create(**BASE, previous_response_id=response.id, input=outputs([plain(i) for i in response.output]))
    api.responses.delete(response.id)
    raises(openai.NotFoundError, None, lambda: api.responses.retrieve(response.id))
    raises(openai.NotFoundError, None, lambda: api.responses.delete(response.id))


@case
def input_items_of_tool_outputs(api, base):
    first = api.responses.create(**BASE, input=[TASK])
    second = api.responses.create(
        **BASE, previous_response_id=first.id, input=outputs([plain(item) for item in first.output]))
    page = api.responses.input_items.list(second.id)
    assert [type(item) for item in page.data] == [types.ResponseFunctionShellToolCallOutput]
    for item in page.data:
        validate_model(item)


@case
def background(api, base):
    response = api.responses.create(**BASE, input=[TASK], background=True)
    validate_model(response)
    assert response.status == "queued" and response.output == []
    done = api.responses.retrieve(response.id)
    validate_model(done)
    assert done.status == "completed" and done.output[2].type == "shell_call"
    assert api.responses.cancel(response.id).status == "completed"
    raises(openai.BadRequestError, "invalid_value",
           lambda: api.responses.create(model=MODEL, input="x", background=True, store=False))


@case
def background_stream_is_replayed(api, base):
    events = list(api.responses.create(**BASE, input=[TASK], background=True, stream=True))
    assert events[0].type == "response.queued"
    id = events[0].response.id
    rest = list(api.responses.retrieve(id, stream=True, starting_after=events[4].sequence_number))
    assert [plain(event) for event in rest] == [plain(event) for event in events[5:]]


@case
def cancel_needs_background(api, base):
    response = api.responses.create(**BASE, input=[TASK])
    raises(openai.BadRequestError, None, lambda: api.responses.cancel(response.id))
    raises(openai.NotFoundError, None, lambda: api.responses.cancel("resp_none"))


@case
def compact_and_go_on(api, base):
    history = [TASK]
    for _ in range(3):
        answer = [plain(item) for item in api.responses.create(**BASE, store=False, input=history).output]
        history += answer + outputs(answer)
    compacted = api.responses.compact(model=MODEL, instructions="x", input=history, prompt_cache_key="conformance")
    assert isinstance(compacted, types.CompactedResponse)
    # The union of output items does not name user messages, which the endpoint returns.
    assert [item.type for item in compacted.output] == ["message", "compaction"]
    window = [plain(item) for item in compacted.output]
    validate(types.ResponseInputMessageItem, window[0])
    validate(types.ResponseCompactionItem, window[1])
    news = [{"role": "user", "content": "You had the result of the milestone; go on."}]
    last = api.responses.create(**BASE, store=False, input=window + news)
    assert last.output_text == "Done, see the page.", "a compacted chain goes on at its turn"
    window[1]["encrypted_content"] += "x"
    raises(openai.BadRequestError, "invalid_encrypted_content",
           lambda: api.responses.create(**BASE, store=False, input=window + [TASK]))


@case
def compaction_trigger(api, base):
    with api.responses.connect() as connection:
        first = socket_turn(connection, **BASE, store=False, input=[TASK]).response
        answers = outputs([plain(item) for item in first.output])
        event = socket_turn(connection, **BASE, store=False, previous_response_id=first.id,
                            input=answers + [{"type": "compaction_trigger"}])
        assert [type(item) for item in event.response.output] == [types.ResponseCompactionItem]


@case
def automatic_compaction(api, base):
    response = api.responses.create(
        **BASE, input=[TASK], context_management=[{"type": "compaction", "compact_threshold": 1}])
    validate_model(response)
    assert response.output[0].type == "compaction" and response.output[-1].type == "shell_call"


@case
def input_tokens_and_models(api, base):
    count = api.responses.input_tokens.count(model=MODEL, input=[TASK], tools=TOOLS)
    validate_model(count)
    assert count.input_tokens > 0
    assert MODEL in [model.id for model in api.models.list()]
    validate_model(api.models.retrieve(MODEL))
    raises(openai.NotFoundError, "model_not_found", lambda: api.models.retrieve("gpt-none"))


# Errors.


@case
def keys(api, base):
    raises(openai.AuthenticationError, "invalid_api_key", lambda: client(base, "sk-bad1").models.list())
    headers = {"Authorization": openai.omit}
    error = raises(openai.AuthenticationError, None, lambda: api.models.list(extra_headers=headers))
    assert "API key" in error.message
    try:
        with client(base, "sk-bad1").responses.connect():
            raise AssertionError("a bad key must not connect")
    except AssertionError:
        raise
    except Exception as error:
        assert "401" in str(error), error


@case
def bad_requests(api, base):
    def create(**members):
        return lambda: api.responses.create(**{"model": MODEL, "input": "x", **members})
    raises(openai.BadRequestError, "previous_response_not_found", create(previous_response_id="resp_none"))
    raises(openai.BadRequestError, "unknown_parameter", create(extra_body={"surprise": 1}))
    raises(openai.BadRequestError, "missing_required_parameter", lambda: api.responses.create(input="x"))
    raises(openai.BadRequestError, "invalid_value", create(tools=[{"type": "teapot"}]))
    raises(openai.BadRequestError, "missing_required_parameter", create(tools=[{"type": "function", "parameters": {}}]))
    raises(openai.BadRequestError, "invalid_function_parameters", create(tools=[
        {"type": "function", "name": "f", "strict": True, "parameters": {"type": "object", "properties": {"a": {}}}}]))
    raises(openai.BadRequestError, "integer_below_min_value", create(max_output_tokens=1))
    raises(openai.BadRequestError, None, create(input=[
        {"type": "function_call_output", "call_id": "call_none", "output": ""}]))
    raises(openai.NotFoundError, None, lambda: api.get("/nothing", cast_to=object))
    try:
        api.get("/responses", cast_to=object)
        raise AssertionError("no 405")
    except openai.APIStatusError as error:
        assert error.status_code == 405


@case
def history_is_kept(api, base):
    first = api.responses.create(**BASE, store=False, input=[TASK])
    items = [plain(item) for item in first.output]

    def replay(change):
        copy = json.loads(json.dumps(items))
        change(copy)
        return lambda: api.responses.create(**BASE, store=False, input=[TASK] + copy + outputs(copy))
    replay(lambda items: None)()
    raises(openai.BadRequestError, "invalid_value", replay(lambda items: items[1].pop("phase")))
    raises(openai.BadRequestError, "invalid_value", replay(lambda items: items[1].update(phase="final_answer")))
    raises(openai.BadRequestError, "invalid_encrypted_content",
           replay(lambda items: items[0].update(encrypted_content="x")))
    raises(openai.BadRequestError, None, replay(lambda items: items.pop(1)))
    raises(openai.BadRequestError, None, lambda: api.responses.create(**BASE, store=False, input=[TASK] + items))
