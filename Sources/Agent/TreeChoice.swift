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
    /// A checkout costs 60 to 300 µs a file, once; an overlay costs 4 µs a file and `git status`, or about as much as the
    /// reading itself again in a `grep -r`, each time (scripts/bench). With ten such looks at the whole tree in a session,
    /// both are even at a checkout of half a second to one and a half: below, nobody waits for it; above, the overlay
    /// wins by seconds, and by the disk space of the whole checkout.
    static let manyFiles = 10_000
}
