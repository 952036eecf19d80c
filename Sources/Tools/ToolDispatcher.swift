public import Responses
public import Session
import Text
public import Workspace

/// Runs the calls of one response, in order, and answers each.
///
/// The start of a call is recorded before it runs, and its answer as soon as it and all earlier ones exist: after a
/// crash the journal shows which calls ran without an answer.
public struct ToolDispatcher: Sendable {
    /// Writes the session's commits; nil where nothing can be changed.
    public let steps: StepWriter?
    private let catalog: ToolCatalog
    private let shell: ShellRunner
    private let commands: RunningCommands
    private let approvals: ApprovalGate?
    private let events: any EventSink

    /// Makes a dispatcher of the tools' parts.
    public init(
        catalog: ToolCatalog, steps: StepWriter?, shell: ShellRunner, commands: RunningCommands,
        approvals: ApprovalGate?, events: any EventSink
    ) {
        self.catalog = catalog
        self.steps = steps
        self.shell = shell
        self.commands = commands
        self.approvals = approvals
        self.events = events
    }

    /// Answers the calls of one response.
    ///
    /// - Parameters:
    ///   - commentary: The model's words before the calls, which become the commit's message.
    ///   - turn: The number of the response.
    ///   - only: The only tool that may be called; nil for all.
    /// - Returns: One answer for each call, in order.
    /// - Throws: `CancellationError` when the task is cancelled. A failed call is an answer and not an error.
    public func answer(
        _ calls: [ToolCall], commentary: String?, turn: Int, only: String? = nil
    ) async throws -> [Item] {
        var answers = CallAnswers(calls, turn: turn, events: events)
        await steps?.beginStep()
        for (index, call) in calls.enumerated() {
            do throws(ToolRefusal) {
                let tool = try tool(for: call, only: only)
                if tool.effect == .runs { await commit(&answers, commentary) }
                try Self.checkCancellation(call)
                events.record(.callStarted(CallStart(callID: call.callID, name: tool.name, turn: turn)))
                let answer = try await run(tool, call, turn: turn)
                if tool.effect == .runs { await steps?.look() }
                if tool.effect == .edits { answers.stage(index) } else { await record(answer, at: index, &answers) }
            } catch {
                await record(refuse(call, error), at: index, &answers)
            }
            try Task.checkCancellation()
        }
        await commit(&answers, commentary)
        return answers.items
    }

    /// Stops the running commands and commits their changes; the tree does not change any more.
    ///
    /// - Returns: The handles of the commands that were stopped.
    @discardableResult
    public func windUp() async -> [String] {
        let stopped = await commands.stopAll()
        await steps?.settle()
        return stopped
    }

    /// Commits what commands have changed since the last time, and updates branch and index.
    public func settle() async { await steps?.settle() }

    private func tool(for call: ToolCall, only: String?) throws(ToolRefusal) -> any Tool {
        let tool = try catalog.tool(for: call)
        if let only, tool.name != only { throw ToolRefusal("not run: only \(only) is taken now") }
        return tool
    }

    private func run(_ tool: any Tool, _ call: ToolCall, turn: Int) async throws(ToolRefusal) -> ToolAnswer {
        let context = ToolContext(
            callID: call.callID, turn: turn, shell: shell, commands: commands, approvals: approvals, steps: steps,
            events: events)
        guard let title = tool.title(of: call) else { return try await tool.run(call, in: context) }
        let id = events.nextItemID()
        var report = ToolReport(name: tool.name, title: title, status: .inProgress)
        events.record(.itemStarted(RunItem(id: id, callID: call.callID, content: .tool(report))))
        do throws(ToolRefusal) {
            let answer = try await tool.run(call, in: context)
            (report.status, report.output) = (.completed, answer.text)
            events.record(.itemCompleted(RunItem(id: id, callID: call.callID, content: .tool(report))))
            return answer
        } catch {
            (report.status, report.output) = (.failed, error.message)
            events.record(.itemCompleted(RunItem(id: id, callID: call.callID, content: .tool(report))))
            throw error
        }
    }

    /// Commits the staged patches, and sets the answers of their calls.
    private func commit(_ answers: inout CallAnswers, _ commentary: String?) async {
        guard let steps, answers.hasStaged else { return }
        for (index, outcome) in zip(answers.takeStaged(), await steps.commitStaged(commentary: commentary)) {
            await record(.patch(isApplied: outcome.isApplied, outcome.message), at: index, &answers)
        }
    }

    /// Records an answer, with what the model has to know of what is in no commit.
    private func record(_ answer: ToolAnswer, at index: Int, _ answers: inout CallAnswers) async {
        answers.record(answer.adding(await steps?.takeRemarks() ?? []), at: index)
    }

    private func refuse(_ call: ToolCall, _ refusal: ToolRefusal) -> ToolAnswer {
        let isPatch = call.name == ApplyPatch.name && !call.isMalformed
        let content: RunItem.Content =
            isPatch
            ? .fileChange(refusal.files, PatchReport(isApplied: false, message: refusal.message))
            : .error(refusal.message)
        events.record(.itemCompleted(RunItem(id: events.nextItemID(), callID: call.callID, content: content)))
        return isPatch ? .patch(isApplied: false, refusal.message) : .text(refusal.message)
    }

    private static func checkCancellation(_ call: ToolCall) throws(ToolRefusal) {
        if Task.isCancelled { throw ToolRefusal("interrupted before it ran") }
    }
}
