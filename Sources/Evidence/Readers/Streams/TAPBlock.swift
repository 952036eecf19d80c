/// The block of YAML behind a test, between `---` and `...`.
///
/// It is no parser of YAML: it finds the few keys by which runners tell message and place, whatever surrounds them.
struct TAPBlock {
    /// Whether its end has come.
    private(set) var isWhole = false
    private let indent: Int
    private var lines: [Substring] = []

    private static let lineLimit = 200

    init(indent: Int) { self.indent = indent }

    /// Takes the next line; false if it is none of the block.
    mutating func read(_ line: Substring) -> Bool {
        guard !isWhole else { return false }
        if line.trimmed.isEmpty || line.indentation >= indent {
            if line.indentation == indent, line.trimmed == "..." {
                isWhole = true
            } else if lines.count < Self.lineLimit {
                lines.append(Substring(line.utf8.dropFirst(min(indent, line.indentation))))
            }
            return true
        }
        return false
    }

    /// The reason.
    var message: String? {
        for key in ["message", "error"] {
            if let text = value(key), !text.isEmpty { return text }
        }
        return nil
    }

    /// Where it has failed: in a stack, or as keys tell.
    var place: ReportPlace? {
        // Frames begin with `at`, which node leaves out.
        if let place = ReportPlace.find(in: block("stack").map { "at \($0[...].after("at ") ?? $0[...])" }, owner: "") {
            return place
        }
        for key in ["at", "location"] {
            guard let text = value(key), !text.isEmpty else { continue }
            if let place = ReportPlace.find(in: ["at \(text)"], owner: "") { return place }
            if let place = Place(text[...].after("file://") ?? text[...]) {
                return ReportPlace(file: String(place.file), line: place.line)
            }
        }
        guard let file = value("file") ?? value("fileName"),
            let line = (value("line") ?? value("lineNumber")).flatMap({ Int($0) })
        else { return nil }
        return ReportPlace(file: file, line: line)
    }

    /// The lines for an excerpt.
    var excerpt: [Substring] { lines.filter { $0.after("duration_ms:") == nil } }

    /// The value of a key, at any depth: the first line of it, without quotes.
    private func value(_ key: String) -> String? {
        for (index, line) in lines.enumerated() {
            guard let rest = line.trimmed.after("\(key):") else { continue }
            let text = rest.trimmed
            if text.starts(with: "|") || text.starts(with: ">") || text.isEmpty {
                return body(after: index).first { !$0[...].trimmed.isEmpty }.map { String($0[...].trimmed) } ?? ""
            }
            for quote in ["'", "\""] {
                if let inner = text.after(quote)?.before(quote) {
                    return quote == "'" ? inner.split(separator: "''").joined(separator: "'") : String(inner)
                }
            }
            return String(text)
        }
        return nil
    }

    /// The lines of a key that has a block of text.
    private func block(_ key: String) -> [String] {
        guard let index = lines.firstIndex(where: { $0.starts(with: "\(key): |") || $0.starts(with: "\(key):") }) else {
            return []
        }
        return body(after: index).map { String($0[...].trimmed) }
    }

    private func body(after index: Int) -> [String] {
        let indent = lines[index].indentation
        return lines[(index + 1)...].prefix { $0.indentation > indent || $0.trimmed.isEmpty }.map(String.init)
    }
}
