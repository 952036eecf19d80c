import Repository
import Responses
import Synchronization
import Testing

@testable import Agent

/// Tools that do nothing: each call is answered with its id, each response with a patch is a step.
final class ScriptedTools: TurnTools {
    /// The calls of one response, as they came.
    struct Request: Equatable {
        var calls: [String]
        var commentary: String?
        var turn: Int
        var only: String?
    }

    /// What a test can set before the run.
    struct Script: Sendable {
        /// What there is to order into commits.
        var change: TreeDiff?
        /// Which of the orders that the model gives fit, one after the other.
        var fittingOrders: [Bool] = []
        /// The commands that still run when the model says that it is done.
        var running: [String] = []
        /// What is told of entries that are in no commit, each time that is asked for.
        var remarks: [[String]] = []
        /// Why changes are in no commit.
        var trouble: RepositoryError?
        /// Fails instead of answering.
        var failure: (any Error)?
        /// What stands behind the id in each answer.
        var output = ""
        /// Happens while commands' changes are committed, while calls run, and while commands are stopped.
        var settling, answering, windingUp: (@Sendable () async throws -> Void)?
    }

    private struct State {
        var script: Script
        var steps = 0
        var series = 0
        var requests: [Request] = []
        var openings = 0
        var isOrdering = false
        var open = 0
    }

    private let story: Story
    private let state: Mutex<State>

    init(_ script: Script, story: Story) {
        state = Mutex(State(script: script))
        self.story = story
    }

    /// Changes the script of a run that has begun.
    func change(_ edit: (inout Script) -> Void) { state.withLock { edit(&$0.script) } }

    /// What it was asked for.
    var requests: [Request] { state.withLock { $0.requests } }
    /// How often the change was opened for ordering.
    var openings: Int { state.withLock { $0.openings } }
    /// Whether the change is open for ordering.
    var isOrdering: Bool { state.withLock { $0.isOrdering } }
    /// How much is under way.
    var openWork: Int { state.withLock { $0.open } }

    func answer(_ calls: [ToolCall], commentary: String?, turn: Int, only: String?) async throws -> [Item] {
        story.tell("tools answer \(calls.map(\.callID).joined(separator: " "))")
        let script = state.withLock {
            $0.requests.append(
                Request(calls: calls.map(\.callID), commentary: commentary, turn: turn, only: only))
            return $0.script
        }
        try await doing(script.answering)
        if let failure = script.failure { throw failure }
        state.withLock { state in
            if only == nil, calls.contains(where: { $0.name == "apply_patch" }) {
                (state.steps, state.series) = (state.steps + 1, 0)
            }
            guard only != nil, !state.script.fittingOrders.isEmpty else { return }
            if state.script.fittingOrders.removeFirst() { state.series += 1 }
        }
        return calls.map { ToolAnswer.text("answer to \($0.callID)\(script.output)").item(for: $0) }
    }

    func takeNewTools() -> [ToolDefinition] { [] }

    func settle() async {
        story.tell("settling")
        try? await doing(state.withLock { $0.script.settling })
        story.tell("settled")
    }

    func windUp() async -> [String] {
        story.tell("commands are stopped")
        try? await doing(state.withLock { $0.script.windingUp })
        return state.withLock { $0.script.running }
    }

    var standing: Standing? {
        state.withLock {
            Standing(
                head: Self.commit($0.steps), tip: Self.commit($0.steps + 100 * $0.series), hasSteps: $0.steps > 0,
                hasSeries: $0.series > 0, trouble: $0.script.trouble)
        }
    }

    func takeRemarks() -> [String] {
        state.withLock { $0.script.remarks.isEmpty ? [] : $0.script.remarks.removeFirst() }
    }

    func openOrdering() -> TreeDiff? {
        state.withLock {
            $0.openings += 1
            guard $0.steps > 0, $0.series == 0, let change = $0.script.change else { return nil }
            $0.isOrdering = true
            return change
        }
    }

    func closeOrdering() { state.withLock { $0.isOrdering = false } }

    /// The commit of a number.
    static func commit(_ number: Int) -> CommitID {
        let digits = "\(number)"
        guard let id = CommitID(String(repeating: "0", count: 40 - digits.count) + digits) else {
            preconditionFailure("forty digits are an id")
        }
        return id
    }

    private func doing(_ work: (@Sendable () async throws -> Void)?) async throws {
        state.withLock { $0.open += 1 }
        defer { state.withLock { $0.open -= 1 } }
        try await work?()
    }
}
