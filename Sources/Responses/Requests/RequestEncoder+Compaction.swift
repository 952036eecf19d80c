import JSON

extension RequestEncoder {
    /// The body of a request to `POST /responses/compact` (Responses API, "Compaction"), which takes no tools.
    public func compaction(of items: some Sequence<Item>) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024 + items.reduce(0) { $0 + $1.byteCount + 1 })
        writer.object {
            $0.member("model", parameters.model)
            if sends("prompt_cache_key"), let key = parameters.cacheKey { $0.member("prompt_cache_key", key) }
            $0.member("input", array: { for item in items { $0.raw(sent(item)) } })
        }
        return writer.bytes
    }

    /// The body of a request to `POST /responses/input_tokens`: what a request for a response would have as its input.
    public func count(of items: some Sequence<Item>) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024 + items.reduce(0) { $0 + $1.byteCount + 1 })
        writer.object {
            $0.member("model", parameters.model)
            if !parameters.tools.isEmpty {
                $0.member("tools", array: { for tool in parameters.tools { tool.write(into: &$0) } })
            }
            $0.member(
                "input",
                array: {
                    if !parameters.historyTools.isEmpty { writeTools(into: &$0) }
                    for item in items { $0.raw(sent(item)) }
                })
        }
        return writer.bytes
    }
}
