import JSON

/// A search in the web, or a look at a page.
public struct WebSearchReport: Sendable, Equatable {
    /// What was done, as the server names it: `search`, `open_page`, `find_in_page`.
    public var action: String
    /// What was searched for.
    public var queries: [String] = []
    /// The page that was opened.
    public var url: String?
    /// What was looked for on the page.
    public var pattern: String?
    /// The addresses of what was found.
    public var sources: [String] = []

    /// Names what was done.
    public init(
        _ action: String, queries: [String] = [], url: String? = nil, pattern: String? = nil, sources: [String] = []
    ) {
        self.action = action
        self.queries = queries
        self.url = url
        self.pattern = pattern
        self.sources = sources
    }

    init(item: JSON) {
        let action = item["action"] ?? item
        let queries = action["queries"]?.boundedStrings ?? []
        self.init(
            action["type"]?.string ?? "search",
            queries: queries.isEmpty ? [action["query"]?.string?.boundedForEvent].compactMap(\.self) : queries,
            url: action["url"]?.string?.boundedForEvent, pattern: action["pattern"]?.string?.boundedForEvent,
            sources: Array(
                (action["sources"]?.elements.compactMap { $0["url"]?.string } ?? []).prefix(HostedReport.listLimit)))
    }

    func write(into writer: inout JSONWriter) {
        writer.member("action", action)
        if !queries.isEmpty { writer.member("queries", array: { for query in queries { $0.string(query) } }) }
        if let url { writer.member("url", url) }
        if let pattern { writer.member("pattern", pattern) }
        if !sources.isEmpty { writer.member("sources", array: { for source in sources { $0.string(source) } }) }
    }

    init(journal json: JSON) {
        self.init(
            json["action"]?.string ?? "", queries: json["queries"]?.boundedStrings ?? [], url: json["url"]?.string,
            pattern: json["pattern"]?.string, sources: json["sources"]?.boundedStrings ?? [])
    }
}

/// A search in uploaded files.
public struct FileSearchReport: Sendable, Equatable {
    /// A piece of a file that was found.
    public struct Result: Sendable, Equatable {
        /// The file's id.
        public var fileID: String
        /// The file's name.
        public var name: String
        /// How well it fits, 0 to 1.
        public var score: Double?
        /// The piece.
        public var text: String

        /// Names a piece.
        public init(fileID: String, name: String, score: Double?, text: String) {
            self.fileID = fileID
            self.name = name
            self.score = score
            self.text = text
        }
    }

    /// What was searched for.
    public var queries: [String]
    /// What was found; none where the server does not tell.
    public var results: [Result]

    /// Names both.
    public init(queries: [String], results: [Result]) {
        self.queries = queries
        self.results = results
    }

    init(item: JSON) { self.init(journal: item) }

    func write(into writer: inout JSONWriter) {
        writer.member("queries", array: { for query in queries { $0.string(query) } })
        writer.member(
            "results",
            array: {
                for result in results {
                    $0.object {
                        $0.member("file_id", result.fileID)
                        $0.member("filename", result.name)
                        if let score = result.score { $0.member("score", score) }
                        $0.member("text", result.text)
                    }
                }
            })
    }

    init(journal json: JSON) {
        let results = json["results"].map { $0.kind == .array ? Array($0.elements) : [] } ?? []
        self.init(
            queries: json["queries"]?.boundedStrings ?? [],
            results: results.prefix(HostedReport.listLimit).map {
                Result(
                    fileID: $0["file_id"]?.string ?? "", name: $0["filename"]?.string ?? "", score: $0["score"]?.double,
                    text: $0["text"]?.string?.boundedForEvent ?? "")
            })
    }
}
