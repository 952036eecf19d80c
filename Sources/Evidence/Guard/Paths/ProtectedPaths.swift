public import Repository
public import Text

/// The paths that a series may change only with a person's eye on it: what decides whether the work is done.
public struct ProtectedPaths: Sendable {
    /// What the command runs and reads.
    let scope: CommandScope
    /// Whether the usual paths are among them.
    public let usesDefaults: Bool
    private let asked: [PathPattern]
    private let allowed: [PathPattern]

    /// Works out what is protected.
    ///
    /// - Parameters:
    ///   - choice: What a person says.
    ///   - command: The command that decides, as a shell line; what it names is protected with the usual paths.
    ///   - start: The commit in which the files that the command names are read.
    /// - Throws: `RepositoryError` for a commit that cannot be read.
    public init(
        _ choice: ProtectionChoice, command: String?, in repository: GitRepository, at start: CommitID
    ) throws(RepositoryError) {
        usesDefaults = choice.usesDefaults
        asked = choice.protecting.compactMap { PathPattern($0, ignoresCase: true) }
        allowed = choice.allowing.compactMap { PathPattern($0, ignoresCase: false) }
        scope = try CommandScope(command, in: repository, at: start)
    }

    /// Whether nothing is protected.
    public var isEmpty: Bool { !usesDefaults && asked.isEmpty }

    /// Whether a change of a path is one of a protected path, in part or as a whole.
    public func protects(_ path: BytePath) -> Bool { protection(of: path) != nil }

    /// Whether somebody has said that a path may change.
    func allows(_ path: BytePath) -> Bool { allowed.contains { $0.matches(path) } }

    /// Why and how far a path is protected; nil if it is not.
    func protection(of path: BytePath) -> Protection? {
        if allows(path) { return nil }
        if let pattern = asked.first(where: { $0.matches(path) }) { return Protection(.asked(pattern.text)) }
        guard usesDefaults else { return nil }
        if scope.runs(path) { return Protection(.command) }
        for (reason, patterns) in UsualPaths.table where patterns.contains(where: { $0.matches(path) }) {
            return Protection(reason)
        }
        guard let parts = FileParts(of: path), parts.isUsual || scope.reads(path) else { return nil }
        return Protection(parts.isUsual ? .configuration : .command, parts: parts)
    }

    /// Whether a path that has become a file or a link stood for a folder with protected files.
    func protectsFolder(_ path: BytePath) -> Bool {
        guard !allows(path) else { return false }
        if asked.contains(where: { $0.matchesFolder(path) }) { return true }
        return usesDefaults && UsualPaths.table.contains { $0.patterns.contains { $0.matchesFolder(path) } }
    }
}
