/// Where a session works: what `--tree` asks for.
public enum TreeChoice: String, Sendable, CaseIterable {
    /// An overlay for large checkouts that allow one, else a linked working tree.
    case auto
    /// A linked working tree, checked out file by file.
    case worktree
    /// An overlay of the whole checkout.
    case overlay
    /// The checkout itself.
    case inPlace = "in-place"
}

/// The kind of tree a session works in.
public enum TreeKind: String, Sendable {
    /// A linked working tree.
    case worktree
    /// An overlay of the whole checkout, which only commands and Graft see.
    case overlay
    /// The user's checkout itself.
    case inPlace = "in-place"

    /// From this many tracked files on `auto` takes an overlay.
    ///
    /// Writing a checkout costs 30 to 400 µs a file, once, and again at each verification; an overlay costs up to 3 µs a
    /// file when all are looked at. Below this number nobody waits for a checkout, and a linked tree has fewer surprises.
    /// The figures are in sandbox/README.md, and made by scripts/bench.
    public static let manyFiles = 10_000
}
