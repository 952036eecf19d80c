/// A diff, split by file for the patches that changed the files.
public struct DiffSections {
    private var sections: [Substring]

    /// Splits a diff in git's format.
    public init(_ diff: String) {
        sections = []
        var start = diff.startIndex
        while start < diff.endIndex {
            // Every line of a file starts with a sign.
            let next = diff[start...].firstRange(of: "\ndiff --git ")
            let end = next.map { diff.index(after: $0.lowerBound) } ?? diff.endIndex
            sections.append(diff[start..<end])
            start = end
        }
    }

    /// Removes and returns the sections of some files.
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

    /// Removes and returns all remaining sections.
    public mutating func takeRest() -> String {
        defer { sections = [] }
        return sections.joined()
    }
}
