import CGit
import Glibc
import OS

extension GitRepository {
    /// Refuses a repository in which nothing can be committed; fails with `unsupported` and the next step.
    public func requireWriting() throws(RepositoryError) {
        let objects = "\(commonDirectory)/objects"
        // Objects of another user's, say of a git that root has run, are found in folders by their first byte.
        let parts = geteuid() == 0 ? [] : (0..<256).map { "\(objects)/\(Self.hex($0))" }
        let folders =
            [commonDirectory, gitDirectory, objects, "\(commonDirectory)/refs", "\(commonDirectory)/refs/heads"]
            + ["\(commonDirectory)/worktrees"] + parts
        for folder in folders where access(folder, W_OK | X_OK) != 0 && errno != ENOENT {
            let number = errno
            throw RepositoryError(
                .unsupported, "cannot write to \(folder), where commits are stored: \(SystemError.text(number))",
                nextStep: number == EROFS
                    ? "mount it so that it can be written to, or work in a clone elsewhere"
                    : "make it yours, with chown or chmod, or work in a clone elsewhere",
                underlying: SystemError("write to \(folder)", number))
        }
    }

    /// Refuses a commit whose attributes ask for a filter that git must run and whose program is missing; fails with
    /// `unsupported` and the next step.
    public func requireFilters(startingAt base: CommitID) throws(RepositoryError) {
        let drivers = FilterDrivers(of: pointer, root: workingDirectory, environment: environment)
        let missing = drivers.missing { isConfigured("filter.\($0).required", default: false) }
        guard !missing.isEmpty else { return }
        let asked = try filters(in: try treeID(of: base))
        guard let first = missing.first(where: { asked.contains($0.driver) }) else { return }
        let isLFS = first.program.split(separator: "/").last == "git-lfs"
        throw RepositoryError(
            .unsupported,
            "the attributes of \(workingDirectory) ask for the filter \(first.driver), whose program \(first.program) "
                + "is not on this machine",
            nextStep: isLFS
                ? "install git-lfs, or do without it with: git lfs uninstall (git config --remove-section filter.lfs)"
                : "install it, put it into PATH, or set filter.\(first.driver).required to false")
    }

    /// The names after `filter=` in all attributes that count for a tree.
    private func filters(in tree: TreeID) throws(RepositoryError) -> Set<String> {
        var texts: [[UInt8]] = []
        for path in ["\(commonDirectory)/info/attributes", configuredPath("core.attributesFile")].compactMap({ $0 }) {
            if let text = try Self.file(path) { texts.append(text) }
        }
        let index = try CachedIndex(path: "\(gitDirectory)/graft-no-such-index")
        try index.read(tree, from: pointer)
        for path in FolderTable(index).paths(named: OverlaidLayer.attributesFile) {
            guard let entry = index.position(of: path).flatMap(index.entry) else { continue }
            texts.append(try contents(of: entry.pointee.id, "attributes"))
        }
        let words = texts.flatMap { String(decoding: $0, as: UTF8.self).split(whereSeparator: \.isWhitespace) }
        return Set(words.filter { $0.hasPrefix("filter=") }.map { String($0.dropFirst("filter=".count)) })
    }

    private static func hex(_ byte: Int) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
