public import Repository
public import Session

/// The commits that a session had when its process ended, for one that goes on with it.
public struct StepHistory: Sendable {
    /// The commit the user's HEAD was at when the session began.
    public let base: CommitID
    /// The commit that the first step stands on.
    public let start: CommitID
    /// The steps, oldest first.
    public private(set) var steps: [CommitReport]
    /// The series that they were ordered into; nil if they are not, or if a step has followed.
    public private(set) var series: SeriesReport?
    /// How many responses have asked for something to be done.
    public let stepCount: Int
    /// How many commands were started that went on.
    public let startedCommandCount: Int
    /// The last step, or the start.
    public private(set) var head: CommitID

    /// Reads what a session has recorded; nil if that names no commits.
    public init?(_ state: SessionState) {
        guard let run = state.start, let base = CommitID(run.base), let start = CommitID(run.start) else { return nil }
        var head = start
        if let last = state.steps.last {
            guard let id = CommitID(last.id) else { return nil }
            head = id
        }
        (self.base, self.start, self.head) = (base, start, head)
        (steps, series) = (state.steps, state.series)
        (stepCount, startedCommandCount) = (state.stepCount, state.startedCommandCount)
    }

    /// Takes in a step that the repository has and the session has not recorded.
    mutating func take(_ commit: CommitReport, _ id: CommitID) {
        steps.append(commit)
        series = nil
        head = id
    }

    /// The commits that the session's branch may be at.
    var known: Set<CommitID> {
        Set([start] + (steps + (series?.commits ?? [])).compactMap { CommitID($0.id) })
    }

    /// The end of the series; nil without one.
    var seriesTip: CommitID? { series?.commits.last.flatMap { CommitID($0.id) } }
}
