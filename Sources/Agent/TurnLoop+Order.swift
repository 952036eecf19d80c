import Repository
import Responses
import Session

extension TurnLoop {
    private static let patienceForOrder = 2
    private static let longestWait: Duration = .seconds(180)

    /// Asks the model to order its steps into commits, before the last of them is verified.
    ///
    /// Whatever goes wrong but an interruption, the steps stay as they are and the run goes on: the order is for the
    /// reader, the verdict does not depend on it.
    mutating func order() async throws {
        guard ordersSteps, budget.exhausted() == nil, let question = await bench.orderQuestion() else { return }
        say(question.text)
        do {
            for _ in 0..<Self.patienceForOrder {
                let calls = try await respond(within: timeForOrder).compactMap(ToolCall.init)
                guard !calls.isEmpty else { return leaveSteps("the model did not order them") }
                if await isOrdered(by: calls, question.diff) { return }
                guard budget.exhausted() == nil else { return leaveSteps("there is no budget left to order them") }
            }
            leaveSteps("the order that the model gave does not fit the change")
        } catch {
            // A cancelled task fails in many ways, and the request that took too long in one.
            if Task.isCancelled { throw error }
            // What came of a response that cannot be used stays in the history, where a call needs an answer.
            for call in window.unansweredCalls.compactMap(ToolCall.init) { answer(call, "not run") }
            leaveSteps(Ending(error, interruption: Interruption()).message)
        }
    }

    /// The verification is to have as much of the run's time as the order.
    private var timeForOrder: Duration {
        budget.end.map { min(Self.longestWait, ($0 - .now) / 2) } ?? Self.longestWait
    }

    /// Answers the calls of a response that should order; whether one of them did.
    private mutating func isOrdered(by calls: [ToolCall], _ diff: TreeDiff) async -> Bool {
        var isOrdered = false
        for call in calls {
            let text: String
            switch call.request {
            case .function("order_commits", let arguments) where !isOrdered:
                do throws(OrderCall.Flaw) {
                    let count = try await bench.order(arguments, of: diff).commits.count
                    text = count == 1 ? "Done: one commit" : "Done: \(count) commits"
                    isOrdered = true
                } catch {
                    text = refuse(error.message)
                }
            case .function("order_commits", _): text = refuse("the commits are ordered already")
            case .malformed(let reason): text = refuse(reason)
            default: text = refuse("not run: only order_commits is taken now")
            }
            answer(call, text)
        }
        return isOrdered
    }

    private mutating func answer(_ call: ToolCall, _ text: String) {
        let item = ToolAnswer.text(text).item(for: call)
        window.append(item)
        journal.record(.inputItem(item, turn: budget.turns))
    }

    private func refuse(_ reason: String) -> String {
        journal.record(.itemCompleted(RunItem(id: journal.nextItemID(), content: .error(reason))))
        return reason
    }

    private mutating func leaveSteps(_ reason: String) {
        ordersSteps = false
        journal.record(.notice("the steps stay as they are: \(reason)"))
    }
}
