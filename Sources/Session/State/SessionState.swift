public import Responses

/// What the events of a session add up to: the one book of a run, and all that a resumed one has to know.
///
/// A journal keeps it while a run goes on, and a run's result is read off it. Folded from the journal of a process that
/// has died it says what was done, what the model knows, and which calls are open.
public struct SessionState: Sendable, Equatable {
    /// How far the run has come.
    public enum Phase: Sendable {
        /// The surroundings are not known yet.
        case beginning
        /// The model is at work.
        case running
        /// There is a result.
        case finished
    }

    /// A call of the model that has no answer yet.
    public struct OpenCall: Sendable, Equatable {
        /// The call, as the server sent it.
        public let item: Item
        /// Whether it was started: what it has done then is not known, and it must not be run again.
        public let isStarted: Bool
    }

    /// How far the run has come.
    public private(set) var phase = Phase.beginning
    /// The session's name; nil before the first event.
    public private(set) var id: SessionID?
    /// What the run works on and with; nil while it is not known.
    public private(set) var start: RunStart?
    /// The result so far. Verdict and message mean nothing before the run is finished.
    public private(set) var result = RunResult(verdict: .internal, message: "")
    /// What the model has seen and said, in order.
    public private(set) var window = Window()
    /// The raw steps, oldest first; the result has the series in their place once they are ordered.
    public private(set) var steps: [CommitReport] = []
    /// The series that the steps were ordered into; nil again after a further step.
    public private(set) var series: SeriesReport?
    /// The names of the tests that failed before anything was done.
    public private(set) var failures: [String] = []
    /// What each response cost and how long it took, in order.
    public private(set) var turns: [TurnReport] = []
    /// What has been done, as a model must know it that has forgotten the conversation.
    public private(set) var work = WorkRecord()
    /// How many names of items are taken: the next one is `item_` and this number.
    public private(set) var itemCount = 0
    /// How long after the beginning of the run the last event happened.
    public private(set) var elapsed: Duration = .zero

    /// The reference that holds the session's commits, whether or not there are any.
    private var branch: String?
    private var startedCalls: Set<String> = []
    /// Items of a response of which it is not known whether it is complete.
    private var arriving: [Item] = []

    /// Nothing has happened.
    public init() {}

    /// The calls that have no answer yet, in order.
    public var openCalls: [OpenCall] {
        window.unansweredCalls.map { OpenCall(item: $0, isStarted: startedCalls.contains($0.callID ?? "")) }
    }

    /// The result as it would be if the run ended now.
    public func result(_ verdict: Verdict, _ message: String) -> RunResult {
        var result = result
        result.verdict = verdict
        result.message = message
        result.duration = elapsed
        return result
    }

    /// Takes in an event with its time.
    public mutating func apply(_ event: RunEvent, at time: Duration) {
        elapsed = max(elapsed, time)
        apply(event)
    }

    /// Takes in an event.
    public mutating func apply(_ event: RunEvent) {
        work.apply(event)
        switch event {
        case .threadStarted(let thread):
            id = thread.id
            result.sessionFolder = thread.folder
            result.base = thread.base
        case .runStarted(let run): begin(run)
        case .baseline(let report, let names):
            result.baseline = report
            failures = names
        case .turnStarted, .turnFailed:
            // A response that did not come to its end is made again.
            arriving = []
        case .responseItem(let item, _): arriving.append(item)
        case .turnCompleted(let report):
            keepArrived()
            turns.append(report)
            result.turns = turns.count
            if let usage = report.usage { result.usage += usage }
            if let cost = report.cost { result.cost = result.cost.map { $0.adding(cost) ?? cost } ?? cost }
        case .inputItem(let item, _):
            keepArrived()
            window.append(item)
            if item.isOutput, let callID = item.callID { startedCalls.remove(callID) }
        case .windowCompacted(let report):
            keepArrived()
            window.replace(with: report.items)
            if let usage = report.usage { result.usage += usage }
        case .callStarted(let call):
            keepArrived()
            startedCalls.insert(call.callID)
        case .itemStarted(let item), .itemUpdated(let item), .itemCompleted(let item): count(item)
        case .commitCreated(let commit):
            steps.append(commit)
            series = nil
            standAt(commit.id, steps)
        case .seriesOrdered(let ordered):
            series = ordered
            standAt(ordered.commits.last?.id ?? steps.last?.id, ordered.commits)
        case .branchChanged(let name):
            branch = name
            if result.branch != nil { result.branch = name }
        case .taskClaimed(let summary): result.summary = summary
        case .verified(let verification): result.verification = verification
        case .runFinished(let end):
            result = end
            phase = .finished
        case .requestSent, .textDelta, .reasoningDelta, .progress, .approvalRequested, .approvalDecided, .notice,
            .eventsMissed, .milestoneReported, .unknown:
            break
        }
    }

    private mutating func begin(_ run: RunStart) {
        phase = .running
        start = run
        branch = run.branch
        result.base = run.base
    }

    /// The session's work is now this commit, at the end of these.
    private mutating func standAt(_ commit: String?, _ commits: [CommitReport]) {
        result.commit = commit
        result.commits = commits
        result.branch = branch
    }

    private mutating func keepArrived() {
        window.append(contentsOf: arriving)
        arriving = []
    }

    private mutating func count(_ item: RunItem) {
        guard item.id.hasPrefix("item_"), let number = Int(item.id.dropFirst(5)), number < Int.max else { return }
        itemCount = max(itemCount, number + 1)
    }
}
