/// A pattern for the short names of branches, such as `main` or `release/*`; `*` stands for any characters, slashes
/// among them, and `?` for one.
public struct BranchPattern: Sendable, Hashable {
    /// The pattern as it was written.
    public let text: String

    /// Takes a pattern; nil for one that no branch can match.
    public init?(_ text: String) {
        let name = text.hasPrefix("refs/heads/") ? String(text.dropFirst("refs/heads/".count)) : text
        guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else { return nil }
        self.text = name
    }

    /// Whether a branch is meant; its name may be the full one.
    public func matches(_ branch: String) -> Bool {
        let name = Array((branch.hasPrefix("refs/heads/") ? branch.dropFirst("refs/heads/".count) : branch[...]).utf8)
        let pattern = Array(text.utf8)
        var (place, position) = (0, 0)
        // Where the last star stands, and how much of the name it has taken so far.
        var star: (place: Int, position: Int)?
        while position < name.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == name[position] || pattern[place] == UInt8(ascii: "?") {
                place += 1
                position += 1
            } else if let last = star {
                star = (last.place, last.position + 1)
                (place, position) = (last.place + 1, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
