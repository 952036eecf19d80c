"""Cases in which something goes wrong; each has a simulator and a scenario of its own."""

import openai

from client import MODEL, fault, raises, socket_turn
from strict import validate_event, validate_model

ONE = {"items": [{"type": "message", "content": "fine"}]}


@fault({"turns": [{**ONE, "error": {"status": 429, "code": "rate_limit_exceeded", "headers": {"retry-after": "0.01"}}, "times": 2}]})
def errors_are_retried(api, base):
    error = raises(openai.RateLimitError, "rate_limit_exceeded", lambda: api.responses.create(model=MODEL, input="x"))
    assert error.response.headers["retry-after"] == "0.01"
    assert api.with_options(max_retries=2).responses.create(model=MODEL, input="x").output_text == "fine"


@fault({"turns": [{**ONE, "terminal": "failed", "error": {"status": 500, "code": "server_error", "message": "boom"}}]})
def failed_response(api, base):
    failed = api.responses.create(model=MODEL, input="x")
    validate_model(failed)
    assert failed.status == "failed" and failed.error.code == "server_error" and failed.error.message == "boom"
    assert api.responses.create(model=MODEL, input="x").output_text == "fine"


@fault({"turns": [{**ONE, "terminal": "incomplete", "incomplete_reason": "content_filter"}]})
def incomplete_response(api, base):
    with api.responses.connect() as connection:
        event = socket_turn(connection, model=MODEL, input="x")
        assert type(event).__name__ == "ResponseWsIncomplete", type(event)
        assert event.response.incomplete_details.reason == "content_filter"
        assert event.response.output[0].status == "incomplete"


@fault({"handshake": {"status": 426, "times": 1}, "turns": [ONE]})
def refused_upgrade(api, base):
    try:
        with api.responses.connect():
            raise AssertionError("no 426")
    except AssertionError:
        raise
    except Exception as error:
        assert "426" in str(error), error
    with api.responses.connect() as connection:
        assert socket_turn(connection, model=MODEL, input="x").response.output_text == "fine"


@fault({"turns": [{**ONE, "drop_after_events": 4}, {**ONE, "close": 1011}]})
def cut_connections(api, base):
    try:
        list(api.responses.create(model=MODEL, input="x", stream=True))
        raise AssertionError("the stream was whole")
    except openai.APIError as error:
        assert isinstance(error, openai.APIConnectionError), type(error)
    except Exception as error:
        assert "incomplete" in str(error) or "closed" in str(error), error
    first = api.responses.create(model=MODEL, input="x")
    with api.responses.connect() as connection:
        connection.response.create(model=MODEL, input="x", previous_response_id=first.id)
        try:
            connection.recv()
            raise AssertionError("no close")
        except AssertionError:
            raise
        except Exception as error:
            assert "1011" in str(error), error


@fault({"turns": [{**ONE, "delay_ms": 60_000}]})
def background_is_cancelled(api, base):
    queued = api.responses.create(model=MODEL, input="x", background=True)
    assert api.responses.retrieve(queued.id).status == "in_progress"
    for _ in range(2):
        cancelled = api.responses.cancel(queued.id)
        validate_model(cancelled)
        assert cancelled.status == "cancelled"
    assert api.responses.retrieve(queued.id).status == "cancelled"


@fault({"connection_lifetime_ms": 50, "turns": [ONE]})
def connection_lifetime(api, base):
    with api.responses.connect() as connection:
        event = validate_event(connection.recv_bytes(), websocket=True)
        assert event.error.code == "websocket_connection_limit_reached"


@fault({"turns": [{"expect": {"contains": ["magic"], "excludes": ["secret"]}, **ONE}]})
def expectations(api, base):
    error = raises(openai.BadRequestError, "scenario_expectation_failed",
                   lambda: api.responses.create(model=MODEL, input="x"))
    assert 'expected the request to contain "magic"' in error.message
    assert api.responses.create(model=MODEL, input="ma\u0067ic").output_text == "fine"


@fault({"turns": [ONE]})
def large_messages(api, base):
    text = "ä" * (1 << 20)
    with api.responses.connect(websocket_connection_options={"max_size": None}) as connection:
        assert socket_turn(connection, model=MODEL, input=text).response.output_text == "fine"
    assert api.responses.create(model=MODEL, input=text).output_text == "fine"


@fault({"turns": [{"items": [{"type": "message", "content": "ü" * (4 << 20)}]}]})
def large_answers(api, base):
    with api.responses.connect() as connection:
        assert len(socket_turn(connection, model=MODEL, input="x").response.output_text) == 4 << 20
    stream = api.responses.create(model=MODEL, input="x", stream=True)
    assert len([event for event in stream][-1].response.output_text) == 4 << 20
