import Repository
import Session

/// The content of a page, without its form.
struct PageContent {
    /// What was asked for, on one line.
    var title: String
    /// What was asked for, in full.
    var task: String
    /// The session's name; nil if nothing can be taken from it.
    var session: String?
    /// The verdict of the run, and whether it is good.
    var verdict: String
    var isGood: Bool
    /// The sentence behind the verdict, and the model's closing words.
    var message: String
    var summary: String?
    /// Names and values for the head.
    var facts: [(name: String, value: String)] = []
    /// The series.
    var commits: [PageCommit] = []
    /// The session's command before anything was done and at the end.
    var checks: [PageRun] = []
    /// What makes a command that passes less than a proof, decisive ones first.
    var doubts: [Doubt] = []
    /// Why there is no series, if that could not be read.
    var failure: String?
    /// What tools of the server did.
    var hosted: [PageHosted] = []
    /// What was done in the browser.
    var screens: [PageScreen] = []
    /// The timeline of the run.
    var timeline = SessionTimeline()
}

/// One commit of the series.
struct PageCommit {
    var number: Int
    var id: String
    var subject: String
    var body: String
    var trailers: [(key: String, value: String)] = []
    /// As which commit it was accepted, and onto which branch; nil while it is pending.
    var acceptance: String?
    /// What was run around it.
    var runs: [PageRun] = []
    /// The diff; nil if it could not be read, with the reason.
    var files: [FileDiff] = []
    var failure: String?
}

/// A command that was run.
struct PageRun {
    /// When, in words such as `before`.
    var label: String
    var command: String
    var report: CommandReport
}
