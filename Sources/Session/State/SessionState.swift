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

    /// How far the run has come.
    public private(set) var phase = Phase.beginning
    /// The session's name; nil before the first event.
    public private(set) var id: SessionID?
    /// What the run works on and with; nil while it is not known.
    public private(set) var start: RunStart?
    /// The result so far. Verdict and message mean nothing before the run is finished.
    public var result: RunResult {
        var result = book
        if phase != .finished, result.commit != nil { result.commits = series?.commits ?? steps }
        return result
    }
    /// What the model has seen and said, in order.
    public private(set) var window = Window()
    /// How large it is.
    public private(set) var windowSize = WindowSize()
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
    /// The items of the last response; empty once something was said to it.
    public private(set) var lastResponse: [Item] = []
    /// The last claim that the task is done; the model may have gone on since.
    public private(set) var claim: Claim?
    /// How many responses asked for something to be done: each is a step.
    public private(set) var stepCount = 0
    /// How many commands were started that go on; their handles are p1, p2 and so on.
    public private(set) var startedCommandCount = 0
    /// How often the session has gone on.
    public private(set) var resumptionCount = 0
    /// The name of the first event that cannot be read; nil if all can.
    public private(set) var unreadableEvent: String?
    /// What a person has allowed for as long as the session lasts, each once.
    public private(set) var grants: [ApprovalReport] = []
    /// The response that the server makes in the background, of which it is not known how it ended: what a resumed run
    /// waits for instead of asking again.
    public private(set) var pending: BackgroundReport?
    /// How many names of items are taken: the next one is `item_` and this number.
    public private(set) var itemCount = 0
    /// How long after the beginning of the run the last event happened.
    public private(set) var elapsed: Duration = .zero

    /// The reference that holds the session's commits, whether or not there are any.
    private var branch: String?
    /// The result without the commits, which the steps and the series are.
    private var book = RunResult(verdict: .internal, message: "")
    private var startedCalls: Set<String> = []
    /// What is known of calls without an answer.
    private var traces: [String: OpenCall.Trace] = [:]
    /// Items of a response of which it is not known whether it is complete.
    private var arriving: [Item] = []

    /// Nothing has happened.
    public init() {}

    /// The calls that have no answer yet, in order.
    public var openCalls: [OpenCall] {
        window.unansweredCalls.map {
            let id = $0.callID ?? ""
            return OpenCall(item: $0, isStarted: startedCalls.contains(id), trace: traces[id] ?? .init())
        }
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
            book.sessionFolder = thread.folder
            book.base = thread.base
        case .runStarted(let run): begin(run)
        case .runResumed(let resumption): goOn(resumption)
        case .baseline(let report, let names):
            book.baseline = report
            failures = names
        case .baselineRepeated(let repetitions): book.confirmation = repetitions
        case .turnStarted:
            // A response that did not come to its end is made again.
            arriving = []
            pending = nil
        case .turnFailed: arriving = []
        case .responseInBackground(let report): pending = report
        case .responseItem(let item, _): arriving.append(item)
        case .turnCompleted(let report):
            keepArrived()
            pending = nil
            if let usage = report.usage, usage.input > 0 { windowSize.count(usage.total, of: window) }
            turns.append(report)
            book.turns = turns.count
            spend(report.usage, report.cost)
        case .inputItem(let item, _):
            keepArrived()
            // What comes behind a request is not known to the response.
            pending = nil
            lastResponse = []
            window.append(item)
            if item.isOutput, let callID = item.callID {
                startedCalls.remove(callID)
                traces[callID] = nil
            } else {
                claim?.take(item)
            }
        case .windowCompacted(let report):
            keepArrived()
            window.replace(with: report.items)
            spend(report.usage, report.cost)
        case .callStarted(let call):
            keepArrived()
            startedCalls.insert(call.callID)
        case .itemStarted(let item), .itemUpdated(let item): count(item)
        case .itemCompleted(let item):
            count(item)
            if let callID = item.callID, startedCalls.contains(callID) || OpenCall.Trace.isOfRefusal(item.content) {
                traces[callID, default: .init()].take(item.content)
            }
        case .commitCreated(let commit):
            steps.append(commit)
            series = nil
            standAt(commit.id)
        case .seriesOrdered(let ordered):
            series = ordered
            standAt(ordered.commits.last?.id ?? steps.last?.id)
        case .branchChanged(let name):
            branch = name
            if book.branch != nil { book.branch = name }
        case .taskClaimed(let summary):
            book.summary = summary
            if claim?.turn != turns.count { claim = Claim(text: summary, turn: turns.count, stepCount: stepCount) }
        case .verified(let verification): book.verification = verification
        case .runFinished(let end):
            book = end
            phase = .finished
        case .approvalDecided(let request, let decision): grant(request, decision)
        case .compactionFailed(let report): spend(report.usage, report.cost)
        case .unknown(let event): unreadableEvent = unreadableEvent ?? event.name
        case .requestSent, .textDelta, .reasoningDelta, .progress, .approvalRequested, .notice, .eventsMissed,
            .milestoneReported:
            break
        }
    }

    private mutating func begin(_ run: RunStart) {
        phase = .running
        start = run
        branch = run.branch
        book.base = run.base
    }

    /// What the session came to before counts no more; what it works with may be another model or policy.
    private mutating func goOn(_ resumption: RunResumption) {
        phase = start == nil ? .beginning : .running
        resumptionCount += 1
        arriving = []
        start?.model = resumption.model
        start?.endpoint = resumption.endpoint
        if let policy = resumption.policy { start?.policy = policy }
    }

    private mutating func grant(_ request: ApprovalReport, _ decision: ApprovalDecision) {
        guard decision == ApprovalDecision(.session, by: .person) else { return }
        let isKnown = grants.contains {
            ($0.tool ?? $0.command) == (request.tool ?? request.command) && $0.rights == request.rights
        }
        if !isKnown {
            grants.append(request)
        }
    }

    /// The session's work is now this commit.
    private mutating func standAt(_ commit: String?) {
        book.commit = commit
        book.branch = branch
    }

    private mutating func spend(_ usage: Usage?, _ cost: Cost?) {
        if let usage { book.usage += usage }
        if let cost { book.cost = book.cost.map { $0.adding(cost) ?? cost } ?? cost }
    }

    private mutating func keepArrived() {
        guard !arriving.isEmpty else { return }
        if arriving.contains(where: \.isClientCall) { stepCount += 1 }
        window.append(contentsOf: arriving)
        (lastResponse, arriving) = (arriving, [])
    }

    private mutating func count(_ item: RunItem) {
        if case .startedCommand(let command) = item.content, let number = Int(command.handle.dropFirst()) {
            startedCommandCount = max(startedCommandCount, number)
        }
        guard item.id.hasPrefix("item_"), let number = Int(item.id.dropFirst(5)), number < Int.max else { return }
        itemCount = max(itemCount, number + 1)
    }
}
