import CGit

/// A commit with its metadata.
public struct CommitRecord: Sendable, Hashable {
    /// Its id.
    public let id: CommitID
    /// Its parents: none for a root, several for a merge.
    public let parents: [CommitID]
    /// Its files.
    public let tree: TreeID
    /// The author of the change.
    public let author: Signature
    /// The committer.
    public let committer: Signature
    /// The message as it is stored.
    public let messageBytes: [UInt8]
    /// The encoding of the message as named in the commit; nil for UTF-8.
    public let encoding: String?

    /// The message as text; invalid UTF-8 becomes U+FFFD.
    public var message: String { String(decoding: messageBytes, as: UTF8.self) }
    /// The message in its parts.
    public var parts: MessageParts { MessageParts(message) }
}

extension GitRepository {
    /// Reads a commit (git_commit_lookup).
    ///
    /// - Throws: `notFound` if the commit is missing.
    public func record(of id: CommitID) throws(RepositoryError) -> CommitRecord {
        let commit = try lookUp(id)
        defer { git_commit_free(commit) }
        var parents: [CommitID] = []
        for position in 0..<git_commit_parentcount(commit) {
            if let parent = git_commit_parent_id(commit, position) { parents.append(CommitID(parent.pointee)) }
        }
        return CommitRecord(
            id: id, parents: parents, tree: TreeID(try unwrap(git_commit_tree_id(commit), "tree").pointee),
            author: Signature(try unwrap(git_commit_author(commit), "author").pointee),
            committer: Signature(try unwrap(git_commit_committer(commit), "committer").pointee),
            messageBytes: git_commit_message_raw(commit).map { String.bytes(of: $0) } ?? [],
            encoding: git_commit_message_encoding(commit).map { String(cString: $0) })
    }

    /// The commits after `base` up to `tip`, oldest first, along the first parents.
    ///
    /// - Throws: `notFound` if the first parents of `tip` do not lead to `base`.
    public func chain(from base: CommitID, to tip: CommitID) throws(RepositoryError) -> [CommitRecord] {
        var commits: [CommitRecord] = []
        var current = tip
        while current != base {
            let record = try record(of: current)
            commits.append(record)
            guard let parent = record.parents.first else {
                throw RepositoryError(
                    .notFound, "the history of \(tip.hex.prefix(10)) does not lead to \(base.hex.prefix(10))")
            }
            current = parent
        }
        return commits.reversed()
    }

    /// Whether `ancestor` is the commit or one of its ancestors (git_graph_descendant_of).
    ///
    /// - Throws: `notFound` if a commit is missing.
    public func isAncestor(_ ancestor: CommitID, of commit: CommitID) throws(RepositoryError) -> Bool {
        if ancestor == commit { return true }
        var (old, new) = (ancestor.oid, commit.oid)
        return try check(git_graph_descendant_of(pointer, &new, &old), "compare \(ancestor) with \(commit)") == 1
    }

    /// The best common ancestor of both; nil if there is none (git_merge_base).
    ///
    /// - Throws: `library` if the histories cannot be read.
    public func mergeBase(of one: CommitID, and other: CommitID) throws(RepositoryError) -> CommitID? {
        var (first, second, base) = (one.oid, other.oid, git_oid())
        let result = git_merge_base(&base, pointer, &first, &second)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        try check(result, "find where \(one) and \(other) part")
        return CommitID(base)
    }

    /// Looks a commit up; the caller frees it.
    func lookUp(_ id: CommitID) throws(RepositoryError) -> OpaquePointer {
        var oid = id.oid
        var found: OpaquePointer?
        try check(git_commit_lookup(&found, pointer, &oid), "read the commit \(id)")
        return try unwrap(found, "commit")
    }
}

extension Signature {
    init(_ signature: git_signature) {
        self.init(
            name: signature.name.map { String(cString: $0) } ?? "",
            email: signature.email.map { String(cString: $0) } ?? "", seconds: signature.when.time,
            offsetMinutes: signature.when.offset)
    }
}

extension String {
    /// The bytes of a C string, without the NUL.
    fileprivate static func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
        var bytes: [UInt8] = []
        var next = text
        while next.pointee != 0 {
            bytes.append(UInt8(bitPattern: next.pointee))
            next += 1
        }
        return bytes
    }
}
