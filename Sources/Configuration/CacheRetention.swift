/// How long a server keeps the cache of a conversation's beginning (Responses API, "Prompt caching", parameters).
public enum CacheRetention: String, Sendable, CaseIterable {
    /// For minutes, in memory.
    case inMemory = "in_memory"
    /// For a day.
    case day = "24h"
}
