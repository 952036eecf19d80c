public import Text

extension GitRepository {
    /// The most links behind one another; the kernel follows as many (path_resolution(7)).
    private static let longestChain = 40

    /// Reads a file of a commit; links are followed within the commit's tree, as a checkout of it would have them.
    ///
    /// - Throws: `notARegularFile` for a folder or a submodule, and for a link that leads out of the tree, nowhere or in
    ///   a circle.
    public func contents(followingLinks path: BytePath, in commit: CommitID) throws(RepositoryError) -> [UInt8]? {
        let tree = try treeID(of: commit)
        var (target, hops) = (path, 0)
        while let entry = try entry(at: try TreePath(target), in: tree) {
            guard entry.mode == 0o120000 else { return try contents(of: target, in: commit) }
            hops += 1
            let link = BytePath(bytes: try contents(of: entry.oid, "the link \(target)"))
            guard hops <= Self.longestChain, let next = Self.resolved(link, from: target) else {
                throw RepositoryError(
                    .notARegularFile, "the link \(path) leads to \(link), which is no file of the tree")
            }
            target = next
        }
        guard hops == 0 else {
            throw RepositoryError(.notARegularFile, "the link \(path) leads to \(target), where no file is")
        }
        return nil
    }

    /// Where a link leads; nil for a place outside of the tree.
    private static func resolved(_ link: BytePath, from path: BytePath) -> BytePath? {
        guard link.bytes.first != UInt8(ascii: "/") else { return nil }
        var names = Array(path.names.dropLast())
        for name in link.names {
            if name == ".." {
                guard names.popLast() != nil else { return nil }
            } else if name != "." {
                names.append(name)
            }
        }
        return names.isEmpty ? nil : names.reduce("") { $0.appending($1) }
    }
}
