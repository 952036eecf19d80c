import Responses
import Testing

/// Errors in the shapes that servers, and what stands before them, have for them.
@Suite struct ProviderErrorTests {
    @Test(arguments: [
        (#"{"error":{"message":"Bad.","type":"t","param":"p","code":"c"}}"#, "Bad."),
        (#"{"error":{"message":null,"code":"c"}}"#, #"{"error":{"message":null,"code":"c"}}"#),
        (#"{"error":"text"}"#, "text"), (#"{"message":"m"}"#, "m"), (#"{"detail":"d"}"#, "d"),
        (
            #"{"detail":[{"loc":["body","tools"],"msg":"field required","type":"missing"},{"msg":"other"}]}"#,
            "field required"
        ),
        (#"{"detail":{"error":{"message":"inner"}}}"#, "inner"), (#"{"error":{"error":{"message":"twice"}}}"#, "twice"),
        (#"{"errors":[{"message":"first"},{"message":"second"}]}"#, "first"), (#"{"errors":["a","b"]}"#, "a; b"),
        (#"[{"error":{"code":400,"message":"listed","status":"X"}}]"#, "listed"), (#"["just text"]"#, "just text"),
        (#""quoted""#, "quoted"), ("plain\n  text", "plain text"), ("", "HTTP status 400 without a message"),
        ("{}", "HTTP status 400 without a message"), ("[]", "HTTP status 400 without a message"),
        ("  \r\n", "HTTP status 400 without a message"), (#"{"error":{"message":"cut"#, #"{"error":{"message":"cut"#),
        ("<html><head><title>Gateway\n Error</title></head>x</html>", "Gateway Error"),
        ("<!doctype html><style>b{}</style><p>Blocked <b>here</b></p>", "Blocked here"),
        ("\u{FEFF}{\"error\":{\"message\":\"marked\"}}", "marked"),
        (#"{"error_description":"oauth","error":"invalid_grant"}"#, "invalid_grant"),
    ])
    func `a body says what is wrong, whatever its shape`(_ body: String, _ message: String) {
        #expect(ProviderError(status: 400, body: Array(body.utf8)).message == message)
    }

    @Test func `bytes in another encoding, control characters and long pages are made readable`() {
        #expect(ProviderError(status: 500, body: [0x4E, 0xF6, 0x1B, 0x21, 0xFF]).message == "N\u{FFFD} !\u{FFFD}")
        let long = ProviderError(status: 500, body: Array(String(repeating: "word ", count: 90_000).utf8)).message
        #expect(long.count == 500)
    }

    @Test func `a redirection is told with its place`() {
        let error = ProviderError(status: 307, body: []) { $0 == "location" ? "https://b.example/v1" : nil }
        #expect(error.message.contains("https://b.example/v1") && error.message.contains("OPENAI_BASE_URL"))
        #expect(error.remedy == .none)
    }

    @Test func `headers inside of the error count as those of the answer`() {
        let body = #"{"error":{"message":"slow","code":"rate_limit_exceeded","headers":{"Retry-After":"2"}}}"#
        #expect(ProviderError(status: 429, body: Array(body.utf8)).retryAfter == .seconds(2))
        #expect(
            ProviderError(status: 429, body: Array(body.utf8)) { $0 == "retry-after" ? "3" : nil }.retryAfter
                == .seconds(3))
    }

    @Test(
        arguments: [
            (429, "insufficient_quota", nil), (429, nil, "insufficient_quota"),
            (400, "billing_hard_limit_reached", nil),
            (403, "billing_not_active", nil), (429, "organization_spend_limit_exceeded", nil), (402, nil, nil),
            (nil, "usage_not_included", nil), (429, "credit_balance_exhausted", nil),
        ] as [(Int?, String?, String?)])
    func `money is never tried again`(_ status: Int?, _ code: String?, _ type: String?) {
        var error = ProviderError(status: status, code: code, message: "m")
        error.type = type
        #expect(error.remedy == .billing)
    }

    @Test(
        arguments: [
            (400, "content_policy_violation"), (nil, "cyber_policy"), (403, "misalignment_policy_violation"),
            (400, "content_filter"), (429, "bio_policy"), (nil, "image_content_policy_violation"),
        ] as [(Int?, String)])
    func `nor is what a policy forbids`(_ status: Int?, _ code: String) {
        #expect(ProviderError(status: status, code: code, message: "m").remedy == .policy)
    }

    @Test func `a server that wants another try gets it, where no other remedy is known`() {
        var error = ProviderError(status: 400, code: "hiccup", message: "m")
        #expect(error.remedy == .none)
        error.shouldRetry = true
        #expect(error.remedy == .retry)
        error.code = "insufficient_quota"
        #expect(error.remedy == .billing)
    }
}
