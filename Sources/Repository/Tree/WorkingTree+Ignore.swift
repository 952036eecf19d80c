extension WorkingTree {
    /// Ignores untracked files in later scans, by patterns of .gitignore.
    ///
    /// The rules are valid as long as this object; no file is written.
    public func ignore(_ patterns: [String]) {
        guard !patterns.isEmpty else { return }
        cache?.forget()
        ownRules += patterns
    }

    /// Ignores the files that are untracked now in later scans: they are by-products.
    ///
    /// - Throws: As `scan()`.
    public func ignoreUntracked() throws(RepositoryError) {
        let found = try scan()
        let new = found.files.filter { $0.kind == .added }.map(\.path) + found.skipped.map(\.path)
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
