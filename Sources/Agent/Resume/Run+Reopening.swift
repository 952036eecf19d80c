import Configuration
import Repository
import Responses
import Sandbox
import Session
import Tools
import Workspace

extension Run {
    /// Makes the place of the session again, and brings the books in order: what was committed without a record, what
    /// was left in the tree, calls without an answer.
    func reopen(_ resumption: ResumeRequest, on plan: RunPlan) async throws -> (place: Workspace, tools: ToolDispatcher)
    {
        let session = resumption.session
        var event = RunResumption(
            time: clock.date(), verdict: session.state.phase == .finished ? session.state.result.verdict : nil,
            prompt: resumption.prompt, model: plan.settings.model ?? "", endpoint: plan.endpoint,
            policy: plan.policy.profile.toml)
        event.limits.turns = plan.settings.maxTurns
        event.limits.tokens = plan.settings.maxTokens
        event.limits.time = plan.settings.maxTime
        journal.record(.runResumed(event))
        try await allowOpenCalls(of: resumption, plan.settings.approvals)
        guard let history = StepHistory(session.state) else {
            throw RunEnding(.usage, "the journal of \(session.id) does not name the commits that it began at")
        }
        let found = try await plan.maker.reopen(
            session.id, in: session.folder, history: history, kind: session.state.start?.treeKind ?? .worktree,
            startsOver: plan.runsBaseline && session.state.result.baseline == nil, policy: plan.policy,
            options: plan.treeOptions, events: journal)
        let tools = plan.tools(
            in: found.workspace, messages: plan.messages(for: session.id), clock: clock, events: journal,
            reopened: found)
        for step in found.unrecorded { journal.record(.commitCreated(step.report)) }
        if found.isLeft { await tools.steps?.recover(session.state.interruptedLines) }
        journal.closeCalls(committed: found.unrecorded.last { $0.isOfPatches }?.report, areAllowed: true)
        return (found.workspace, tools)
    }

    /// Asks the person about calls that the session was stopped at because the provider doubts them.
    ///
    /// - Throws: `RunEnding` if nobody allows them: the server would not go on.
    private func allowOpenCalls(of resumption: ResumeRequest, _ mode: ApprovalMode?) async throws {
        let ask = mode == .never ? nil : resumption.ask
        for question in resumption.session.state.openCalls.compactMap({ ToolCall($0.item)?.question }) {
            journal.record(.approvalRequested(question.report))
            // Silence is a no.
            let answer = try? await clock.limiting(ApprovalGate.patience) { await ask?(question) }
            try Task.checkCancellation()
            let isAllowed = answer == .once || answer == .session
            let decision = ApprovalDecision(isAllowed ? .once : .no, by: answer == nil ? .headless : .person)
            journal.record(.approvalDecided(question.report, decision))
            guard decision.answer != .no else { throw RunEnding(.provider, question.refusal(of: decision)) }
        }
    }
}
