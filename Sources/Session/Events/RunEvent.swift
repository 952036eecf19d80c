public import Responses

/// Something that happened in a run.
///
/// The journal, `--json`, the terminal view and the result all live on these; what is not an event has not
/// happened. `SessionState` says what the events of a session add up to.
public enum RunEvent: Sendable, Equatable {
    /// The session has a name and a folder.
    case threadStarted(ThreadStart)
    /// The run's surroundings are known.
    case runStarted(RunStart)
    /// A session that had ended or was killed goes on; what it came to before counts no more.
    case runResumed(RunResumption)
    /// The command was run before anything was done.
    case baseline(CommandReport, failures: [String])
    /// The command was repeated before anything was done, on the same files.
    case baselineRepeated(Repetitions)
    /// A request is about to be made.
    case turnStarted(Int)
    /// A request has gone out.
    case requestSent(RequestReport)
    /// A response is made in the background, and has come so far.
    case responseInBackground(BackgroundReport)
    /// The model's text as it streams; shown, not kept.
    case textDelta(String, phase: Item.Phase?)
    /// The model's reasoning as it streams; shown, not kept.
    case reasoningDelta(String)
    /// What goes on right now; shown, not kept.
    case progress(Progress)
    /// A finished item of a response, byte for byte.
    case responseItem(Item, turn: Int)
    /// An item of the harness that goes into the history, byte for byte.
    case inputItem(Item, turn: Int)
    /// A call of the model is about to be run; its answer follows as an input item with the same call id.
    case callStarted(CallStart)
    /// Something begins.
    case itemStarted(RunItem)
    /// Something goes on and there is more of it.
    case itemUpdated(RunItem)
    /// Something has ended.
    case itemCompleted(RunItem)
    /// A response has ended.
    case turnCompleted(TurnReport)
    /// A request has failed for good.
    case turnFailed(String)
    /// A step has been committed.
    case commitCreated(CommitReport)
    /// Another reference than before holds the session's commits: somebody else has taken the branch.
    case branchChanged(String)
    /// The steps have been ordered into a series, which the branch now holds.
    case seriesOrdered(SeriesReport)
    /// A point of the work has been reached, in this turn.
    case milestoneReported(Milestone, turn: Int)
    /// The history was replaced by a shorter one; what it was before stands in the events before this one.
    case windowCompacted(CompactionReport)
    /// A try to replace it has come to nothing, and has cost something.
    case compactionFailed(FailedCompaction)
    /// The model says that the task is done, and why; nothing is proved by that.
    case taskClaimed(summary: String)
    /// The command was run on a clean checkout.
    case verified(Verification)
    /// The model asks for a command with more rights.
    case approvalRequested(ApprovalReport)
    /// It has been decided; what comes of it follows.
    case approvalDecided(ApprovalReport, ApprovalDecision)
    /// Something a person should know that ends nothing.
    case notice(String)
    /// So many events have not reached this listener, because it was too slow; the journal has them.
    case eventsMissed(Int)
    /// The run is over; always the last event, unless the session goes on later.
    case runFinished(RunResult)
    /// An event that this version does not know, or one that lacks what it must have.
    case unknown(UnknownEvent)
}

extension RunEvent {
    /// The events that are written, by their names.
    public enum Kind: String, Sendable, CaseIterable {
        case threadStarted = "thread.started"
        case runStarted = "run.started"
        case runResumed = "run.resumed"
        case baseline = "baseline.completed"
        case baselineRepeated = "baseline.repeated"
        case turnStarted = "turn.started"
        case requestSent = "request.sent"
        case responseInBackground = "response.background"
        case responseItem = "response.item"
        case inputItem = "input.item"
        case callStarted = "call.started"
        case itemStarted = "item.started"
        case itemUpdated = "item.updated"
        case itemCompleted = "item.completed"
        case turnCompleted = "turn.completed"
        case turnFailed = "turn.failed"
        case commitCreated = "commit.created"
        case branchChanged = "branch.changed"
        case seriesOrdered = "series.ordered"
        case milestoneReported = "milestone.reported"
        case windowCompacted = "window.compacted"
        case compactionFailed = "compaction.failed"
        case taskClaimed = "task.claimed"
        case verified = "verification.completed"
        case approvalRequested = "approval.requested"
        case approvalDecided = "approval.decided"
        case notice
        case eventsMissed = "events.missed"
        case runFinished = "run.finished"
    }

    /// What kind of event it is; nil for those that are shown and not kept, and for unknown ones.
    public var kind: Kind? {
        switch self {
        case .threadStarted: .threadStarted
        case .runStarted: .runStarted
        case .runResumed: .runResumed
        case .baseline: .baseline
        case .baselineRepeated: .baselineRepeated
        case .turnStarted: .turnStarted
        case .requestSent: .requestSent
        case .textDelta, .reasoningDelta, .progress, .unknown: nil
        case .responseInBackground: .responseInBackground
        case .responseItem: .responseItem
        case .inputItem: .inputItem
        case .callStarted: .callStarted
        case .itemStarted: .itemStarted
        case .itemUpdated: .itemUpdated
        case .itemCompleted: .itemCompleted
        case .turnCompleted: .turnCompleted
        case .turnFailed: .turnFailed
        case .commitCreated: .commitCreated
        case .branchChanged: .branchChanged
        case .seriesOrdered: .seriesOrdered
        case .milestoneReported: .milestoneReported
        case .windowCompacted: .windowCompacted
        case .compactionFailed: .compactionFailed
        case .taskClaimed: .taskClaimed
        case .verified: .verified
        case .approvalRequested: .approvalRequested
        case .approvalDecided: .approvalDecided
        case .notice: .notice
        case .eventsMissed: .eventsMissed
        case .runFinished: .runFinished
        }
    }
}

/// An event that this version cannot read, kept as it stands so that it can be written again byte for byte.
public struct UnknownEvent: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// The whole object, `type` and `t_ms` included.
    public let raw: [UInt8]
}
