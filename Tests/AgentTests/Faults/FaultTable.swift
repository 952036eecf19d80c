/// The faults that a client must survive, or name.
enum FaultTable {
    static let rows = connections + frames + events + endings + errors + refusals + forms + streams

    private static func error(_ status: Int, _ code: String, _ more: String = "") -> String {
        #""error":{"status":\#(status),"code":"\#(code)","message":"Said so."\#(more)}"#
    }

    /// The connection, and how it is made.
    private static let connections: [FaultRow] = [
        FaultRow(
            "a connection that is closed as soon as it is made", "", scenario: #""refuse_connections":2"#, at: [0]),
        FaultRow("a handshake refused once with 503", "", scenario: #""handshake":{"status":503,"times":1}"#, at: [0]),
        FaultRow("a handshake always refused with 502", "", scenario: #""handshake":{"status":502}"#, at: [0]),
        FaultRow("a handshake refused with 426", "", scenario: #""handshake":{"status":426}"#, at: [0]),
        FaultRow("a handshake refused with 404", "", scenario: #""handshake":{"status":404}"#, at: [0]),
        FaultRow(
            "a handshake refused with 403 by something on the way", "", scenario: #""handshake":{"status":403}"#,
            at: [0]),
        FaultRow(
            "a handshake refused with 429 and a hint", "",
            scenario: #""handshake":{"status":429,"times":1,"headers":{"retry-after-ms":"5"}}"#, at: [0]),
        FaultRow(
            "a handshake refused with 429 and no hint", "", scenario: #""handshake":{"status":429,"times":1}"#, at: [0]),
        FaultRow(
            "the connection limit at the handshake", "",
            scenario: #""handshake":{"status":400,"code":"websocket_connection_limit_reached","times":1}"#, at: [0]),
        FaultRow("a handshake that is redirected", "", scenario: #""handshake":{"status":307}"#, at: [0]),
        FaultRow(
            "a handshake with a wrong accept key", "",
            scenario:
                #""handshake":{"bytes":"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n","times":1}"#,
            at: [0]),
        FaultRow(
            "a handshake with a subprotocol that was not asked for", "",
            scenario:
                #""handshake":{"bytes":"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: chat\r\nSec-WebSocket-Accept: AAAA\r\n\r\n","times":1}"#,
            at: [0]),
        FaultRow(
            "a handshake answered with what is not HTTP", "",
            scenario: #""handshake":{"bytes":"SSH-2.0-OpenSSH_9.2\r\n","times":1}"#, at: [0], needsDeadline: true),
        FaultRow(
            "a handshake that is never answered", "", scenario: #""handshake":{"stall":true,"times":1}"#, at: [0],
            needsDeadline: true),
        FaultRow("the end of a connection's lifetime", #""delay_ms":30"#, scenario: #""connection_lifetime_ms":25"#),
        FaultRow(
            "a close while nothing is asked", #""wire":[{"at":"last","after":[]}]"#,
            scenario: #""connection_lifetime_ms":40"#),
    ]

    /// Frames of a WebSocket.
    private static let frames: [FaultRow] =
        [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 4000, 4999].map {
            .wire("a close with \($0) in the middle", #"{"at":3,"close":\#($0)}"#, over: [.socket])
        } + [
            .wire("a close with 1011 before anything", #"{"at":0,"close":1011}"#, over: [.socket]),
            .wire(
                "a close with 1001 that keeps coming", #"{"at":1,"close":1001}"#, more: #","times":3"#, over: [.socket]),
            .wire("a frame that is cut at its first byte", #"{"at":4,"part":1}"#),
            .wire("a frame that is cut in its length", #"{"at":4,"part":3}"#),
            .wire("a frame that is cut in its text", #"{"at":2,"part":40}"#),
            .wire("a last event that is cut", #"{"at":"last","part":200}"#),
            .wire(
                "a frame that is said to be of 8 exabytes", #"{"at":3,"bytes":"hex:817f7fffffffffffffff7b22"}"#,
                over: [.socket], needsDeadline: true),
            .wire(
                "a frame larger than the limit", #"{"at":3,"bytes":"hex:817f00000000400000007b22"}"#, over: [.socket],
                needsDeadline: true),
            .wire(
                "a frame of a negative length", #"{"at":3,"bytes":"hex:817fffffffffffffffff7b22"}"#, over: [.socket],
                needsDeadline: true),
            .wire("a text that is not UTF-8", #"{"at":3,"bytes":"hex:8104fffe7b7d"}"#, over: [.socket]),
            .wire("a frame with reserved bits", #"{"at":3,"bytes":"hex:f1027b7d"}"#, over: [.socket]),
            .wire("a frame of an unknown kind", #"{"at":3,"bytes":"hex:83027b7d"}"#, over: [.socket]),
            .wire(
                "a masked frame of a server", #"{"at":3,"bytes":"hex:818200000000 7b7d"}"#, over: [.socket],
                needsDeadline: true),
            .wire("a binary frame", #"{"at":3,"bytes":"hex:82027b7d"}"#, over: [.socket]),
            .wire("a continuation of nothing", #"{"at":3,"bytes":"hex:80027b7d"}"#, over: [.socket]),
            .wire("an empty text", #"{"at":3,"bytes":"hex:8100"}"#, over: [.socket]),
            .wire(
                "a ping in the middle", #"{"at":3,"before":[]},{"at":3,"bytes":"hex:8900"}"#, over: [.socket],
                confusesIDs: false),
            .wire("a slow drip of the first events", #"{"at":1,"drip_ms":0}"#, at: [1]),
            .wire("a stall before anything", #"{"at":0,"stall":true}"#, needsDeadline: true),
            .wire("a stall in the middle", #"{"at":4,"stall":true}"#, needsDeadline: true),
            .wire("a stall before the last event", #"{"at":"last","stall":true}"#, needsDeadline: true),
            .wire("a peer that is gone without a word", #"{"at":2,"deaf":true}"#, needsDeadline: true),
        ]

    /// What events say, and in which order.
    private static let events: [FaultRow] = [
        FaultRow("text that is not JSON", #""raw_text":"{not json""#),
        FaultRow("JSON that is no object", #""raw_text":"[1,2]""#),
        FaultRow("JSON that ends too early", #""raw_text":"{\"type\":\"response.created\",\"response\":{\"id\"""#),
        .wire("JSON without a type", #"{"at":2,"before":[{"sequence_number":7,"a":{"b":[]}}]}"#),
        .wire("an unknown event", #"{"at":2,"before":[{"type":"response.thought.delta","delta":"x"}]}"#),
        .wire(
            "signs of life of the application",
            #"{"at":2,"before":[{"type":"keepalive"},{"type":"response.ping"},{"type":"codex.rate_limits"}]}"#),
        .wire("every event twice", #"{"at":"every","copies":2}"#),
        .wire("the first event twice", #"{"at":0,"copies":2}"#),
        .wire("items out of order", #"{"at":5,"swap":true}"#),
        .wire("the last item behind the end", #"{"at":8,"swap":true}"#),
        .wire("no announcement of the response", #"{"at":0,"omit":true}"#),
        .wire(
            "items that begin and do not end",
            #"{"at":"every","edit":{"\"type\":\"response.output_item.done\"":"\"type\":\"response.lost\"","\"output\":[":"\"outputs\":["}}"#
        ),
        .wire(
            "items that are only in the last event",
            #"{"at":"every","edit":{"response.output_item.done":"response.lost","response.output_item.added":"response.lost"}}"#
        ),
        .wire("a last event that repeats no items", #"{"at":"last","edit":{"\"output\":[":"\"outputs\":["}}"#),
        .wire("a last event under another id", #"{"at":"last","edit":{"{{response_id}}":"resp_other"}}"#),
        .wire(
            "a response whose id changes on the way",
            #"{"at":1,"before":[{"type":"response.created","response":{"id":"resp_other"}}]}"#),
        .wire("a response without an id", #"{"at":"every","edit":{"{{response_id}}":""}}"#, confusesIDs: true),
        .wire(
            "the id of the response before", #"{"at":"every","edit":{"{{response_id}}":"{{previous_id}}"}}"#,
            at: [1, 2], over: [.socket], needsDeadline: true, confusesIDs: true),
        .wire(
            "an item of the response before, ahead of the next",
            #"{"at":0,"before":[{"type":"response.output_item.done","output_index":9,"item":{"type":"function_call","id":"fc_x","call_id":"call_x","name":"act","arguments":"{}"}}]}"#,
            at: [1, 3], over: [.socket]),
        .wire(
            "the end of the response before, ahead of the next",
            #"{"at":0,"before":[{"type":"response.completed","response":{"id":"{{previous_id}}","status":"completed","output":[]}}]}"#,
            at: [1, 3], over: [.socket]),
        .wire(
            "the whole response before, once more",
            #"{"at":0,"before":[{"type":"response.created","response":{"id":"{{previous_id}}"}},{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_x","call_id":"call_x","name":"act","arguments":"{}"}},{"type":"response.completed","response":{"id":"{{previous_id}}","status":"completed"}}]}"#,
            at: [1, 3], over: [.socket]),
        .wire(
            "a call that comes twice under two numbers",
            #"{"at":2,"before":[{"type":"response.output_item.done","output_index":7,"item":{"id":"fc_2","type":"function_call","call_id":"call_b","name":"act","arguments":"{}","status":"completed"}}]}"#,
            at: [1]),
        .wire(
            "two calls with one id",
            #"{"at":2,"before":[{"type":"response.output_item.done","output_index":7,"item":{"id":"fc_y","type":"function_call","call_id":"call_b","name":"act","arguments":"{\"other\":1}","status":"completed"}}]}"#,
            at: [1]),
    ]

    /// How a response ends, or does not.
    private static let endings: [FaultRow] = [
        .wire("no last event, and the connection is cut", #"{"at":"last","cut":true}"#),
        .wire("no last event, and nothing else", #"{"at":"last","omit":true}"#, needsDeadline: true),
        .wire("two last events", #"{"at":"last","copies":2}"#),
        .wire(
            "events after the end",
            #"{"at":"last","after":[{"type":"response.output_text.delta","output_index":0,"delta":"late"},{"type":"response.output_item.done","output_index":8,"item":{"type":"function_call","id":"fc_z","call_id":"call_z","name":"act","arguments":"{}"}},{"type":"keepalive"}]}"#,
            at: [0, 1]),
        .wire(
            "a close after the end", #"{"at":"last","after":[{"type":"x"}]}"#, more: #","close":1001"#, at: [0, 1],
            over: [.socket]),
        .wire(
            "the connection limit after the end",
            #"{"at":"last","after":[{"type":"error","status":400,"error":{"code":"websocket_connection_limit_reached","message":"60 minutes"}}]}"#,
            at: [0, 1], over: [.socket]),
        FaultRow("a response that failed", #""terminal":"failed""#),
        FaultRow(
            "a response that failed as overloaded", #""terminal":"failed",\#(error(503, "server_is_overloaded"))"#),
        FaultRow(
            "a response that failed for its prompt", #""terminal":"failed",\#(error(400, "invalid_prompt"))"#,
            .failure("permanent", "Said so")),
        FaultRow(
            "a response that failed for a policy", #""terminal":"failed",\#(error(400, "cyber_policy"))"#,
            .failure("policy", "Said so")),
        FaultRow(
            "a response that failed for the quota", #""terminal":"failed",\#(error(429, "insufficient_quota"))"#,
            .failure("billing", "Said so")),
        .wire(
            "a status that contradicts the event",
            #"{"at":"last","edit":{"\"status\":\"completed\",\"background\"":"\"status\":\"failed\",\"background\""}}"#),
    ]

    /// Errors in place of a response, or in the middle of one.
    private static let errors: [FaultRow] = [
        FaultRow("a parent that is not found", error(400, "previous_response_not_found")),
        FaultRow(
            "a parent that is never found", error(400, "previous_response_not_found") + #","times":9"#,
            .failure("permanent", "Said so")),
        FaultRow("the connection limit", error(400, "websocket_connection_limit_reached")),
        .wire(
            "the connection limit in the middle",
            #"{"at":4,"instead":[{"type":"error","status":400,"error":{"code":"websocket_connection_limit_reached","message":"60 minutes"}}]},{"at":5,"cut":true}"#
        ),
        .wire(
            "a nested error in the middle",
            #"{"at":4,"instead":[{"type":"error","status":500,"error":{"type":"server_error","code":"server_error","message":"Oops"}}]}"#
        ),
        .wire(
            "a flat error in the middle",
            #"{"at":4,"instead":[{"type":"error","code":"server_error","message":"Oops","param":null,"sequence_number":4}]}"#
        ),
        .wire("an error that is a text", #"{"at":4,"instead":[{"type":"error","error":"Oops"}]}"#),
        .wire(
            "an error named response.error",
            #"{"at":4,"instead":[{"type":"response.error","error":{"message":"Oops"}}]}"#),
        .wire(
            "an error with headers that ask to wait",
            #"{"at":2,"instead":[{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"slow","headers":{"retry-after-ms":"3"}}}]}"#
        ),
        .wire(
            "an error with outer headers",
            #"{"at":2,"instead":[{"type":"error","status_code":429,"error":{"code":"rate_limit_exceeded","message":"slow"},"headers":{"Retry-After-Ms":3}}]}"#
        ),
        .wire(
            "a quota error in the middle",
            #"{"at":4,"instead":[{"type":"error","error":{"type":"insufficient_quota","message":"No money"}}]}"#,
            .failure("billing", "No money")),
        FaultRow("401", error(401, "invalid_api_key"), .failure("credentials", "Said so")),
        FaultRow("403", error(403, "forbidden"), .failure("credentials", "Said so")),
        FaultRow("404", error(404, "model_not_found"), .failure("permanent", "Said so")),
        FaultRow("408", #""http_status":408"#),
        FaultRow("409", #""http_status":409"#),
        FaultRow("413", #""http_status":413"#, .failure("contextOverflow", "too large")),
        FaultRow("422", error(422, "unprocessable"), .failure("permanent", "Said so")),
        FaultRow(
            "429 with a hint in milliseconds", error(429, "rate_limit_exceeded", #","headers":{"retry-after-ms":"4"}"#)),
        FaultRow(
            "429 with a hint in seconds", error(429, "rate_limit_exceeded", #","headers":{"retry-after":"0.004"}"#)),
        FaultRow(
            "429 with the time of its reset",
            error(
                429, "rate_limit_exceeded",
                #","headers":{"x-ratelimit-remaining-tokens":"0","x-ratelimit-reset-tokens":"4ms"}"#)),
        FaultRow("429 without a hint", error(429, "slow_there")),
        FaultRow(
            "429 that asks for a day", error(429, "rate_limit_exceeded", #","headers":{"retry-after":"86400"}"#),
            .failure("temporary", "Said so")),
        FaultRow(
            "429 that forbids another try",
            error(429, "rate_limit_exceeded", #","headers":{"x-should-retry":"false"}"#),
            .failure("temporary", "Said so")),
        FaultRow("400 that asks for another try", error(400, "hiccup", #","headers":{"x-should-retry":"true"}"#)),
        FaultRow("429 for the quota", error(429, "insufficient_quota"), .failure("billing", "Said so")),
        FaultRow("429 for the billing limit", error(429, "billing_hard_limit_reached"), .failure("billing", "Said so")),
        FaultRow("402", error(402, "payment_required"), .failure("billing", "Said so")),
        FaultRow("400 for the content policy", error(400, "content_policy_violation"), .failure("policy", "Said so")),
        FaultRow("403 for a policy", error(403, "misalignment_policy_violation"), .failure("policy", "Said so")),
        FaultRow("400 for the context", error(400, "context_length_exceeded"), .failure("contextOverflow", "Said so")),
        FaultRow("500", #""http_status":500"#),
        FaultRow("502", #""http_status":502"#),
        FaultRow("503", #""http_status":503"#),
        FaultRow("503 that asks to slow down", error(503, "slow_down")),
        FaultRow("504", #""http_status":504"#),
        FaultRow("500 for ever", #""http_status":500,"times":100"#, at: [0], .failure("temporary", "had an error")),
        FaultRow("an error and a close", error(500, "server_error") + #","close":1011"#, over: [.socket]),
    ]

    /// Answers over HTTP that are not those of the API.
    private static let refusals: [FaultRow] =
        [
            (
                "502 with a page",
                #"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>"#,
                FaultRow.Outcome.answer
            ),
            ("503 with nothing", #"HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n"#, .answer),
            ("500 with JSON that is cut off", #"HTTP/1.1 500 Oops\r\n\r\n{\"error\":{\"message\":\"The ser"#, .answer),
            (
                "400 with a page",
                #"HTTP/1.1 400 Bad Request\r\n\r\n<!DOCTYPE html><style>p{}</style><p>Blocked by the <b>firewall</b></p>"#,
                .failure("permanent", "Blocked by the firewall")
            ),
            (
                "400 of FastAPI", #"HTTP/1.1 400 Bad\r\n\r\n{\"detail\":\"No such model\"}"#,
                .failure("permanent", "No such model")
            ),
            (
                "422 of FastAPI",
                #"HTTP/1.1 422 Bad\r\n\r\n{\"detail\":[{\"loc\":[\"body\",\"tools\"],\"msg\":\"field required\",\"type\":\"missing\"}]}"#,
                .failure("permanent", "field required")
            ),
            (
                "400 with a text for an error", #"HTTP/1.1 400 Bad\r\n\r\n{\"error\":\"unknown model\"}"#,
                .failure("permanent", "unknown model")
            ),
            (
                "400 with a list of errors",
                #"HTTP/1.1 400 Bad\r\n\r\n[{\"error\":{\"code\":400,\"message\":\"Wrong field\",\"status\":\"INVALID\"}}]"#,
                .failure("permanent", "Wrong field")
            ),
            ("400 with plain text", #"HTTP/1.1 400 Bad\r\n\r\nno, thank you"#, .failure("permanent", "no, thank you")),
            (
                "400 with a number for a code",
                #"HTTP/1.1 400 Bad\r\n\r\n{\"error\":{\"code\":400,\"message\":\"exceeds the max_model_len\"}}"#,
                .failure("contextOverflow", "max_model_len")
            ),
            (
                "a redirection",
                #"HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/v1/responses\r\nContent-Length: 0\r\n\r\n"#,
                .failure("permanent", "elsewhere.example")
            ),
            ("an answer that is not HTTP", #"SSH-2.0-OpenSSH_9.2\r\n"#, .answer),
            ("a head that is cut off", #"HTTP/1.1 200 OK\r\nContent-Ty"#, .answer),
            (
                "a body that is shorter than was said",
                #"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 900\r\n\r\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}\n\n"#,
                .answer
            ),
            (
                "a stream with nothing in it",
                #"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n"#, .answer
            ),
            (
                "a chunk whose length is none", #"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"#,
                .answer
            ),
            (
                "200 with a page",
                #"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>Log in</title></html>"#, .answer
            ),
        ].map { name, answer, outcome in
            FaultRow(name, #""http_answer":"\#(answer)""#, over: [.http], outcome)
        } + [
            FaultRow(
                "400 with bytes that are not UTF-8",
                #""http_answer":"hex:485454502f312e312034303020420d0a0d0afffe4e6f"# + #"""#, over: [.http],
                .failure("permanent", "No"))
        ]

    /// Answers in another form than was asked for, which say all that is needed.
    private static let forms: [FaultRow] = [
        FaultRow(
            "a stream that is compressed all the same", #""http_answer":"hex:\#(compressed)""#, at: [3], over: [.http],
            confusesIDs: true),
        FaultRow(
            "an answer that is not streamed",
            #""http_answer":"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n \#(plain.replacing("\"", with: "\\\""))""#,
            at: [3], over: [.http], confusesIDs: true),
        FaultRow(
            "an error with the status of success",
            #""http_answer":"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"error\":{\"message\":\"No such model\",\"code\":404}}""#,
            over: [.http], .failure("permanent", "No such model")),
    ]

    private static let plain =
        #"{"id":"resp_1","object":"response","status":"completed","output":[\#(FaultWorld.items[3][0])]}"#

    /// The bytes of an answer over HTTP, with an event that gzip has compressed.
    private static let compressed = """
        485454502f312e3120323030204f4b0d0a436f6e74656e742d547970653a20746578742f6576656e742d73747265616d \
        0d0a436f6e74656e742d456e636f64696e673a20677a69700d0a436f6e74656e742d4c656e6774683a203137370d0a0d \
        0a1f8b0800000000000203758fbb0ac3300c45f77c45d05c3274f4d6ef282588584d0d8e6c22853e42febd72634a97e2 \
        417074750ff6a8e8da15f499091ccc2439b15037a4294752f270f842702b045f53fdf8b29528ea22867ef369d1bc28b8 \
        738d4f32f647e3d53191088e548a532c00458215b1fe2bcc372c76b806c6d823cb9d66c3436225de45b57b57f74a8f52 \
        f6190e4e31b6415a9f983aa3c89ccc12ec4b767ad9cadb9ae60d12abc73b0a010000
        """

    /// Forms of server-sent events that are allowed.
    private static let streams: [FaultRow] = [
        ["crlf"], ["cr"], ["comments"], ["bom"], ["split"], ["done"], ["crlf", "comments", "bom", "split", "done"],
    ].map { forms in
        FaultRow(
            "a stream with \(forms.joined(separator: ", "))",
            #""sse":[\#(forms.map { #""\#($0)""# }.joined(separator: ","))]"#, over: [.http])
    }
}
