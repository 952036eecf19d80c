import Glibc
import OS
public import Sandbox
import Text

/// The rights that neither a person nor a rule can give.
///
/// Secrets stay masked, git's own folders, Graft's state and its configuration stay read-only, and so do the places
/// that control the machine.
public struct ApprovalBounds: Sendable {
    let home: String
    private let tree: String
    /// Paths that are refused with everything below and above them.
    private let untouchable: [String]
    /// Paths that are refused with everything below them.
    private let closed: [String]
    /// Paths that are refused with everything above them.
    private let roots: [String]
    /// What keeps secrets, and is refused for reading with everything below.
    private let secrets: [String]
    private let sandbox: Sandbox
    private let rung: Rung
    /// The machine's own path of what commands see at a path.
    private let ownPath: @Sendable (String) -> String

    /// Makes the bounds of a sandbox.
    ///
    /// - Parameter folders: Graft's own folders.
    public init(_ sandbox: Sandbox, home: String, folders: [String]) {
        self.home = home
        rung = sandbox.rung
        ownPath = { sandbox.ownPath($0) }
        let policy = sandbox.policy
        self.sandbox = sandbox
        secrets = policy.hiddenPaths.map { FilePath.resolved($0) ?? $0 }
        tree = FilePath.resolved(policy.workingTree) ?? policy.workingTree
        untouchable = (policy.readOnlyPaths + folders).map { FilePath.resolved($0) ?? $0 }
        roots = [home, "/tmp", "/var/tmp"].map { FilePath.resolved($0) ?? $0 }
        closed =
            (policy.hiddenPaths + ["/proc", "/sys", "/dev", "/run", "/var/run", "/etc", "/boot"])
            .map { FilePath.resolved($0) ?? $0 } + policy.hiddenPaths
    }

    /// The request of a call, with resolved paths.
    func request(_ call: PermissionCall) throws(ToolRefusal) -> ApprovalRequest {
        guard call.command.count <= 2000,
            call.command.split(separator: "\n", omittingEmptySubsequences: false).count <= 20
        else {
            throw ToolRefusal("the command is too long for a person to read; put it into a file and run that")
        }
        guard call.hosts.count <= 20, call.paths.count + call.readablePaths.count <= 10 else {
            throw ToolRefusal("ask for fewer hosts and paths at a time")
        }
        if call.hosts.isEmpty == false, rung != .namespaces, Rung.ladder.contains(rung) {
            throw ToolRefusal("the sandbox of this machine cannot open the way to single hosts")
        }
        var rights = CommandRights(network: call.wantsAllNetwork ? .all : call.hosts.isEmpty ? nil : .hosts(call.hosts))
        for path in call.paths {
            let path = try checked(path)
            if !rights.writablePaths.containsPath(path) { rights.writablePaths.append(path) }
        }
        for path in call.readablePaths {
            // What commands see anyway needs nobody's yes.
            guard let path = try closedPath(path), !rights.readablePaths.containsPath(path) else { continue }
            rights.readablePaths.append(path)
        }
        return ApprovalRequest(command: call.command, reason: call.reason, rights: rights)
    }

    /// Whether the paths of a request still resolve to the same places.
    func stillHolds(_ request: ApprovalRequest) -> Bool {
        (request.rights.writablePaths + request.rights.readablePaths).allSatisfy { path in
            FilePath.resolved(path).map { FilePath.isSame($0, path) } ?? false
        }
    }

    private func resolved(_ wanted: String, for right: String) throws(ToolRefusal) -> String {
        let path = ownPath(wanted == "~" ? home : FilePath.absolute(wanted, home: home))
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw ToolRefusal("\(right) takes paths that begin with / or ~/, not \(wanted)")
        }
        guard let real = FilePath.resolved(path) else {
            throw ToolRefusal("\(wanted) does not exist; ask for the folder above it")
        }
        return real
    }

    /// The path to open for reading; nil if commands see it already.
    private func closedPath(_ wanted: String) throws(ToolRefusal) -> String? {
        let real = try resolved(wanted, for: "read")
        guard !secrets.contains(where: { FilePath.isInside(real, $0) }) else {
            throw ToolRefusal("nobody can allow reading \(wanted): it is a usual place of secrets; go on without it")
        }
        let holdsHome = (roots + sandbox.policy.closedFolders.map { FilePath.resolved($0) ?? $0 })
            .contains { FilePath.isInside($0, real) }
        guard !holdsHome else {
            throw ToolRefusal("nobody can allow reading all of \(wanted); ask for the files or folders that are needed")
        }
        return sandbox.hasClosed(real) ? real : nil
    }

    private func checked(_ wanted: String) throws(ToolRefusal) -> String {
        let real = try resolved(wanted, for: "write")
        let isGit = BytePath(real).names.contains(".git") || access(real + "/.git", F_OK) == 0
        let isProtected =
            untouchable.contains { FilePath.isInside(real, $0) || FilePath.isInside($0, real) }
            || closed.contains { FilePath.isInside(real, $0) } || roots.contains { FilePath.isInside($0, real) }
        // The tree is in Graft's own folder, and its .git is protected within it.
        let isAllowed = FilePath.isInside(real, tree) ? FilePath.isSame(real, tree) || !isGit : !isGit && !isProtected
        guard isAllowed, real != "/" else {
            throw ToolRefusal(
                "nobody can allow writing to \(wanted): it is protected, or holds what is; ask for a narrower path")
        }
        return real
    }
}
