import Glibc
import Text

/// Does the same as `CheckoutUpdate` with the `git` command, where libgit2 1.5 cannot: filter drivers, sparse and split
/// indexes, encodings, attributes that the update changes.
struct GitCheckoutUpdate {
    private let repository: GitRepository
    private let old: TreeID
    private let new: TreeID

    /// Looks for uncommitted work at the paths that differ; fails like `CheckoutUpdate`.
    init(
        _ changes: [CheckoutChange], from old: TreeID, to new: TreeID, in repository: GitRepository
    ) throws(RepositoryError) {
        self.repository = repository
        self.old = old
        self.new = new
        try CheckoutUpdate.refuseLock(of: repository)
        let drivers = FilterDrivers(
            of: repository.pointer, root: repository.workingDirectory, environment: repository.environment)
        for tree in [old, new] { try drivers.refuseProgramsOfTree { repository.isFile($0, in: tree) } }
        var quiet = command
        quiet.variables = ["GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"]
        let status = ["status", "--porcelain", "-z", "--untracked-files=all", "--ignored", "--no-renames", "--"]
        var dirty: [BytePath] = []
        // The length of an argument list is limited.
        for start in stride(from: 0, to: changes.count, by: 500) {
            let paths = changes[start..<min(start + 500, changes.count)].map(\.path.path)
            let lines = try quiet.run(status + paths.map(Self.argument)).split(separator: 0)
            dirty += lines.map { Self.path(in: $0) }.filter { found in
                paths.contains { $0 == found || $0.isBelow(found) || found.isBelow($0) }
            }
        }
        guard dirty.isEmpty else { throw RepositoryError.uncommitted(dirty, in: repository) }
    }

    /// The path of a line of `git status`, without the slash of a folder.
    private static func path(in line: ArraySlice<UInt8>) -> BytePath {
        let path = line.dropFirst(3)
        return BytePath(bytes: path.last == UInt8(ascii: "/") ? path.dropLast() : path)
    }

    /// The path as an argument, which must be UTF-8: of another one the nearest folder that is.
    private static func argument(_ path: BytePath) -> String {
        for candidate in [path] + path.parents.reversed() {
            if let text = String(validating: candidate.bytes, as: UTF8.self) { return text }
        }
        return "."
    }

    /// Writes files and index (git-read-tree(1), two-tree merge).
    func run() throws(RepositoryError) { try merge(old, new) }

    /// Undoes `run`.
    func undo() throws(RepositoryError) { try merge(new, old) }

    private var command: GitCommand {
        GitCommand(
            gitDirectory: repository.gitDirectory, workTree: repository.workingDirectory,
            environment: repository.environment, limit: .seconds(600))
    }

    /// The options that `GitCommand` turns off and the user's index keeps.
    private var kept: [String] {
        ["core.splitIndex", "index.sparse"].flatMap { name in
            repository.configured(name).map { ["-c", "\(name)=\($0)"] } ?? []
        }
    }

    private func merge(_ old: TreeID, _ new: TreeID) throws(RepositoryError) {
        // Outdated times of unchanged files would stop the merge, which reports a failure of this call.
        _ = try? command.run(kept + ["update-index", "-q", "--refresh"])
        _ = try command.run(kept + ["read-tree", "-m", "-u", old.hex, new.hex])
    }
}
