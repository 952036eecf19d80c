import CBuild

/// What the program was built from.
public enum BuildOrigin {
    /// The commit and its date, as `e2ba6da1c0, 2026-11-27`; nil for a build that did not come from `scripts/build`, or
    /// not from a commit.
    public static var text: String? {
        let text = String(cString: graft_build())
        return text.isEmpty ? nil : text
    }
}
