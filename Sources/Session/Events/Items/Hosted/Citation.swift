import JSON
public import Responses

/// What an answer names as the source of something that it says.
public struct Citation: Sendable, Equatable {
    /// Where it is.
    public enum Source: Sendable, Equatable {
        /// A page of the web: untrusted text.
        case page(url: String, title: String)
        /// An uploaded file.
        case file(id: String, name: String)
        /// A file in a container of the server's.
        case containerFile(container: String, id: String, name: String)
    }

    /// Where it is.
    public var source: Source
    /// The characters of the answer that rest on it; nil where the server names none.
    public var range: Range<Int>?

    /// Names a source.
    public init(_ source: Source, range: Range<Int>? = nil) {
        self.source = source
        self.range = range
    }

    /// The citations of a message, in order.
    public static func all(in item: Item) -> [Citation] {
        guard item.type == "message", let content = item.json?["content"], content.kind == .array else { return [] }
        return content.elements.flatMap { part -> [Citation] in
            guard let notes = part["annotations"], notes.kind == .array else { return [] }
            return notes.elements.compactMap(Citation.init)
        }
    }

    /// Reads an annotation as the server writes it, which is as `write` does.
    init?(_ json: JSON) {
        let source: Source
        switch json["type"]?.string {
        case "url_citation":
            guard let url = json["url"]?.string else { return nil }
            source = .page(url: url.boundedForEvent, title: json["title"]?.string?.boundedForEvent ?? "")
        case "file_citation":
            guard let id = json["file_id"]?.string else { return nil }
            source = .file(id: id, name: json["filename"]?.string?.boundedForEvent ?? "")
        case "container_file_citation":
            guard let id = json["file_id"]?.string else { return nil }
            source = .containerFile(
                container: json["container_id"]?.string ?? "", id: id,
                name: json["filename"]?.string?.boundedForEvent ?? "")
        default: return nil
        }
        self.init(source)
        if let start = json["start_index"]?.int, let end = json["end_index"]?.int, start >= 0, start <= end {
            range = start..<end
        }
    }

    func write(into writer: inout JSONWriter) {
        switch source {
        case .page(let url, let title):
            writer.member("type", "url_citation")
            writer.member("url", url)
            writer.member("title", title)
        case .file(let id, let name):
            writer.member("type", "file_citation")
            writer.member("file_id", id)
            writer.member("filename", name)
        case .containerFile(let container, let id, let name):
            writer.member("type", "container_file_citation")
            writer.member("container_id", container)
            writer.member("file_id", id)
            writer.member("filename", name)
        }
        if let range {
            writer.member("start_index", range.lowerBound)
            writer.member("end_index", range.upperBound)
        }
    }
}

extension [Citation] {
    /// The sources, each once, in the order in which they come first.
    public var sources: [Citation.Source] {
        var (seen, sources): (Set<String>, [Citation.Source]) = ([], [])
        for citation in self where seen.insert(citation.source.identity).inserted { sources.append(citation.source) }
        return sources
    }
}

extension Citation.Source {
    /// The title or the name; the place where there is none. Untrusted text.
    public var title: String {
        switch self {
        case .page(let url, let title): title.isEmpty ? url : title
        case .file(let id, let name), .containerFile(_, let id, let name): name.isEmpty ? id : name
        }
    }

    /// Where it is, in words; nil where the title says it. Untrusted text.
    public var place: String? {
        switch self {
        case .page(let url, let title): title.isEmpty ? nil : url
        case .file(let id, let name): name.isEmpty ? nil : id
        case .containerFile(let container, let id, let name): "\(container)/\(name.isEmpty ? "" : id)"
        }
    }

    /// Equal for what is one source: a page whatever part of it is meant, and whoever the link says sends one there.
    fileprivate var identity: String {
        switch self {
        case .page(let url, _):
            let page = url.prefix { $0 != "#" }
            for mark in ["?utm_source=openai", "&utm_source=openai"] where page.hasSuffix(mark) {
                return String(page.dropLast(mark.count))
            }
            return String(page)
        case .file(let id, _): return "file " + id
        case .containerFile(let container, let id, _): return "container \(container) \(id)"
        }
    }
}
