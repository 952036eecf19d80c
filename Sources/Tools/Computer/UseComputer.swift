import Browser
public import Responses
public import Session
import Workspace

/// Does what the model wants on the screen of a browser, and shows it the screen.
public struct UseComputer: Tool {
    private static let longestAction = 200

    private let desk: ComputerDesk

    /// Makes the tools for a browser: the screen, and functions for what a screen cannot say.
    public static func all(_ desk: ComputerDesk) -> [any Tool] {
        [UseComputer(desk), OpenPage(desk: desk), ReadPage(desk: desk), AnswerPage(desk: desk)]
    }

    private init(_ desk: ComputerDesk) { self.desk = desk }

    /// As the server calls it.
    public static let name = "computer"

    /// As the server calls it.
    public var name: String { Self.name }
    /// The server's own; it is no function.
    public var definition: ToolDefinition { .computer }
    /// In all requests, as built-in tools are.
    public var placement: ToolPlacement { .always }
    /// What is patched is to be seen, and servers may change files.
    public var effect: ToolEffect { .runs }
    /// What the policy lets commands reach.
    public var reach: ToolReach { .network }
    /// Each step has one; this is for all of a call.
    public var timeLimit: Duration? { .seconds(600) }

    /// Asks about the provider's doubts, does the actions, and shows what is there then.
    public func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        guard case .computer(let computer) = call.request else { throw ToolRefusal("computer takes actions") }
        let actions = computer.actions.prefix(ComputerDesk.mostAtOnce).map { Self.words(of: $0) }
        if let question = call.question { try await Self.ask(about: question, in: context) }
        let id = context.events.nextItemID()
        var report = ComputerReport(actions: actions)
        func record(_ event: (RunItem) -> RunEvent) {
            context.events.record(event(RunItem(id: id, callID: context.callID, content: .computer(report))))
        }
        record(RunEvent.itemStarted)
        do throws(ToolRefusal) {
            await context.steps?.begin([])
            let outcome = try await desk.perform(computer.actions, in: context)
            (report.status, report.screenshot, report.note) = (.completed, outcome.path, outcome.note)
            record(RunEvent.itemCompleted)
            return .screenshot(
                url: outcome.picture.dataURL, acknowledged: computer.pendingSafetyChecks, note: outcome.note)
        } catch {
            report.status = .failed
            record(RunEvent.itemCompleted)
            throw error
        }
    }

    /// Ends the browser.
    public func close() async { await desk.close() }

    private static func words(of action: ComputerAction) -> String {
        let line = action.description.split(whereSeparator: \.isNewline).joined(separator: "⏎")
        return line.count > longestAction ? line.prefix(longestAction) + "…" : line
    }

    /// Asks a person whether the actions may be done in spite of the provider's doubts.
    ///
    /// The server takes no answer that does not name all doubts as known, so that a no ends the run.
    private static func ask(about question: ApprovalRequest, in context: ToolContext) async throws(ToolRefusal) {
        let decision = await context.approvals?.decide(question) ?? ApprovalDecision(.no, by: .headless)
        if Task.isCancelled { throw ToolRefusal("interrupted before it ran") }
        if decision.answer == .no { throw ToolRefusal(question.refusal(of: decision), endsRun: true) }
    }
}

extension ToolCall {
    /// The question whether the call may be answered in spite of what the provider doubts; nil for a call without doubts.
    public var question: ApprovalRequest? {
        guard case .computer(let call) = request, !call.pendingSafetyChecks.isEmpty else { return nil }
        let doubts = call.pendingSafetyChecks.map { check in
            [check.code, check.message].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
        }
        return ApprovalRequest(doubts: doubts, about: call.actions.prefix(ComputerDesk.mostAtOnce).map(\.description))
    }
}

extension ApprovalRequest {
    /// Why a run does not go on that waits for a yes to actions on a screen.
    public func refusal(of decision: ApprovalDecision) -> String {
        let who = decision.by == .headless ? "nobody was there to allow it" : "it was not allowed"
        return "the provider doubts what was to be done on the screen (\(reason.prefix(300))), and \(who)"
    }
}
