import Glibc
import OS
import Synchronization
import Text

/// Restores the files that make git run programs, on the rung where commands can change them.
///
/// Landlock cannot exclude a folder inside a writable one, so that on that rung a command can write to the working
/// tree's `.git`. No process of the command is left when the files are restored; of several commands at the same time,
/// the last one to end decides.
final class GitGuard: Sendable {
    private struct Content: Sendable {
        let bytes: [UInt8]
        let mode: mode_t
    }

    private struct Kept {
        let path: String
        /// The folder, wherever it is moved; nil for a file.
        var folder: Descriptor?
        /// The files below, or the file itself under an empty name; nil for a missing one.
        var contents: [BytePath: Content] = [:]
    }

    /// The files that name programs, or folders with such files.
    private static let names = ["config", "config.worktree", "commondir", "gitdir"]

    private let paths: [String]
    private let state = Mutex(State())

    private struct State {
        var running = 0
        var kept: [Kept] = []
    }

    /// - Parameter plan: Its read-only paths inside writable ones are guarded.
    init(_ plan: MountPlan) {
        let writable = plan.mounts.filter { $0.kind == .workingTree || $0.kind == .writable }
        let inside = plan.mounts.filter { mount in
            mount.kind == .readOnly && writable.contains { mount.lies(in: $0) }
        }
        paths = inside.map(\.path)
    }

    /// Takes note of a command that starts; only the first of several at the same time finds the files unchanged.
    func begin() {
        state.withLock { state in
            if state.running == 0 { state.kept = paths.map(Self.keep) }
            state.running += 1
        }
    }

    /// Takes note of a command that has ended.
    func end() {
        state.withLock { state in
            state.running -= 1
            for kept in state.kept { Self.putBack(kept) }
            if state.running == 0 { state.kept = [] }
        }
    }

    private static func putBack(_ kept: Kept) {
        if let folder = kept.folder {
            putBack(folder: folder, kept)
        } else if let content = kept.contents[""], file(kept.path)?.bytes != content.bytes {
            write(content, to: kept.path)
        }
    }

    private static func keep(_ path: String) -> Kept {
        guard FilePath.kind(path) == .folder else {
            return Kept(path: path, contents: file(path).map { ["": $0] } ?? [:])
        }
        var kept = Kept(path: path, folder: Descriptor(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)))
        for name in guarded(path) { kept.contents[BytePath(name)] = file("\(path)/\(name)") }
        return kept
    }

    private static func guarded(_ path: String) -> [String] {
        names + FolderListing.names(in: path + "/hooks").map { "hooks/" + $0 }
    }

    private static func putBack(folder: Descriptor, _ kept: Kept) {
        var then = stat()
        var now = stat()
        guard fstat(folder.raw, &then) == 0 else { return }
        if lstat(kept.path, &now) != 0 || now.st_ino != then.st_ino || now.st_dev != then.st_dev {
            moveAside(kept.path)
            if let moved = FilePath.resolved("/proc/self/fd/\(folder.raw)") { rename(moved, kept.path) }
        }
        chmod(kept.path, then.st_mode & 0o7777)
        for name in Set(guarded(kept.path).map { BytePath($0) }).union(kept.contents.keys) {
            let path = "\(kept.path)/\(name.text)"
            let content = kept.contents[name]
            let found = file(path)
            guard found?.bytes != content?.bytes || found?.mode != content?.mode || FilePath.isLink(path) else {
                continue
            }
            moveAside(path)
            if let content { write(content, to: path) }
        }
    }

    /// Reads a file, but no link, since a command could point it anywhere.
    private static func file(_ path: String) -> Content? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size < 1 << 20,
            let bytes = FileContent.bytes(path)
        else { return nil }
        return Content(bytes: bytes, mode: status.st_mode & 0o7777)
    }

    /// Renames what is there instead of deleting it, since it may be the command's work.
    private static func moveAside(_ path: String) {
        if unlink(path) == 0 || errno == ENOENT { return }
        let place = (1...100).map { "\(path)-from-command-\($0)" }.first { FilePath.kind($0) == nil }
        if let place { rename(path, place) }
    }

    private static func write(_ content: Content, to path: String) {
        let fresh = path + ".graft"
        moveAside(fresh)
        let file = Descriptor(open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600))
        guard file.raw >= 0 else { return }
        guard (try? FileContent.write(content.bytes, to: file.raw)) != nil,
            fchmod(file.raw, content.mode) == 0
        else {
            unlink(fresh)
            return
        }
        if rename(fresh, path) != 0 {
            moveAside(path)
            rename(fresh, path)
        }
    }
}
