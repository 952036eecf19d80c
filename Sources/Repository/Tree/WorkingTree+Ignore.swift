extension WorkingTree {
    /// Leaves untracked files that match out of every later scan, in the form of .gitignore.
    ///
    /// The rules live as long as this object; no file is written.
    public func ignore(_ patterns: [String]) {
        guard !patterns.isEmpty else { return }
        cache?.forget()
        ownRules += patterns
    }

    /// Leaves the files that are new now out of every later scan: they are by-products, not work.
    ///
    /// - Throws: As `scan()`.
    public func ignoreUntracked() throws(RepositoryError) {
        let found = try scan()
        let large = found.skipped.filter { if case .tooLarge = $0.reason { true } else { false } }
        let new = found.files.filter { $0.kind == .added }.map(\.path) + large.map(\.path)
        ignore(new.map { "/" + Self.escaped($0) })
    }

    private static func escaped(_ path: String) -> String {
        var pattern = ""
        for character in path {
            if "\\*?[]!# ".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern
    }
}
