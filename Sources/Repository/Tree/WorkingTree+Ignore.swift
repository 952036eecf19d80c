import Text

extension WorkingTree {
    /// Ignores untracked files in later scans, by patterns of .gitignore.
    ///
    /// The rules are valid as long as this object; no file is written.
    public func ignore(_ patterns: [String]) {
        ignore(lines: patterns.map { Array($0.utf8) })
    }

    /// Ignores the files that are untracked now in later scans: they are by-products.
    ///
    /// - Throws: As `scan()`.
    public func ignoreUntracked() throws(RepositoryError) {
        let found = try scan()
        for watch in watches { watch.accept() }
        let left = found.skipped.filter { if case .inSubmodule = $0.reason { false } else { true } }
        let new = found.files.filter { $0.kind == .added }.map(\.path) + left.map(\.path)
        ignore(lines: new.map { [UInt8(ascii: "/")] + Self.escaped($0) })
    }

    /// Ignores untracked files by lines of .gitignore, which need not be UTF-8.
    public func ignore(lines patterns: [[UInt8]]) {
        guard !patterns.isEmpty else { return }
        cache?.forget()
        ownRules += patterns
    }

    private static func escaped(_ path: BytePath) -> [UInt8] {
        path.bytes.flatMap { byte -> [UInt8] in
            switch byte {
            // No line of such a file has a line feed, and a carriage return at its end would be dropped.
            case 0x0A: return [UInt8(ascii: "?")]
            case 0x0D: return [UInt8(ascii: "["), byte, UInt8(ascii: "]")]
            default: break
            }
            return "\\*?[]!# ".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }
}
