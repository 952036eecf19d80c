import CGit
import Glibc
import OS

/// libgit2, started once, on first use, and never shut down.
enum LibGit2 {
    /// Starts libgit2 and accepts extensions that do not affect it: `worktreeConfig`,
    /// `partialClone` and `preciousObjects` (git_libgit2_init, GIT_OPT_SET_EXTENSIONS). With what it needs, it takes 3 ms to
    /// load.
    static let started: Bool = {
        guard graft_git_load() == nil, graft_git_start() > 0 else { return false }
        let known: [String] = ["worktreeconfig", "partialclone", "preciousobjects"]
        let copies = known.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        var names: [UnsafePointer<CChar>?] = copies.map { UnsafePointer($0) }
        return git_shim_register_extensions(&names, names.count) == 0
    }()

    /// libgit2's message for the call that has just failed; a later call may replace it (git_error_last).
    static var lastMessage: String {
        if let reason = graft_git_load() { return String(cString: reason) }
        guard let error = git_error_last(), let text = error.pointee.message else { return "libgit2 gave no reason" }
        return String(cString: text)
    }

    /// The lock file that was there already, named in libgit2's message; nil for other messages.
    static func lock(in message: String) -> String? {
        message.wholeMatch(of: #/failed to lock file '(.+)' for writing: ?/#).map { String($0.1) }
    }

    /// The error number whose text libgit2 has put at the end of its message (GIT_ERROR_OS); nil for other messages.
    static func systemError(in message: String) -> Int32? {
        guard git_error_last()?.pointee.klass == Int32(GIT_ERROR_OS.rawValue) else { return nil }
        return (1..<134).first { message.hasSuffix(SystemError.text($0)) }
    }
}

/// Throws when a libgit2 call returned an error.
///
/// - Parameters:
///   - attempt: What was tried, on what.
///   - next: What to do next.
@discardableResult
func check(
    _ result: Int32, _ attempt: @autoclosure () -> String, next: String? = nil, code: RepositoryError.Code? = nil
) throws(RepositoryError) -> Int32 {
    guard result < 0 else { return result }
    // libgit2 gives no reason for a write that fails in the middle of a file.
    let full = [ENOSPC, EDQUOT].contains(errno) ? errno : nil
    let message = LibGit2.lastMessage
    let number = LibGit2.systemError(in: message) ?? full
    let reason = full.map { SystemError.text($0) } ?? message
    let attempt = attempt()
    if let lock = LibGit2.lock(in: message) {
        throw RepositoryError(
            .locked, "could not \(attempt): \(lock) is there, with which git or another Graft keeps others away",
            nextStep: "if none is at work on it, one was killed: remove that file")
    }
    throw RepositoryError(
        code ?? .init(libgit2: result), "could not \(attempt): \(reason)", nextStep: next,
        details: "libgit2 error \(result): \(message)", underlying: number.map { SystemError(attempt, $0) })
}

/// Unwraps the result of a successful libgit2 call.
func unwrap<T>(_ pointer: T?, _ what: String) throws(RepositoryError) -> T {
    guard let pointer else { throw RepositoryError(.library, "libgit2 returned no \(what)") }
    return pointer
}

/// Owns a `git_repository`.
final class RepositoryHandle {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        git_repository_free(pointer)
    }
}
