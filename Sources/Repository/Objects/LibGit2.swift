import CGit
import Glibc

/// The library itself: started once, on first use, and never shut down.
enum LibGit2 {
    /// Starts libgit2 (about 3 ms) and accepts what it can read but does not know: the extensions `worktreeConfig`,
    /// `partialClone` and `preciousObjects` (git_libgit2_init, GIT_OPT_SET_EXTENSIONS).
    static let started: Bool = {
        guard git_libgit2_init() > 0 else { return false }
        let known: [String] = ["worktreeconfig", "partialclone", "preciousobjects"]
        let copies = known.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        var names: [UnsafePointer<CChar>?] = copies.map { UnsafePointer($0) }
        return git_shim_register_extensions(&names, names.count) == 0
    }()

    /// libgit2's message about the call that has just failed; any later call may replace it (git_error_last).
    static var lastMessage: String {
        guard let error = git_error_last(), let text = error.pointee.message else { return "libgit2 gave no reason" }
        return String(cString: text)
    }
}

/// Throws when a libgit2 call returned an error; `attempt` says what was tried, on what.
@discardableResult
func check(
    _ result: Int32, _ attempt: @autoclosure () -> String, next: String = "", code: RepositoryError.Code? = nil
) throws(RepositoryError) -> Int32 {
    guard result < 0 else { return result }
    let reason = LibGit2.lastMessage
    let advice = next.isEmpty ? "" : "; \(next)"
    throw RepositoryError(
        code ?? .init(libgit2: result), "could not \(attempt()): \(reason)\(advice)", details: "libgit2 error \(result)"
    )
}

/// Unwraps what a successful libgit2 call has filled in.
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
