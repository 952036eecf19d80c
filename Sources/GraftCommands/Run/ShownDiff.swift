import Session

/// A unified diff as a person reads it: the name of each file instead of git's four lines about it.
struct ShownDiff {
    enum Line {
        /// A file begins, with what happens to it.
        case file(String)
        /// A line of its difference.
        case line(Substring)
    }

    private(set) var lines: [Line] = []

    /// - Parameter files: The files in the order of the diff.
    init(_ diff: String, of files: [FileSummary]) {
        var names = files.map { "\($0.kind.letter) \($0.path)" }
        let all = diff.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { Substring($0) }
        let count = all.count { $0.hasPrefix("diff --git ") }
        // Where the two do not match, one heading names all of them.
        if count != names.count {
            lines.append(.file(names.joined(separator: ", ")))
            names = []
        }
        var isHead = false
        for line in all {
            if line.hasPrefix("diff --git ") {
                isHead = true
                if !names.isEmpty { lines.append(.file(names.removeFirst())) }
                continue
            }
            if line.hasPrefix("@@") { isHead = false }
            if !isHead || Self.says(line) { lines.append(.line(line)) }
        }
    }

    /// Whether a line of git's head says more than the heading: modes other than the usual one, renames, binary files.
    private static func says(_ line: Substring) -> Bool {
        let usual = ["index ", "--- ", "+++ ", "new file mode 100644", "deleted file mode 100644", "similarity index "]
        return !usual.contains { line.hasPrefix($0) }
    }
}
