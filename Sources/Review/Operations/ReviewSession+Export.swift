import Repository
import Session

extension ReviewSession {
    /// The series as mail for `git am`: one message a commit, binary files included.
    ///
    /// - Throws: `ReviewError` for an empty series; `RepositoryError` from git.
    public func exportMail() throws -> [UInt8] {
        let commits = try chain()
        guard !commits.isEmpty else { throw nothingToExport }
        return try repository.mail(from: start, to: commits.last?.id ?? start)
    }

    /// The series as a bundle for `git fetch`: the session's branch, for a repository that has the commit which the
    /// session was started on.
    ///
    /// - Throws: `ReviewError` for an empty series; `RepositoryError` from git.
    public func exportBundle() throws -> [UInt8] {
        guard try chain().last != nil else { throw nothingToExport }
        let base = summary.start.flatMap { CommitID($0.base) } ?? start
        return try repository.bundle(of: reference, since: base)
    }

    private var nothingToExport: ReviewError {
        want ?? ReviewError(.refused, "the series is empty: there is nothing to export")
    }
}
