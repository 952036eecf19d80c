import JSON
import Text

extension RunEvent {
    /// The event as a line of the journal, with its end; nil for those that are shown and not kept.
    ///
    /// - Parameter time: How long after the beginning of the run it happened.
    public func line(at time: Duration) -> [UInt8]? {
        if case .unknown(let event) = self { return event.raw + [0x0A] }
        guard let kind else { return nil }
        var writer = JSONWriter()
        writer.object {
            // Readers tell by the first bytes of a line whether they have to parse it: see `JournalLine.kind(of:)`.
            $0.member("type", kind.rawValue)
            $0.member("t_ms", time.milliseconds)
            write(into: &$0)
        }
        return writer.bytes + [0x0A]
    }

    /// Writes the members behind `type` and `t_ms`.
    private func write(into writer: inout JSONWriter) {
        switch self {
        case .threadStarted(let thread): thread.write(into: &writer)
        case .runStarted(let start): start.write(into: &writer)
        case .runResumed(let resumption): resumption.write(into: &writer)
        case .baseline(let report, let failures):
            report.write(into: &writer)
            writer.member("failures", array: { for failure in failures { $0.string(failure) } })
        case .baselineRepeated(let repetitions): repetitions.write(into: &writer)
        case .turnStarted(let turn): writer.member("turn", turn)
        case .requestSent(let report): report.write(into: &writer)
        case .responseInBackground(let report): report.write(into: &writer)
        case .responseItem(let item, let turn):
            writer.member("turn", turn)
            writer.member("response", "turn_\(turn)")
            item.write(into: &writer)
        case .inputItem(let item, let turn):
            writer.member("turn", turn)
            item.write(into: &writer)
        case .callStarted(let call): call.write(into: &writer)
        case .itemStarted(let item), .itemUpdated(let item), .itemCompleted(let item):
            writer.member("item", object: { item.write(into: &$0) })
        case .turnCompleted(let report): report.write(into: &writer)
        case .turnFailed(let message): writer.member("error", object: { $0.member("message", message) })
        case .commitCreated(let commit): writer.member("commit", object: { commit.write(into: &$0) })
        case .branchChanged(let name): writer.member("branch", name)
        case .seriesOrdered(let series): series.write(into: &writer)
        case .milestoneReported(let milestone, let turn):
            writer.member("turn", turn)
            milestone.write(into: &writer)
        case .windowCompacted(let report): report.write(into: &writer)
        case .compactionFailed(let report): report.write(into: &writer)
        case .taskClaimed(let summary): writer.member("summary", summary)
        case .verified(let verification): verification.write(into: &writer)
        case .approvalRequested(let request): request.write(into: &writer)
        case .approvalDecided(let request, let decision):
            request.write(into: &writer)
            decision.write(into: &writer)
        case .notice(let message): writer.member("message", message)
        case .eventsMissed(let count): writer.member("count", count)
        case .runFinished(let result): result.write(into: &writer)
        case .textDelta, .reasoningDelta, .progress, .unknown: break
        }
    }
}
