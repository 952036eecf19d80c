import JSON
import Responses

/// What the model would see: the items of a chain, with a running hash at the end of each.
struct RenderedContext: Sendable {
    private(set) var items: [JSON] = []
    /// The hash and size behind each item, for finding the longest prefix seen before.
    private(set) var boundaries: [RollingHash] = []

    mutating func append(_ item: JSON) {
        var hash = boundaries.last ?? RollingHash()
        hash.add(item: item)
        items.append(item)
        boundaries.append(hash)
    }

    /// The context after a compaction: user messages ahead of the last compaction item, it, and what follows.
    var pruned: RenderedContext {
        guard let last = items.lastIndex(where: { $0["type"]?.string == "compaction" }) else { return self }
        var pruned = RenderedContext()
        for (index, item) in items.enumerated() {
            let isKept = index >= last || ["user", "developer", "system"].contains(item["role"]?.string)
            if isKept { pruned.append(item) }
        }
        return pruned
    }
}

/// The prompt cache: which prefixes of rendered contexts were seen under which key.
struct PromptCache: Sendable {
    private var seen: [String: Set<UInt64>] = [:]

    /// Looks a request's prefix up, and keeps all of its prefixes for later ones.
    ///
    /// Everything that the API renders ahead of the items is part of the prefix: model, tools, instructions, the
    /// format and verbosity of text, and the effort.
    mutating func look(_ request: JSON, _ context: RenderedContext) -> Usage {
        var head = RollingHash()
        for part in [
            request["model"], request["tools"], request["parallel_tool_calls"], request["text"],
            request["reasoning"]?["effort"], request["instructions"],
        ] {
            head.add(part?.raw ?? [])
        }
        let key = request["prompt_cache_key"]?.string ?? ""
        var known = seen[key] ?? []
        // The newest prefix is the one to find: the boundaries are walked from the end.
        let whole = context.boundaries.last?.count ?? 0
        var usage = Usage(input: Usage.tokens(bytes: head.count + whole))
        let hashes = context.boundaries.map { $0.value ^ head.value }
        if let hit = hashes.lastIndex(where: { known.contains($0) }) {
            usage.cached = Usage.tokens(bytes: head.count + context.boundaries[hit].count)
        }
        known.formUnion(hashes)
        seen[key] = known
        return usage
    }

    /// The size of a request in tokens, without touching the cache.
    static func tokens(_ request: JSON, _ context: RenderedContext) -> Int {
        var unused = PromptCache()
        return unused.look(request, context).input
    }
}
