import CGit
import Glibc
import OS
import Text

/// A git repository: its objects, references and configuration.
///
/// Not for two tasks at once: libgit2's caches are thread-safe, but a commit reads and then writes.
public final class GitRepository: @unchecked Sendable {  // libgit2 locks its caches; callers take turns.
    /// What HEAD refers to.
    public enum Head: Sendable, Hashable {
        /// A branch (short name) with commits.
        case branch(String, CommitID)
        /// A commit without a branch.
        case detached(CommitID)
        /// A branch without commits.
        case unborn(String)

        /// The commit, if there is one.
        public var commit: CommitID? {
            switch self {
            case .branch(_, let id), .detached(let id): id
            case .unborn: nil
            }
        }
    }

    let handle: RepositoryHandle
    /// The environment for identities and `git` commands.
    let environment: [String: String]
    /// The root of the checkout, without a slash at the end.
    public let workingDirectory: String
    /// The folder of HEAD and index of this checkout, without a slash at the end.
    public let gitDirectory: String
    /// The folder of objects and references, shared by all working trees of the repository.
    public let commonDirectory: String

    var pointer: OpaquePointer { handle.pointer }

    /// Opens the repository that contains `path` (git_repository_open_ext).
    ///
    /// Fails with `notARepository`, `bare`, `unsupported` (SHA-256 objects, unknown extensions) or
    /// `ownedBySomeoneElse`.
    ///
    /// - Parameter environment: The environment for identities and `git` commands.
    public convenience init(discovering path: String, environment: [String: String]) throws(RepositoryError) {
        let opened = try Self.open(path.utf8CString.map { $0 }, named: path, searches: true)
        try self.init(opened, named: path, environment: environment)
    }

    /// Opens the repository whose working tree has this root; its path need not be UTF-8.
    ///
    /// Fails like ``init(discovering:environment:)``.
    convenience init(at root: BytePath, environment: [String: String]) throws(RepositoryError) {
        let opened = try Self.open(root.cString, named: root.text, searches: false)
        try self.init(opened, named: root.text, environment: environment)
    }

    private init(_ opened: OpaquePointer, named path: String, environment: [String: String]) throws(RepositoryError) {
        handle = RepositoryHandle(opened)
        guard let root = git_repository_workdir(opened) else {
            throw RepositoryError(
                .bare, "\"\(path)\" is a bare repository",
                nextStep: "run Graft in a clone of it that has a working tree")
        }
        workingDirectory = Self.folder(root)
        gitDirectory = Self.folder(git_repository_path(opened))
        commonDirectory = Self.folder(git_repository_commondir(opened))
        self.environment = environment
        readOwnConfiguration()
    }

    private static func open(
        _ path: [CChar], named name: String, searches: Bool
    ) throws(RepositoryError) -> OpaquePointer {
        guard LibGit2.started else {
            throw RepositoryError(.library, "could not start libgit2: \(LibGit2.lastMessage)")
        }
        var opened: OpaquePointer?
        let flags = searches ? 0 : UInt32(GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue)
        let result = git_repository_open_ext(&opened, path, flags, nil)
        guard result == 0, let opened else { throw Self.reason(result, name, LibGit2.lastMessage) }
        return opened
    }

    /// Adds `config.worktree`, which libgit2 1.5 does not read (git_config_add_file_ondisk).
    private func readOwnConfiguration() {
        let path = "\(gitDirectory)/config.worktree"
        guard isConfigured("extensions.worktreeConfig", default: false), access(path, R_OK) == 0 else { return }
        var config: OpaquePointer?
        guard git_repository_config(&config, pointer) == 0 else { return }
        git_config_add_file_ondisk(config, path, GIT_CONFIG_LEVEL_APP, pointer, 0)
        git_config_free(config)
    }

    /// What HEAD refers to now.
    ///
    /// - Throws: `library` if HEAD is broken.
    public var head: Head {
        get throws(RepositoryError) {
            var found: OpaquePointer?
            try check(git_reference_lookup(&found, pointer, "HEAD"), "read HEAD of \(gitDirectory)")
            let reference = try unwrap(found, "HEAD")
            defer { git_reference_free(reference) }
            guard let target = git_reference_symbolic_target(reference) else {
                return .detached(CommitID(try unwrap(git_reference_target(reference), "HEAD").pointee))
            }
            let full = String(cString: target)
            let name = full.hasPrefix("refs/heads/") ? String(full.dropFirst("refs/heads/".count)) : full
            var oid = git_oid()
            let result = git_reference_name_to_id(&oid, pointer, full)
            if result == GIT_ENOTFOUND.rawValue { return .unborn(name) }
            try check(result, "read \(full)")
            return .branch(name, CommitID(oid))
        }
    }

