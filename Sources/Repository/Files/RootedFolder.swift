import CBeneath
import Glibc
import OS

/// The root of a tree, and the only way into it: the kernel resolves every path and refuses those that leave the tree
/// (openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS), so that no link leads outside.
final class RootedFolder {
    /// How links in the path of a file are treated.
    enum Links {
        /// Links that stay in the tree are followed.
        case inside
        /// No link is followed, so that a path in git is the same path on disk.
        case none

        var resolve: UInt32 {
            switch self {
            case .inside: UInt32(BENEATH_STAY | BENEATH_NO_MAGIC_LINKS)
            case .none: UInt32(BENEATH_STAY | BENEATH_NO_MAGIC_LINKS | BENEATH_NO_SYMLINKS)
            }
        }
    }

    /// The path of the root when it was opened.
    let root: String
    var descriptor: Int32 { owner.raw }
    private let owner: Descriptor

    init(_ root: String) throws(RepositoryError) {
        self.root = root
        let descriptor = Glibc.open(root, Int32(BENEATH_PATH_ONLY) | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError("open the folder \(root)") }
        owner = Descriptor(descriptor)
        let probe = beneath_open(descriptor, ".", Int32(BENEATH_PATH_ONLY), 0, Links.none.resolve)
        // Containers may refuse a call that they do not know.
        guard probe >= 0 || (errno != ENOSYS && errno != EPERM) else {
            throw RepositoryError(
                .unsupported,
                "this system has no openat2(2), without which paths cannot be kept inside the working tree",
                nextStep: "Linux 5.6 or later is needed, and a container runtime that lets the call through")
        }
        if probe >= 0 { close(probe) }
    }

    /// Copies the descriptor of a folder, which need not have a path.
    init(copying folder: Int32, root: String) throws(RepositoryError) {
        self.root = root
        let descriptor = fcntl(folder, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw systemError("open the folder \(root)") }
        owner = Descriptor(descriptor)
    }

    /// Closes the folder; every later use fails.
    func letGo() { owner.letGo() }

    /// Opens a path below the root; -1 with errno after a failure.
    func open(_ path: [CChar], _ flags: Int32, links: Links) -> Int32 {
        let isRoot = path.count <= 1
        return beneath_open(descriptor, isRoot ? [46, 0] : path, flags, 0, links.resolve)
    }

    /// Opens the parent folder of a file for calls with a folder and a name, and closes it afterwards.
    ///
    /// Makes missing folders if `making` is true. `body` gets -1 with errno if there is no such folder.
    func withParent<T>(
        of path: TreePath, making: Bool = false, _ body: (Int32) throws(RepositoryError) -> T
    ) throws(RepositoryError) -> T {
        let parent = path.parent?.cString ?? [0]
        var folder = open(parent, Int32(BENEATH_PATH_ONLY) | O_DIRECTORY, links: .none)
        if folder < 0, errno == ENOENT, making, let missing = path.parent {
            try makeFolder(missing)
            folder = open(parent, Int32(BENEATH_PATH_ONLY) | O_DIRECTORY, links: .none)
        }
        defer { if folder >= 0 { close(folder) } }
        if folder < 0, errno == ELOOP || errno == EXDEV {
            throw RepositoryError(
                .forbiddenPath, "refused \"\(path)\": a folder on the way is a symbolic link",
                nextStep: "name the file itself")
        }
        return try body(folder)
    }

    /// Reads a whole regular file with its state before the read; nil if there is none.
    func read(_ path: TreePath, links: Links) throws(RepositoryError) -> (bytes: [UInt8], state: stat)? {
        let file = open(path.cString, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY, links: links)
        guard file >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR:
                return nil
            case ELOOP, EXDEV:
                throw RepositoryError(
                    .forbiddenPath, "refused to read \"\(path)\": it is a symbolic link or leads out of the tree")
            default:
                throw systemError("read \"\(path)\"")
            }
        }
        defer { close(file) }
        var state = stat()
        guard fstat(file, &state) == 0 else { throw systemError("read \"\(path)\"") }
        guard state.st_mode & S_IFMT == S_IFREG else {
            throw RepositoryError(.notARegularFile, "\"\(path)\" is not a regular file")
        }
        do throws(SystemError) {
            return (try FileContent.read(file, expecting: Int(state.st_size)), state)
        } catch {
            throw systemError("read \"\(path)\"", error.number)
        }
    }

    /// Reads the target of a symbolic link, and its state.
    func readLink(_ path: TreePath) throws(RepositoryError) -> (bytes: [UInt8], state: stat)? {
        try withParent(of: path) { folder throws(RepositoryError) in
            var state = stat()
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            guard folder >= 0, fstatat(folder, path.name, &state, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
            let count = readlinkat(folder, path.name, &target, target.count)
            guard count >= 0 else { return nil }
            return (target.prefix(count).map { UInt8(bitPattern: $0) }, state)
        }
    }

    /// The state of a path itself, not of the target of a link; nil if there is nothing.
    func state(of path: TreePath) throws(RepositoryError) -> stat? {
        try withParent(of: path) { folder throws(RepositoryError) in
            var state = stat()
            guard folder >= 0, fstatat(folder, path.name, &state, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
            return state
        }
    }

    private func makeFolder(_ path: TreePath) throws(RepositoryError) {
        try withParent(of: path, making: true) { parent throws(RepositoryError) in
            guard parent >= 0, mkdirat(parent, path.name, 0o777) == 0 || errno == EEXIST else {
                throw systemError("make the folder \"\(path)\"")
            }
        }
    }
}

/// The error of a call of the system; without a number, of the call that has just failed.
func systemError(_ attempt: String, _ number: Int32 = errno) -> RepositoryError {
    let code: RepositoryError.Code = number == ENOTDIR || number == EISDIR ? .inTheWay : .system
    let error = SystemError(attempt, number)
    return RepositoryError(
        code, "could not \(attempt): \(error.reason)", details: "errno \(number)", underlying: error)
}

/// Removes a folder with its contents; fails with `system`.
func removeFolder(_ path: String) throws(RepositoryError) {
    do throws(SystemError) { try FolderRemoval.remove(path) } catch { throw systemError(error.attempt, error.number) }
}
