import Glibc
import OS

/// Which session does a task of a repository; this process alone may change that while the value lives.
///
/// It is a small file below `tasks` in Graft's folder, with a line `SESSION BASE`, and locked by whoever works.
public final class TaskRecord: Sendable {
    private let file: Descriptor
    private let lock: FileLock?
    /// The session that has begun the task, and the commit it started from; nil for a task that nobody has begun.
    public let known: (session: SessionID, base: String)?

    /// Opens the record of a task, or makes an empty one.
    ///
    /// - Parameter repository: The folder of the repository's objects, so that tasks of two repositories may have one name.
    /// - Throws: `.inUse` while another process works on the task, `.folder` and `.place` where there can be no record.
    public init(
        of task: TaskID, repository: String, environment: [String: String]
    ) throws(SessionError) {
        try SessionFolder.makeRoot(environment: environment)
        let folder = Self.folder(environment: environment)
        try SessionFolder.make(folder)
        let path = "\(folder)/\(task)-\(Self.digest(repository))"
        do throws(SystemError) {
            file = try Descriptor(opening: path, O_RDWR | O_CREAT | O_NOFOLLOW)
        } catch {
            throw SessionError(writing: path, error.number)
        }
        // A file system without locks has nobody to exclude.
        let taken: FileLock??
        do throws(SystemError) { taken = .some(try FileLock(.exclusive, on: file)) } catch { taken = nil }
        if case .some(nil) = taken {
            let process = FileLock.holder(of: file).map { " (process \($0))" } ?? ""
            throw SessionError(
                .inUse, "the task \(task) is being worked on by another process\(process)",
                nextStep: "wait for its end; the same call then has its result")
        }
        lock = taken ?? nil
        known = Self.read(file)
    }

    /// Says that a session has begun the task.
    public func begin(_ session: SessionID, base: String) {
        let line = Array("\(session) \(base)\n".utf8)
        // A task whose record cannot be written is begun anew the next time.
        _ = pwrite(file.raw, line, line.count, 0)
        ftruncate(file.raw, off_t(line.count))
        fdatasync(file.raw)
    }

    private static func read(_ file: Descriptor) -> (session: SessionID, base: String)? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = max(pread(file.raw, &bytes, bytes.count, 0), 0)
        let words = String(decoding: bytes[..<count], as: UTF8.self).split { $0 == " " || $0 == "\n" }
        guard words.count == 2, let session = SessionID(parsing: String(words[0])) else { return nil }
        return (session, String(words[1]))
    }

    private static func folder(environment: [String: String]) -> String {
        SessionFolder.root(environment: environment) + "/tasks"
    }

    /// A short name for a path (FNV-1a, 64 bits).
    private static func digest(_ path: String) -> String {
        let hash = path.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Removes the records of sessions that are gone.
    public static func removeStale(environment: [String: String]) {
        let folder = folder(environment: environment)
        let sessions = SessionStore(environment: environment).root
        for name in FolderListing.names(in: folder) {
            guard let file = try? Descriptor(opening: "\(folder)/\(name)", O_RDWR | O_NOFOLLOW),
                let lock = try? FileLock(.exclusive, on: file)
            else { continue }
            withExtendedLifetime(lock) {
                let session = read(file)?.session
                let isThere = session.map { access("\(sessions)/\($0)", F_OK) == 0 } ?? false
                if !isThere { unlink("\(folder)/\(name)") }
            }
        }
    }
}
