import CGit
import Glibc
import OS

/// Why an operation on a git repository failed.
public struct RepositoryError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// No repository contains the folder.
        case notARepository
        /// The repository has no working tree.
        case bare
        /// The repository uses a feature that Graft cannot handle.
        case unsupported
        /// git's safe.directory rule forbids the repository.
        case ownedBySomeoneElse
        /// A merge, rebase or cherry-pick has left conflicts in the index.
        case conflicts
        /// Uncommitted work would be overwritten.
        case uncommitted
        /// A merge, rebase, cherry-pick or similar operation is unfinished.
        case unfinished
        /// Another process has moved the reference.
        case referenceMoved
        /// The branch is checked out and must not be moved.
        case checkedOut
        /// The branch, reference or folder exists already.
        case alreadyExists
        /// The commit, file or reference does not exist.
        case notFound
        /// The new tree is the parent's tree.
        case nothingChanged
        /// A series of commits does not start or end where it should.
        case mismatch
        /// A path leads out of the tree or into `.git`, or is invalid.
        case forbiddenPath
        /// A folder is in the place of a file, or a file in the place of a folder.
        case inTheWay
        /// The path is a link, folder or device where a regular file is needed.
        case notARegularFile
        /// Another process holds the lock.
        case locked
        /// Graft did not make it and does not remove it.
        case notOurs
        /// A limit of time was reached.
        case outOfTime
        /// The `git` command failed or timed out.
        case gitCommand
        /// The operating system refused.
        case system
        /// libgit2 failed for another reason.
        case library

        init(libgit2 result: Int32) {
            switch git_error_code(rawValue: result) {
            case GIT_ELOCKED: self = .locked
            case GIT_EMODIFIED: self = .referenceMoved
            case GIT_EEXISTS: self = .alreadyExists
            case GIT_ENOTFOUND: self = .notFound
            case GIT_EBAREREPO: self = .bare
            case GIT_EOWNER: self = .ownedBySomeoneElse
            default: self = .library
            }
        }
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was tried, on what, and why it failed; one line for a person.
    public let message: String
    /// What to do next.
    public let nextStep: String?
    /// What a bug report needs: the library's code, the end of a command's error output.
    public let details: String
    /// The error behind it; nil where there is none.
    public let underlying: (any Error)?

    init(
        _ code: Code, _ message: String, nextStep: String? = nil, details: String = "",
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.details = details
        self.underlying = underlying
    }

    /// The errors of a file system that takes nothing more: full, over quota, read-only, or failing.
    static let storageErrors = [ENOSPC, EDQUOT, EROFS, EIO]

    /// The error number, if the file system takes nothing more; nil for all other errors.
    public var storageError: Int32? {
        guard let number = (underlying as? SystemError)?.number, Self.storageErrors.contains(number) else { return nil }
        return number
    }

    /// The same error with another next step.
    public func advising(_ nextStep: String?) -> RepositoryError {
        RepositoryError(code, message, nextStep: nextStep, details: details, underlying: underlying)
    }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }
}
