import Text

/// One line of an ignore file (gitignore(5)).
struct IgnorePattern {
    /// Whether it re-includes what it matches.
    let isNegated: Bool
    /// Whether it matches folders only.
    private let foldersOnly: Bool
    /// Whether it is matched against the path relative to its file's folder, not against the name alone.
    private let hasSlash: Bool
    private let glob: Glob

    /// Reads a line; nil for an empty line and a comment.
    init?(line: ArraySlice<UInt8>, ignoresCase: Bool) {
        var line = line
        guard line.first != UInt8(ascii: "#") else { return nil }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        line = Self.withoutTrailingSpaces(line)
        isNegated = line.first == UInt8(ascii: "!")
        if isNegated { line.removeFirst() }
        let slash = UInt8(ascii: "/")
        foldersOnly = line.last == slash
        if foldersOnly { line.removeLast() }
        hasSlash = line.contains(slash)
        if line.first == slash { line.removeFirst() }
        guard !line.isEmpty else { return nil }
        glob = Glob(line, knowsSlashes: hasSlash, ignoresCase: ignoresCase)
    }

    /// Whether a path relative to the folder of the ignore file matches.
    func matches(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        if foldersOnly, !isFolder { return false }
        guard !hasSlash, let last = path.lastIndex(of: UInt8(ascii: "/")) else { return glob.matches(path) }
        return glob.matches(path[(last + 1)...])
    }

    /// The patterns of a file; later ones win.
    static func patterns(in text: [UInt8], ignoresCase: Bool) -> [IgnorePattern] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let start = text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]
        return start.split(separator: UInt8(ascii: "\n")).compactMap {
            IgnorePattern(line: $0, ignoresCase: ignoresCase)
        }
    }

    /// Removes spaces at the end, unless a backslash precedes them.
    private static func withoutTrailingSpaces(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = line.startIndex
        var position = line.startIndex
        while position < line.endIndex {
            if line[position] == UInt8(ascii: "\\"), position + 1 < line.endIndex {
                position += 1
            } else if line[position] == UInt8(ascii: " ") {
                position += 1
                continue
            }
            position += 1
            end = position
        }
        return line[..<end]
    }
}
