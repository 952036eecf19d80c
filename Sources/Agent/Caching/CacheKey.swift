import Prompts
import Responses
import Session

/// The key by which a server finds the cache of a conversation's beginning (`prompt_cache_key`).
///
/// Runs in one repository, with one model and one version of rules and tools, begin alike: they share a key, one after
/// the other. Runs that go on at once have keys of their own. The key does not tell the repository's name.
final class CacheKey: Sendable {
    /// The key, at most 64 characters.
    let value: String
    private let shard: CacheShard

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - place: What the conversations are about, such as the path of the repository; empty for nothing.
    ///   - parameters: Model and tools.
    ///   - rules: The first message.
    ///   - environment: Says where Graft keeps its files.
    ///   - now: Seconds since 1970.
    init(
        place: String, parameters: RequestParameters, profile: ProviderProfile, rules: String,
        environment: [String: String], now: @escaping @Sendable () -> Int
    ) {
        var beginning = parameters
        (beginning.effort, beginning.verbosity, beginning.cacheKey) = (nil, nil, nil)
        let prefix = RequestEncoder(beginning, profile: profile).body(input: [.message(role: "developer", text: rules)])
        let hash = Self.hash([Array(place.utf8), prefix])
        let name = String(repeating: "0", count: 16 - hash.count) + hash
        shard = CacheShard(of: name, in: SessionFolder.root(environment: environment) + "/cache-keys", now: now)
        value = "graft-\(name)-\(shard.number)"
    }

    /// Takes note of a request with the key.
    func note() { shard.note() }

    /// FNV-1a of all parts, in hexadecimal.
    private static func hash(_ parts: [[UInt8]]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in parts.joined(separator: [0]) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}

/// A model whose requests carry a cache key that is counted.
final class KeyedModel: Model {
    private let model: any Model
    private let key: CacheKey

    /// Keeps the key as long as the model is used.
    init(_ model: any Model, key: CacheKey) {
        self.model = model
        self.key = key
    }

    func respond(to window: Window, observer: ModelObserver) async throws -> ModelResponse {
        var counting = observer
        counting.sent = { [key] transport, byteCount, itemByteCount in
            observer.sent(transport, byteCount, itemByteCount)
            key.note()
        }
        return try await model.respond(to: window, observer: counting)
    }

    var compactionRoutes: [CompactionReport.Route] { model.compactionRoutes }

    func compact(_ items: [Item]) async throws -> (items: [Item], usage: Usage?) {
        key.note()
        return try await model.compact(items)
    }

    func countTokens(of items: [Item]) async -> Int? { await model.countTokens(of: items) }

    func breakChain() async { await model.breakChain() }

    func adopt(_ style: ResponseStyle) async { await model.adopt(style) }

    func close() async { await model.close() }
}
