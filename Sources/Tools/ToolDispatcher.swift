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
    private let shelf: ToolShelf?

    /// Makes a dispatcher of the tools' parts.
    ///
    /// - Parameter shelf: The tools that come later; they have begun.
    public init(
        catalog: ToolCatalog, steps: StepWriter?, shell: ShellRunner, commands: RunningCommands,
        approvals: ApprovalGate?, events: any EventSink, shelf: ToolShelf? = nil
    ) {
        self.shelf = shelf
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
    /// - Throws: `CancellationError` when the task is cancelled, and the `ToolRefusal` of a call that ends the run. Any
    ///   other failed call is an answer and not an error.
    public func answer(
        _ calls: [ToolCall], commentary: String?, turn: Int, only: String? = nil
    ) async throws -> [Item] {
        var answers = CallAnswers(calls, turn: turn, events: events)
        await steps?.beginStep()
        var ids: Set<String> = []
        for (index, call) in calls.enumerated() {
            var isEdit = false
            do throws(ToolRefusal) {
                guard ids.insert(call.callID).inserted else {
                    throw ToolRefusal("not run: an earlier call of this response has the same call_id; make it again")
                }
                let tool = try await tool(for: call, only: only)
                isEdit = tool.effect == .edits
                if tool.effect == .runs { await commit(&answers, commentary) }
                try Self.checkCancellation(call)
                events.record(.callStarted(CallStart(callID: call.callID, name: tool.name, turn: turn)))
                let answer = try await run(tool, call, turn: turn)
                if tool.effect == .runs { await steps?.look() }
                if tool.effect == .edits { answers.stage(index) } else { await record(answer, at: index, &answers) }
            } catch {
                let answer = refuse(call, error, isEdit: isEdit)
                // A call that waits for a person stays open.
                if error.endsRun { throw error }
                await record(answer, at: index, &answers)
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

    /// Ends the sources of tools; nothing can be called any more.
    public func close() async {
        await catalog.close()
        await shelf?.close()
    }

    /// Commits what commands have changed since the last time, and updates branch and index.
    public func settle() async { await steps?.settle() }

    /// The definitions that have come since the last time, for the history; nil if there are none.
    public func takeNewTools() async -> [ToolDefinition] {
        await shelf?.takeNew(waitsForAll: catalog.waitsForSources) ?? []
    }

    private func tool(for call: ToolCall, only: String?) async throws(ToolRefusal) -> any Tool {
        let tool = try await catalog.tool(for: call, on: shelf)
        if let only, tool.name != only { throw ToolRefusal("not run: only \(only) is taken now") }
        return tool
    }

    private func run(_ tool: any Tool, _ call: ToolCall, turn: Int) async throws(ToolRefusal) -> ToolAnswer {
        let title = tool.title(of: call)
        let id = title.map { _ in events.nextItemID() }
        let context = ToolContext(
            callID: call.callID, turn: turn, shell: shell, commands: commands, approvals: approvals, steps: steps,
            events: events, shelf: shelf, itemID: id)
        guard let title, let id else { return try await context.run(tool, call) }
        var report = ToolReport(name: tool.shownName, title: title, status: .inProgress, reach: tool.reach)
        events.record(.itemStarted(RunItem(id: id, callID: call.callID, content: .tool(report))))
        do throws(ToolRefusal) {
            let answer = try await context.run(tool, call)
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

    private func refuse(_ call: ToolCall, _ refusal: ToolRefusal, isEdit: Bool) -> ToolAnswer {
        let content: RunItem.Content =
            isEdit
            ? .fileChange(refusal.files, PatchReport(isApplied: false, message: refusal.message))
            : .error(refusal.message)
        events.record(.itemCompleted(RunItem(id: events.nextItemID(), callID: call.callID, content: content)))
        return isEdit ? .patch(isApplied: false, refusal.message) : .text(refusal.message)
    }

    private static func checkCancellation(_ call: ToolCall) throws(ToolRefusal) {
        if Task.isCancelled { throw ToolRefusal("interrupted before it ran") }
    }
}

extension Tool {
    /// The name with the namespace, for people.
    var shownName: String { namespace.map { "\($0.name).\(name)" } ?? name }
}
