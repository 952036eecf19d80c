import OS

/// Where commands see the working tree.
struct Relocation: Equatable {
    /// The tree; without links.
    let tree: String
    /// Its path for commands.
    let path: String

    /// Whether the two differ.
    var isElsewhere: Bool { !FilePath.isSame(tree, path) }

    /// The path that commands see a path of the tree at; others stay.
    func shown(_ own: String) -> String {
        FilePath.isSame(own, tree) ? path : FilePath.rest(of: own, below: tree).map { path + $0 } ?? own
    }

    /// The path of what commands see at a path; nil for the path itself.
    func source(_ shown: String) -> String? {
        guard isElsewhere else { return nil }
        return FilePath.isSame(shown, path) ? tree : FilePath.rest(of: shown, below: path).map { tree + $0 }
    }
}

extension SandboxPolicy {
    /// Where commands see the tree, if the policy's paths are resolved.
    func relocation(_ tree: String) -> Relocation { Relocation(tree: tree, path: shownTree ?? tree) }
}
