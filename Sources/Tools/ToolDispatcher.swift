public import Responses
public import Session
import Text
public import Workspace

/// Runs the calls of one response, in order, and answers each.
///
/// A call's start is in the journal before it runs, and its answer as soon as it and all before it are made: what ran
/// and was not answered can be told after a crash.
public struct ToolDispatcher: Sendable {
    /// Writes the session's commits.
    public let steps: StepWriter
    private let catalog: ToolCatalog
    private let shell: ShellRunner
    private let commands: RunningCommands
    private let approvals: ApprovalGate?
    private let events: any EventSink

    /// Takes what the tools work with.
    public init(
        catalog: ToolCatalog, steps: StepWriter, shell: ShellRunner, commands: RunningCommands,
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
    ///   - commentary: What the model said before the calls; it becomes the commit's message.
    ///   - turn: The number of the response.
    ///   - only: The one tool that is taken; nil for all.
    /// - Returns: The answers, one for each call and in their order.
    /// - Throws: `CancellationError` when the task is cancelled. Trouble with a call is an answer, never an error.
    public func answer(
        _ calls: [ToolCall], commentary: String?, turn: Int, only: String? = nil
    ) async throws -> [Item] {
        var answers = CallAnswers(calls, turn: turn, events: events)
        await steps.beginStep()
        for (index, call) in calls.enumerated() {
            do throws(ToolRefusal) {
                let tool = try tool(for: call, only: only)
                if tool.effect == .runs { await commit(&answers, commentary) }
                try Self.checkCancellation(call)
                events.record(.callStarted(CallStart(callID: call.callID, name: tool.name, turn: turn)))
                let answer = try await run(tool, call)
                if tool.effect == .edits { answers.stage(index) } else { answers.set(answer, at: index) }
            } catch {
                answers.set(refuse(call, error), at: index)
            }
            try Task.checkCancellation()
        }
        await commit(&answers, commentary)
        return answers.items
    }

    /// Ends the commands that still run and commits what they left: what is there then stays as it is.
    ///
    /// - Returns: The handles of the commands that were stopped.
    @discardableResult
    public func windUp() async -> [String] {
        let stopped = await commands.stopAll()
        await steps.settle()
        return stopped
    }

    /// Commits what commands have changed since the last time, and lets branch and index follow.
    public func settle() async { await steps.settle() }

    private func tool(for call: ToolCall, only: String?) throws(ToolRefusal) -> any Tool {
        let tool = try catalog.tool(for: call)
        if let only, tool.name != only { throw ToolRefusal("not run: only \(only) is taken now") }
        return tool
    }

    private func run(_ tool: any Tool, _ call: ToolCall) async throws(ToolRefusal) -> ToolAnswer {
        let context = ToolContext(
            callID: call.callID, shell: shell, commands: commands, approvals: approvals, steps: steps, events: events)
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

    /// Commits the patches that are staged; their calls get their answers.
    private func commit(_ answers: inout CallAnswers, _ commentary: String?) async {
        guard answers.hasStaged else { return }
        for (index, outcome) in zip(answers.takeStaged(), await steps.commitStaged(commentary: commentary)) {
            answers.set(.patch(isApplied: outcome.isApplied, outcome.message), at: index)
        }
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

/// The answers of one response's calls, handed out in the order of the calls.
private struct CallAnswers {
    private(set) var items: [Item] = []
    private let calls: [ToolCall]
    private let turn: Int
    private let events: any EventSink
    private var made: [Int: ToolAnswer] = [:]
    private var staged: [Int] = []

    init(_ calls: [ToolCall], turn: Int, events: any EventSink) {
        self.calls = calls
        self.turn = turn
        self.events = events
    }

    var hasStaged: Bool { !staged.isEmpty }

    /// Lets a call's answer wait for the commit.
    mutating func stage(_ index: Int) { staged.append(index) }

    mutating func takeStaged() -> [Int] {
        defer { staged = [] }
        return staged
    }

    /// Records an answer once all before it are there, so that journal and history have one order.
    mutating func set(_ answer: ToolAnswer, at index: Int) {
        made[index] = answer
        while items.count < calls.count, let next = made[items.count] {
            let item = next.item(for: calls[items.count])
            events.record(.inputItem(item, turn: turn))
            items.append(item)
        }
    }
}
