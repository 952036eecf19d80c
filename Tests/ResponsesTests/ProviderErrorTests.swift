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

    @Test(
        arguments: [
            // OpenAI, Azure
            (400, "Your input exceeds the context window of this model. Please adjust your input and try again."),
            (nil, "Your input exceeds the context window of this model."),
            (
                400,
                "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."
            ),
            // llama.cpp and its kin
            (400, "the request exceeds the available context size, try increasing it"),
            (400, "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it"),
            (
                500,
                "the request exceeds the available context size. try increasing the context size or enable context shift"
            ),
            (500, "Requested tokens (2285) exceed context window of 2048"),
            // vLLM, SGLang, TGI, TensorRT-LLM
            (400, "The engine prompt length 40000 exceeds the max_model_len 32768. Please reduce prompt."),
            (400, "The decoder prompt (length 5000) is longer than the maximum model length of 4096."),
            (
                400,
                "This model's maximum context length is 262144 tokens. However, you requested 0 output tokens and your "
                    + "prompt contains at least 262145 input tokens."
            ),
            (400, "The input (263000 tokens) is longer than the model's context length (262144 tokens)."),
            (400, "Requested token count exceeds the model's maximum context length of 262144 tokens."),
            (422, "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 and 200"),
            (422, "Input validation error: `inputs` must have less than 4095 tokens. Given: 5000"),
            (400, "Prompt length (5000) exceeds maximum input length (4096)."),
            // Ollama, LM Studio
            (400, "prompt too long; exceeded max context length by 42 tokens"),
            (500, "prompt too long; exceeded max context length by 42 tokens"),
            (
                400,
                "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with "
                    + "context length of only 4096 tokens, which is not enough."
            ),
            (400, "The number of tokens to keep from the initial prompt is greater than the context length."),
            // Other providers, and what stands before them
            (400, "prompt is too long: 213462 tokens > 200000 maximum"),
            (400, "input length and `max_tokens` exceed context limit: 170636 + 34048 > 200000"),
            (400, "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575)."),
            (400, "Input is too long for requested model."),
            (400, "This model's maximum prompt length is 131072 but the request contains 537812 tokens."),
            (400, "Please reduce the length of the messages or completion."),
            (400, "Input length 131393 exceeds the maximum allowed input length of 131040 tokens."),
            (
                400,
                "Prompt contains 65673 tokens and 0 draft tokens, too large for model with 32768 maximum context length"
            ),
            (400, "invalid params, context window exceeds limit"),
            (400, "Your request exceeded model token limit: 262144 (requested: 291351)"),
            (400, "prompt token count of 130000 exceeds the limit of 128000"),
            (400, "Range of input length should be [1, 30720]"), (400, "Prompt exceeds max length"),
            (400, "Prompt too long: 5152 tokens exceeds max_seq_len 2048 (leave room for output tokens)"),
            (400, "litellm.ContextWindowExceededError: too many tokens"), (413, "Request Entity Too Large"),
            (413, "Request too large for model on tokens per minute (TPM): Limit 6000, Requested 7000"),
        ] as [(Int?, String)])
    func `a conversation that is too long is known by the words of each server`(_ status: Int?, _ words: String) {
        #expect(ProviderError(status: status, message: words).remedy == .contextOverflow)
    }

    @Test(
        arguments: [
            (nil, "context_length_exceeded", nil), (400, nil, "exceed_context_size_error"),
            (500, nil, "exceed_context_size_error"), (400, "context_window_exceeded", nil),
            (400, "ContextWindowExceededError", nil),
        ] as [(Int?, String?, String?)])
    func `or by its code or type`(_ status: Int?, _ code: String?, _ type: String?) {
        var error = ProviderError(status: status, code: code, message: "m")
        error.type = type
        #expect(error.remedy == .contextOverflow)
    }

    @Test func `the body of llama.cpp is read whole`() {
        let body =
            #"{"error":{"code":400,"message":"request (9000 tokens) exceeds the available context size (8192 tokens), try "#
            + #"increasing it","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":8192}}"#
        #expect(ProviderError(status: 400, body: Array(body.utf8)).remedy == .contextOverflow)
    }

    @Test(
        arguments: [
            (429, nil, "Too many tokens, please wait before trying again.", .retry),
            (429, "rate_limit_exceeded", "Request too large: the context length counts against the limit", .retry),
            (nil, "rate_limit_exceeded", "Rate limit reached on input tokens; maximum context length is 9", .retry),
            (400, nil, "Invalid value: 'max_output_tokens' must be at least 16", .none),
            (400, nil, "The number of tokens must be an integer", .none),
            (500, nil, "could not read the context window of the model", .retry),
            (503, nil, "overloaded: too many requests, reduce the load", .retry),
            (nil, "server_error", "the context size is being changed", .retry),
        ] as [(Int?, String?, String, ProviderError.Remedy)])
    func `what only sounds like it is something else`(
        _ status: Int?, _ code: String?, _ words: String, _ remedy: ProviderError.Remedy
    ) {
        #expect(ProviderError(status: status, code: code, message: words).remedy == remedy)
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
