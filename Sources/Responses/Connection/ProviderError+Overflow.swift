extension ProviderError {
    /// Whether a server says that the conversation is too long for the model.
    ///
    /// OpenAI has a code for it (Responses API, "Context overflow"); the others say it in a code or a type of their own, or
    /// in words alone, and some as a fault of theirs (5xx). What is about a rate is none: that passes by itself.
    var isContextOverflow: Bool {
        if code == "context_length_exceeded" { return true }
        switch status {
        // Whatever limits the size of a request, a shorter one passes.
        case 413: return true
        case 429: return false
        default: break
        }
        let names = [code, type].compactMap { $0?.lowercased() }
        if names.contains(where: { $0.hasPrefix("rate_limit") }) { return false }
        if names.contains(where: { $0.contains("context") && $0.contains("exceed") }) { return true }
        let words = message.lowercased()
        let isAbout = Self.lengths.contains { words.contains($0) }
        let isTooMuch = Self.excesses.contains { words.contains($0) }
        switch status {
        case 400, 422: return isAbout || (isTooMuch && Self.vagueLengths.contains { words.contains($0) })
        case nil: return isAbout && isTooMuch
        case let status?: return status >= 500 && isAbout && isTooMuch
        }
    }

    /// What servers call the length of a conversation, or the most of it.
    private static let lengths = [
        "context length", "context window", "context size", "context limit", "contextwindow", "exceed_context_size",
        "max_model_len", "max_seq_len", "maximum model length", "maximum prompt length", "maximum input length",
        "maximum allowed input length", "prompt too long", "prompt is too long", "input is too long",
        "reduce the length of the", "range of input length",
    ]

    /// Words that are about a conversation only where too much is meant.
    private static let vagueLengths = [
        "prompt length", "prompt exceeds", "prompt token", "input length", "input token", "input tokens", "token limit",
        "token count", "number of tokens", "`inputs`",
    ]

    private static let excesses = [
        "exceed", "too long", "too large", "too many", "longer than", "greater than", "maximum", "must be <=",
        "must have less", "reduce", "overflow", "only",
    ]
}
