/// A marker that a CI system reads in the lines of a job, as `##[group]Run make` or `::error file=a.c,line=3::…`.
struct GroupMarker {
    /// What a line with a marker says to one who reads on.
    enum Meaning: Equatable {
        case nothing
        case text(String)
    }

    /// Its name, such as `group`, `endgroup`, `error`.
    let name: String
    /// What is named behind it, as in `file=a.c,line=3`.
    let properties: [String: String]
    /// The text behind it.
    let text: String

    /// Reads a line; nil for one that has no marker.
    init?(_ line: String) {
        if line.hasPrefix("##[") || line.hasPrefix("##vso["), let end = line.firstIndex(of: "]") {
            guard let open = line.firstIndex(of: "[") else { return nil }
            let head = line[line.index(after: open)..<end]
            name = String(head.prefix { $0 != " " })
            properties = Self.properties(head.dropFirst(name.count), separator: ";")
            text = String(line[line.index(after: end)...])
        } else if line.hasPrefix("::") {
            // Such as `::group::Title` (GitHub, "Workflow commands").
            let body = line.dropFirst(2)
            guard let end = Self.index(of: "::", in: body) else { return nil }
            let head = body[..<end]
            name = String(head.prefix { $0 != " " })
            guard !name.isEmpty, name.utf8.allSatisfy({ Self.isPartOfName($0) }) else { return nil }
            properties = Self.properties(head.dropFirst(name.count), separator: ",")
            text = Self.decoded(body[end...].dropFirst(2))
        } else {
            return nil
        }
    }

    /// What is to be read in place of the line.
    var meaning: Meaning {
        switch name {
        case "endgroup", "add-mask", "add-matcher", "remove-matcher", "stop-commands", "echo", "save-state",
            "set-output", "set-env", "add-path":
            return .nothing
        case "error", "warning", "notice":
            guard let file = properties["file"], !file.isEmpty else { return .text(text) }
            let place = [file, properties["line"], properties["col"]].prefix { $0 != nil }.compactMap { $0 }
            return .text("\(place.joined(separator: ":")): \(name): \(text)")
        case "task.logissue":
            guard let file = properties["sourcepath"], !file.isEmpty else { return .text(text) }
            let place = [file, properties["linenumber"], properties["columnnumber"]].prefix { $0 != nil }
            return .text("\(place.compactMap { $0 }.joined(separator: ":")): \(properties["type"] ?? "error"): \(text)")
        default:
            return .text(text)
        }
    }

    private static func properties(_ text: Substring, separator: Character) -> [String: String] {
        var found: [String: String] = [:]
        for part in text.split(separator: separator) {
            let trimmed = part.drop { $0 == " " }
            guard let equals = trimmed.firstIndex(of: "=") else { continue }
            found[String(trimmed[..<equals])] = decoded(trimmed[trimmed.index(after: equals)...])
        }
        return found
    }

    /// `%25`, `%0D`, `%0A`, and in properties `%3A` and `%2C`; line ends become blanks, as this stays one line.
    private static func decoded(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var result = ""
        var rest = text
        while let first = rest.first {
            let code = rest.prefix(3)
            if first == "%", let known = codes[String(code).uppercasedASCII] {
                result += known
                rest = rest.dropFirst(3)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static let codes = ["%25": "%", "%0D": "", "%0A": " ", "%3A": ":", "%2C": ",", "%3B": ";", "%5D": "]"]

    private static func index(of text: String, in body: Substring) -> Substring.Index? {
        var rest = body
        while let index = rest.firstIndex(of: ":") {
            if body[index...].hasPrefix(text) { return index }
            rest = body[body.index(after: index)...]
        }
        return nil
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
    }
}

extension String {
    fileprivate var uppercasedASCII: String {
        String(decoding: utf8.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
    }
}
