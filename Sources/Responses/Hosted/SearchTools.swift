import JSON

/// The parameters of the web search.
public struct WebSearch: Sendable, Equatable {
    /// How much of what is found the model gets to read.
    public enum ContextSize: String, Sendable, CaseIterable { case low, medium, high }

    /// Where the person is, roughly.
    public enum Location: Sendable, Equatable {
        /// Nowhere that is told: otherwise the server takes the United States.
        case untold
        /// A place; at least one part is named.
        case place(country: String? = nil, region: String? = nil, city: String? = nil, timezone: String? = nil)
    }

    /// The only sites that may be used, with their subdomains; empty for all.
    public var allowedDomains: [String] = []
    /// How much of what is found the model gets to read; nil to leave it to the server.
    public var contextSize: ContextSize?
    /// Where the person is; nil to leave it to the server.
    public var location: Location?
    /// Whether pages are fetched, and not only what the server has stored; nil to leave it to the server.
    public var fetchesPages: Bool?

    /// Starts with the server's defaults.
    public init() {}

    func write(into writer: inout JSONWriter) {
        if !allowedDomains.isEmpty {
            writer.member("filters", object: { $0.member("allowed_domains", strings: allowedDomains) })
        }
        if let contextSize { writer.member("search_context_size", contextSize.rawValue) }
        if let location {
            writer.member(
                "user_location",
                object: {
                    $0.member("type", "approximate")
                    guard case .place(let country, let region, let city, let timezone) = location else { return }
                    for (key, value) in [
                        ("country", country), ("region", region), ("city", city), ("timezone", timezone),
                    ] {
                        if let value { $0.member(key, value) }
                    }
                })
        }
        if let fetchesPages { writer.member("external_web_access", fetchesPages) }
    }
}

/// The parameters of the search in files.
public struct FileSearch: Sendable, Equatable {
    /// The stores that are searched.
    public var stores: [String] = []
    /// The most results, 1 to 50; nil to leave it to the server.
    public var resultLimit: Int?
    /// How well a result must fit at least, 0 to 1; nil to leave it to the server.
    public var scoreThreshold: Double?

    /// Starts with the server's defaults, and no store.
    public init() {}

    func write(into writer: inout JSONWriter) {
        writer.member("vector_store_ids", strings: stores)
        if let resultLimit { writer.member("max_num_results", resultLimit) }
        if let scoreThreshold {
            writer.member("ranking_options", object: { $0.member("score_threshold", scoreThreshold) })
        }
    }
}
