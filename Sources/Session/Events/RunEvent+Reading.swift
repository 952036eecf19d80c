public import JSON
import Responses

extension RunEvent {
    /// Reads an event back; nil for what is no event at all: not an object, or one without a name.
    ///
    /// An event whose name nobody here knows, and one that lacks what it must have, becomes `unknown`. Members that
    /// nobody knows are passed over.
    public init?(_ json: JSON) {
        guard json.kind == .object, let name = json["type"]?.string else { return nil }
        let known = Kind(rawValue: name).flatMap { Self.read($0, json) }
        self = known ?? .unknown(UnknownEvent(name: name, raw: Array(json.raw)))
    }

    private static func read(_ kind: Kind, _ json: JSON) -> RunEvent? {
        switch kind {
        case .threadStarted: ThreadStart(json).map { .threadStarted($0) }
        case .runStarted: RunStart(json).map { .runStarted($0) }
        case .runResumed: RunResumption(json).map { .runResumed($0) }
        case .baseline:
            CommandReport(json).map {
                .baseline($0, failures: json["failures"].map { $0.elements.compactMap(\.string) } ?? [])
            }
        case .baselineRepeated: Repetitions(json).map { .baselineRepeated($0) }
        case .turnStarted: json["turn"]?.int.map { .turnStarted($0) }
        case .requestSent: RequestReport(json).map { .requestSent($0) }
        case .responseInBackground: BackgroundReport(json).map { .responseInBackground($0) }
        case .responseItem: Item(journal: json).map { .responseItem($0, turn: json["turn"]?.int ?? 0) }
        case .inputItem: Item(journal: json).map { .inputItem($0, turn: json["turn"]?.int ?? 0) }
        case .callStarted: CallStart(json).map { .callStarted($0) }
        case .itemStarted: json["item"].flatMap(RunItem.init).map { .itemStarted($0) }
        case .itemUpdated: json["item"].flatMap(RunItem.init).map { .itemUpdated($0) }
        case .itemCompleted: json["item"].flatMap(RunItem.init).map { .itemCompleted($0) }
        case .turnCompleted: TurnReport(json).map { .turnCompleted($0) }
        case .turnFailed: json["error"]?["message"]?.string.map { .turnFailed($0) }
        case .commitCreated: json["commit"].flatMap(CommitReport.init).map { .commitCreated($0) }
        case .branchChanged: json["branch"]?.string.map { .branchChanged($0) }
        case .seriesOrdered: SeriesReport(json).map { .seriesOrdered($0) }
        case .milestoneReported: Milestone(json).map { .milestoneReported($0, turn: json["turn"]?.int ?? 0) }
        case .windowCompacted: CompactionReport(json).map { .windowCompacted($0) }
        case .compactionFailed: FailedCompaction(json).map { .compactionFailed($0) }
        case .taskClaimed: json["summary"]?.string.map { .taskClaimed(summary: $0) }
        case .verified: Verification(json).map { .verified($0) }
        case .approvalRequested: ApprovalReport(json).map { .approvalRequested($0) }
        case .approvalDecided:
            ApprovalReport(json).flatMap { request in
                ApprovalDecision(json).map { .approvalDecided(request, $0) }
            }
        case .notice: json["message"]?.string.map { .notice($0) }
        case .eventsMissed: json["count"]?.int.map { .eventsMissed($0) }
        case .runFinished: RunResult(json).map { .runFinished($0) }
        }
    }
}
