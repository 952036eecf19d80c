/// A diff of several files, given out file by file to the patches that have changed them.
public struct DiffSections {
    private var sections: [Substring]

    /// Takes a diff in git's format.
    public init(_ diff: String) {
        sections = []
        var start = diff.startIndex
        while start < diff.endIndex {
            // A line of a file has a sign in front of it.
            let next = diff[start...].firstRange(of: "\ndiff --git ")
            let end = next.map { diff.index(after: $0.lowerBound) } ?? diff.endIndex
            sections.append(diff[start..<end])
            start = end
        }
    }

    /// Gives out what is there of some files and was not given out before.
    public mutating func take(_ paths: [String]) -> String {
        let names = Set(paths.flatMap { ["+++ b/\($0)", "--- a/\($0)", "rename to \($0)", "rename from \($0)"] })
        func isWanted(_ section: Substring) -> Bool {
            let lines = section.split(separator: "\n")
            if lines.prefix(while: { !$0.hasPrefix("@@ ") }).contains(where: { names.contains(String($0)) }) {
                return true
            }
            return paths.contains { lines.first == "diff --git a/\($0) b/\($0)" }
        }
        defer { sections.removeAll(where: isWanted) }
        return sections.filter(isWanted).joined()
    }

    /// Gives out all that is left.
    public mutating func takeRest() -> String {
        defer { sections = [] }
        return sections.joined()
    }
}
