public import Text

/// A diff, split by file for the patches that changed the files.
public struct DiffSections {
    private struct Section {
        let text: ArraySlice<UInt8>
        /// The paths that the lines above the hunks name.
        let paths: Set<BytePath>
    }

    private var sections: [Section] = []

    /// Splits a diff in git's format.
    public init(_ diff: String) {
        var text: ArraySlice<UInt8> = []
        var paths: Set<BytePath> = []
        var isInHead = false
        let bytes = Array(diff.utf8)
        var rest = bytes[...]
        func begin() {
            if !text.isEmpty { sections.append(Section(text: text, paths: paths)) }
            (text, paths, isInHead) = (rest.prefix(0), [], true)
        }
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
            let line = rest[..<end]
            // Every line of a file starts with a sign.
            if line.starts(with: "diff --git ".utf8) { begin() }
            if line.starts(with: "@@ ".utf8) { isInHead = false }
            if isInHead { paths.formUnion(Self.paths(in: line.last == UInt8(ascii: "\n") ? line.dropLast() : line)) }
            text = bytes[text.startIndex..<end]
            rest = rest[end...]
        }
        begin()
    }

    /// Removes and returns the sections of some files.
    public mutating func take(_ paths: [BytePath]) -> String {
        let wanted = Set(paths)
        let taken = sections.filter { !$0.paths.isDisjoint(with: wanted) }
        sections.removeAll { !$0.paths.isDisjoint(with: wanted) }
        return Self.text(taken)
    }

    /// Removes and returns all remaining sections.
    public mutating func takeRest() -> String {
        defer { sections = [] }
        return Self.text(sections)
    }

    private static func text(_ sections: [Section]) -> String {
        sections.map { String(decoding: $0.text, as: UTF8.self) }.joined()
    }

    /// The paths that one line above the hunks names.
    private static func paths(in line: ArraySlice<UInt8>) -> [BytePath] {
        func name(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> { BytePath.unquoted(text)?.name ?? text }
        for words in ["--- ", "+++ "] where line.starts(with: words.utf8) {
            let path = name(line.dropFirst(words.utf8.count))
            return path.dropFirst().first == UInt8(ascii: "/") ? [BytePath(bytes: path.dropFirst(2))] : []
        }
        for words in ["rename from ", "rename to "] where line.starts(with: words.utf8) {
            return [BytePath(bytes: name(line.dropFirst(words.utf8.count)))]
        }
        // A change of the mode alone has no other line; both names are the same then.
        guard line.starts(with: "diff --git ".utf8) else { return [] }
        let names = line.dropFirst("diff --git ".utf8.count)
        if let (old, _) = BytePath.unquoted(names) { return [BytePath(bytes: old.dropFirst(2))] }
        let half = names.dropFirst(names.count / 2 + 1)
        let old = names.prefix(names.count / 2)
        return old.dropFirst(2).elementsEqual(half.dropFirst(2)) ? [BytePath(bytes: old.dropFirst(2))] : []
    }
}
