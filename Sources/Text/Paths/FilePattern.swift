/// A pattern for paths below a folder: `*`, `?` and `[…]` within a name, `**` for any number of folders, and `{a,b}` for
/// alternatives. A slash at the end stands for all that is below.
///
/// Paths are compared by their bytes.
public struct FilePattern: Sendable, Hashable {
    /// The pattern as it was written.
    public let text: String
    /// The pattern without braces.
    private let alternatives: [[UInt8]]
    private let globs: [Glob]

    /// What a pattern is, for messages.
    public static let form = "patterns for files of the repository such as \"build/**/*.xml\""

    /// The most patterns that braces may stand for.
    private static let alternativeLimit = 100
    private static let slash = UInt8(ascii: "/")

    /// Reads a pattern; nil for one that leads outside (`/…`, `..`), is empty or has too many alternatives.
    public init?(_ text: String) {
        guard !text.utf8.contains(0), let expanded = Self.expanded(Array(text.utf8)) else { return nil }
        var alternatives: [[UInt8]] = []
        for pattern in expanded {
            guard pattern.first != Self.slash else { return nil }
            var names = pattern.split(separator: Self.slash).filter { !$0.elementsEqual(".".utf8) }
            guard !names.isEmpty, !names.contains(where: { $0.elementsEqual("..".utf8) }) else { return nil }
            if pattern.last == Self.slash { names.append(Array("**".utf8)[...]) }
            alternatives.append(Array(names.joined(separator: [Self.slash])))
        }
        self.text = text
        self.alternatives = alternatives
        globs = alternatives.map { Glob($0[...], knowsSlashes: true, ignoresCase: false) }
    }

    /// Whether a path matches; a name that begins with a dot is like any other.
    public func matches(_ path: BytePath) -> Bool { globs.contains { $0.matches(path.bytes[...]) } }

    /// Where to look for paths that match.
    public var places: [Place] { alternatives.map(Place.init) }

    /// Two patterns are the same if their texts are.
    public static func == (one: FilePattern, other: FilePattern) -> Bool { one.text == other.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// A folder that holds all paths of a pattern, and a pattern for their names.
    public struct Place: Sendable, Hashable {
        /// The folders before the first one that is not spelled out; empty for the root.
        public let folder: BytePath
        /// The pattern for the last name, without slashes: `*` for any.
        public let name: BytePath

        init(_ pattern: [UInt8]) {
            let names = pattern.split(separator: FilePattern.slash)
            let plain = names.dropLast().prefix { name in !name.contains { Array("*?[\\".utf8).contains($0) } }
            folder = BytePath(bytes: plain.joined(separator: [FilePattern.slash]))
            let last = names.last ?? []
            name = last.elementsEqual("**".utf8) ? "*" : BytePath(bytes: last)
        }
    }

    /// The patterns that braces stand for; nil if there are too many. Braces without a comma, or without an end, stand
    /// for themselves.
    private static func expanded(_ pattern: [UInt8]) -> [[UInt8]]? {
        var done: [[UInt8]] = []
        var open: [[UInt8]] = [pattern]
        var rounds = 0
        while let next = open.popLast() {
            rounds += 1
            guard rounds <= 4 * alternativeLimit else { return nil }
            guard let (before, parts, after) = firstBraces(in: next) else {
                done.append(next)
                guard done.count <= alternativeLimit else { return nil }
                continue
            }
            guard open.count + parts.count <= alternativeLimit else { return nil }
            for part in parts.reversed() { open.append(before + part + after) }
        }
        return done
    }

    private static func firstBraces(in pattern: [UInt8]) -> (before: [UInt8], parts: [[UInt8]], after: [UInt8])? {
        for start in pattern.indices where pattern[start] == UInt8(ascii: "{") {
            if start > 0, pattern[start - 1] == UInt8(ascii: "\\") { continue }
            var depth = 0
            var parts: [[UInt8]] = [[]]
            for index in start..<pattern.count {
                let byte = pattern[index]
                if byte == UInt8(ascii: "}") {
                    depth -= 1
                    if depth == 0 {
                        guard parts.count > 1 else { break }
                        return (Array(pattern[..<start]), parts, Array(pattern[(index + 1)...]))
                    }
                }
                if byte == UInt8(ascii: ","), depth == 1 {
                    parts.append([])
                } else if depth > 0 {
                    parts[parts.count - 1].append(byte)
                }
                if byte == UInt8(ascii: "{") { depth += 1 }
            }
        }
        return nil
    }
}
