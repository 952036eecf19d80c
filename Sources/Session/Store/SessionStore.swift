import Glibc
import OS

/// The folders of all sessions: makes one, lists them, opens one to go on with it.
public struct SessionStore: Sendable {
    /// The folder of all sessions.
    public let root: String

    /// Looks where `SessionFolder` puts sessions in this environment.
    public init(environment: [String: String]) {
        root = SessionFolder.root(environment: environment) + "/sessions"
    }

    /// All sessions, the newest first.
    public func identifiers() -> [SessionID] {
        FolderListing.names(in: root).filter { SessionID(parsing: $0) != nil }.sorted(by: >).map(SessionID.init)
    }

    /// The folder of a session; fails if it is not there, or is a link to somewhere else.
    public func folder(of id: SessionID) throws(SessionError) -> SessionFolder {
        var status = stat()
        let path = "\(root)/\(id)"
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw SessionError(.notFound, "there is no session \(id) in \(root)", nextStep: "graft sessions lists them")
        }
        return SessionFolder(existing: path)
    }

    /// Reads the beginning and the end of a session's journal, however long it is.
    public func summary(of id: SessionID) throws(SessionError) -> SessionSummary {
        let folder = try folder(of: id)
        guard let journal = JournalFile(path: folder.journal) else {
            return SessionSummary(id: id, folder: folder, start: nil, result: nil, isRunning: false)
        }
        var start: RunStart?
        journal.forEach([.runStarted], upTo: 1 << 20) { line in
            if case .runStarted(let run) = line.event { start = run }
            return start == nil
        }
        // A killed run ends anywhere.
        var result: RunResult?
        if case .runFinished(let end)? = journal.lastLine().flatMap(JournalLine.init)?.event { result = end }
        return SessionSummary(id: id, folder: folder, start: start, result: result, isRunning: journal.isInUse)
    }

    /// Finds the session that a person means: a name, the start or the end of one, or nothing for the latest of a
    /// repository.
    ///
    /// - Parameter repository: The working directory of the repository; nil to take sessions of any.
    public func resolve(_ text: String?, repository: String?) throws(SessionError) -> SessionID {
        let all = identifiers()
        guard let text else {
            for id in all {
                let summary = try summary(of: id)
                let isOf = repository.map { place in
                    summary.start.map { FilePath.isSame($0.repository, place) } ?? false
                }
                if isOf ?? true { return id }
            }
            throw SessionError(
                .notFound, "there is no session of \(repository ?? "any repository") in \(root)",
                nextStep: "graft fix and graft run make them")
        }
        let matches = all.filter { $0.rawValue.hasPrefix(text) || $0.rawValue.hasSuffix(text) }
        if let exact = matches.first(where: { $0.rawValue == text }) { return exact }
        guard let match = matches.first, !text.isEmpty else {
            throw SessionError(
                .notFound, "there is no session \"\(text)\" in \(root)", nextStep: "graft sessions lists them")
        }
        guard matches.count == 1 else {
            let names = matches.prefix(5).map(\.rawValue).joined(separator: ", ")
            throw SessionError(
                .ambiguous, "\"\(text)\" may be \(matches.count) sessions (\(names))", nextStep: "say more of it")
        }
        return match
    }
}
