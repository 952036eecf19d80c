import Configuration
import Prompts
import Repository
import Responses
import Session
import Tools

extension TurnLoop {
    /// How many responses may be to order the steps.
    static let patienceForOrder = 2
    private static let longestWait: Duration = .seconds(180)

    /// Asks the model to order its steps into commits, before the last of them is verified.
    ///
    /// Whatever goes wrong but an interruption, the steps stay as they are and the run goes on: the order is for the
    /// reader, the verdict does not depend on it.
    ///
    /// - Parameter earlier: How many responses have been to order them before the session was stopped; nil if the model
    ///   was not asked.
    mutating func order(after earlier: Int? = nil) async throws {
        guard earlier ?? 0 < Self.patienceForOrder else { return ordersSteps = false }
        guard ordersSteps, budget.exhausted == nil, let change = await tools.openOrdering() else {
            return
        }
        guard let list = HunkList(change) else {
            await tools.closeOrdering()
            events.record(.notice("the steps stay as they are: \(change.pieces.count) hunks are too many to order"))
            return
        }
        events.record(.progress(.ordering))
        await enter(.ordering)
        if earlier == nil { say("\(Prompt.order)\n\(list.text)") }
        do {
            if let trouble = try await askForOrder(after: earlier ?? 0) { leaveSteps(trouble) }
        } catch {
            // A cancelled task fails in many ways, and the request that took too long in one.
            if Task.isCancelled { throw error }
            leaveSteps(RunEnding(error, interruption: nil).message)
        }
        // A response that could not be used stays in the history, where each of its calls needs an answer.
        for call in window.unansweredCalls.compactMap(ToolCall.init) { answerAsNotRun(call) }
        await tools.closeOrdering()
        await resumeWork()
    }

    /// Lets the model order, with one more try; returns why it came to nothing.
    private mutating func askForOrder(after earlier: Int) async throws -> String? {
        for _ in earlier..<Self.patienceForOrder {
            let calls = try await respond(within: timeForOrder).items.compactMap(ToolCall.init)
            guard !calls.isEmpty else { return "the model did not order them" }
            try await answer(calls, commentary: nil, only: "order_commits")
            if await tools.standing?.hasSeries == true { return nil }
            guard budget.exhausted == nil else { return "there is no budget left to order them" }
        }
        return "the order that the model gave does not fit the change"
    }

    /// The verification is to have as much of the run's time as the order.
    private var timeForOrder: Duration {
        budget.end.map { min(Self.longestWait, ($0 - clock.now()) / 2) } ?? Self.longestWait
    }

    private mutating func answerAsNotRun(_ call: ToolCall) {
        let item = ToolAnswer.text("not run").item(for: call)
        window.append(item)
        events.record(.inputItem(item, turn: turn))
    }

    private mutating func leaveSteps(_ reason: String) {
        ordersSteps = false
        events.record(.notice("the steps stay as they are: \(reason)"))
    }
}