    /// Finds the commit of a revision such as `main~2` or a tag (git_revparse_single).
    ///
    /// - Throws: `notFound` if there is no such commit, `library` for an invalid revision.
    public func resolve(_ revision: String) throws(RepositoryError) -> CommitID {
        var found: OpaquePointer?
        try check(git_revparse_single(&found, pointer, revision), "find the commit \"\(revision)\"")
        defer { git_object_free(found) }
        var commit: OpaquePointer?
        try check(git_object_peel(&commit, found, GIT_OBJECT_COMMIT), "find the commit \"\(revision)\"")
        defer { git_object_free(commit) }
        return CommitID(try unwrap(git_object_id(commit), "commit").pointee)
    }

    /// Makes a branch (short name) at a commit; fails with `alreadyExists`.
    public func createBranch(_ name: String, at commit: CommitID) throws(RepositoryError) {
        try createReference("refs/heads/\(name)", at: commit)
    }

    /// Deletes a branch (short name) if it is still at a commit; fails with `referenceMoved` otherwise.
    public func deleteBranch(_ name: String, at commit: CommitID) throws(RepositoryError) {
        try deleteReference("refs/heads/\(name)", at: commit)
    }

    /// The environment for identities and `git` commands.
    public var commandEnvironment: [String: String] { environment }

    /// The version of libgit2; nil if it cannot be loaded.
    public static var libraryVersion: String? {
        guard graft_git_load() == nil else { return nil }
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        git_libgit2_version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// Reads a string of git's configuration; nil if it is not set.
    func configured(_ name: String) -> String? { configured([name])[0] }

    /// Reads strings of git's configuration at one moment; nil for those that are not set (git_config_get_string).
    func configured(_ names: [String]) -> [String?] {
        var snapshot: OpaquePointer?
        guard git_repository_config_snapshot(&snapshot, pointer) == 0 else { return names.map { _ in nil } }
        defer { git_config_free(snapshot) }
        return names.map { name in
            var value: UnsafePointer<CChar>?
            guard git_config_get_string(&value, snapshot, name) == 0, let value else { return nil }
            return String(cString: value)
        }
    }

    /// Reads a path of git's configuration, with `~` expanded; nil if it is not set (git_config_get_path).
    func configuredPath(_ name: String) -> String? {
        var snapshot: OpaquePointer?
        guard git_repository_config_snapshot(&snapshot, pointer) == 0 else { return nil }
        defer { git_config_free(snapshot) }
        var path = git_buf()
        defer { git_buf_dispose(&path) }
        guard git_config_get_path(&path, snapshot, name) == 0, let text = path.ptr else { return nil }
        return String(cString: text)
    }

    /// Reads a boolean of git's configuration.
    func isConfigured(_ name: String, default standard: Bool) -> Bool {
        var value: Int32 = 0
        guard let text = configured(name), git_config_parse_bool(&value, text) == 0 else { return standard }
        return value != 0
    }

    private static func folder(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "" }
        let path = String(cString: text)
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    private static func reason(_ result: Int32, _ path: String, _ message: String) -> RepositoryError {
        let details = "libgit2 error \(result): \(message)"
        // libgit2 1.5 reports a foreign owner as "not found", naming the setting.
        if message.contains("safe.directory") || message.contains("not owned by current user") {
            let place = FilePath.resolved(path) ?? path
            return RepositoryError(
                .ownedBySomeoneElse, "the repository at \"\(path)\" belongs to another user",
                nextStep: "if you trust it, run: git config --global --add safe.directory \"\(place)\"",
                details: details)
        }
        if message.contains("objectformat") || message.contains("object format") {
            return RepositoryError(
                .unsupported, "the repository at \"\(path)\" uses SHA-256 objects, which Graft cannot read yet",
                details: details)
        }
        if message.contains("extension") || message.contains("repository version") {
            return RepositoryError(
                .unsupported, "could not open the repository at \"\(path)\": \(message)", details: details)
        }
        if result == GIT_ENOTFOUND.rawValue {
            return RepositoryError(
                .notARepository, "\"\(path)\" is not in a git repository",
                nextStep: "change to one, or run: git init", details: details)
        }
        return RepositoryError(
            .init(libgit2: result), "could not open the repository at \"\(path)\": \(message)", details: details)
    }
}
