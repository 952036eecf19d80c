import Responses
import Session

/// A response that a run had made in the background, as its journal tells.
struct KnownJob {
    /// Its id on the server.
    let response: ResponseID
    /// The session that it belongs to.
    let session: SessionID
    /// The turn in that session.
    let turn: Int
    /// The number of its last event that came.
    var sequence: Int?
    /// Whether the run has got all of it.
    var isDone = false

    /// The jobs of the newest sessions, the newest job first.
    ///
    /// - Parameters:
    ///   - sessionLimit: So many sessions are looked at; reading a journal takes a millisecond for each megabyte.
    ///   - limit: So many jobs are wanted.
    static func all(in store: SessionStore, sessionLimit: Int, limit: Int) -> [KnownJob] {
        var jobs: [KnownJob] = []
        for session in store.identifiers().prefix(sessionLimit) where jobs.count < limit {
            // A session that cannot be read has no jobs to tell of; graft clean says what is wrong with it.
            guard let folder = try? store.folder(of: session), let journal = JournalFile(path: folder.journal) else {
                continue
            }
            jobs += of(session, in: journal).reversed()
        }
        return Array(jobs.prefix(limit))
    }

    private static func of(_ session: SessionID, in journal: JournalFile) -> [KnownJob] {
        var jobs: [KnownJob] = []
        var places: [ResponseID: Int] = [:]
        journal.forEach([.responseInBackground, .turnCompleted]) { line in
            switch line.event {
            case .responseInBackground(let report):
                if let place = places[report.response] {
                    jobs[place].sequence = report.sequence ?? jobs[place].sequence
                } else {
                    places[report.response] = jobs.count
                    jobs.append(
                        KnownJob(
                            response: report.response, session: session, turn: report.turn, sequence: report.sequence))
                }
            case .turnCompleted(let report): if let place = places[report.response] { jobs[place].isDone = true }
            default: break
            }
            return true
        }
        return jobs
    }
}
