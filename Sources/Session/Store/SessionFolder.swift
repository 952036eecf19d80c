import Glibc
import OS

/// The place of one session on disk: its journal, the output of its commands, its working tree.
public struct SessionFolder: Sendable {
    /// The folder itself.
    public let path: String

    /// The journal.
    public var journal: String { path + "/journal.jsonl" }
    /// What was done in the session's review: a line for each thing (`ReviewLog`).
    public var reviewLog: String { path + "/review.jsonl" }
    /// What a review that changes something holds locked.
    public var reviewLock: String { path + "/review.lock" }
    /// Where the whole output of commands goes.
    public var output: String { path + "/output" }
    /// The pictures that the server has made.
    public var images: String { path + "/images" }
    /// The session's `/tmp`.
    public var temporary: String { path + "/tmp" }
    /// What commands have changed in the user's ignored folders, as they see them.
    public var overlays: String { path + "/overlays" }
    /// What commands see of git.
    public var git: String { path + "/git" }
    /// The rules by which the session ignores files, in the form of .gitignore.
    public var ignoreRules: String { path + "/ignore" }
    /// The working tree.
    public var tree: String { path + "/tree" }

    /// Makes the folder of a session, readable by the user only.
    ///
    /// It lies under `$XDG_STATE_HOME/graft/sessions`, by default `~/.local/state`.
    public init(_ id: SessionID, environment: [String: String]) throws(SessionError) {
        try self.init(id, root: Self.root(environment: environment) + "/sessions")
    }

    /// Makes the folder of a session below that of all sessions.
    init(_ id: SessionID, root: String) throws(SessionError) {
        path = "\(root)/\(id)"
        for folder in [path, output, temporary] { try Self.make(folder) }
    }

    /// Names a folder that is there.
    public init(existing path: String) {
        self.path = path
    }

    /// The folder of everything that Graft keeps: `$GRAFT_STATE_DIR`, or `graft` below `$XDG_STATE_HOME`.
    public static func root(environment: [String: String]) -> String {
        if let chosen = ownPlace(environment) { return chosen }
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/graft" }
        return (environment["HOME"] ?? "/root") + "/.local/state/graft"
    }

    /// The folder that was chosen for everything.
    private static func ownPlace(_ environment: [String: String]) -> String? {
        environment["GRAFT_STATE_DIR"].flatMap { $0.isEmpty ? nil : FilePath.fromHere($0) }
    }

    /// Where folders are made that live as long as a process.
    public static func temporaryRoot(environment: [String: String]) -> String {
        if let chosen = ownPlace(environment) {
            // What keeps it from being made is told by what is made in it.
            try? make(chosen + "/tmp")
            return chosen + "/tmp"
        }
        return environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    }

    /// Makes the folder of everything that Graft keeps; a home folder that is not there is never made.
    ///
    /// - Throws: `.place` without a home folder or the right to write in it, `.folder` for a full disk.
    public static func makeRoot(environment: [String: String]) throws(SessionError) {
        let root = root(environment: environment)
        if let home = environment["HOME"], root.hasPrefix(home + "/.local/"), FilePath.kind(home) != .folder {
            throw SessionError(
                .place, "there is no home folder \(home) to keep sessions in",
                nextStep: "set HOME, or point XDG_STATE_HOME at a place that can be written")
        }
        try make(root)
    }

    /// Makes a folder and those above it.
    public static func make(_ path: String) throws(SessionError) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try make(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        }
        let code = errno
        let isOfDisk = [ENOSPC, EDQUOT, EIO, ENOMEM, EMFILE, ENFILE].contains(code)
        throw SessionError(
            isOfDisk ? .folder : .place, "cannot make the folder \(path): \(SystemError.text(code))",
            nextStep: "point XDG_STATE_HOME at a place that can be written", systemError: code)
    }
}
