import Repository
import Responses
import Session
import Tools
import Workspace

/// What the turn loop needs of the tools: answers to calls, and where the session's commits stand.
protocol TurnTools: Sendable {
    /// Answers the calls of one response, in their order.
    func answer(_ calls: [ToolCall], commentary: String?, turn: Int, only: String?) async throws -> [Item]

    /// Commits what commands have changed since the last time.
    func settle() async

    /// The definitions of tools that have come since the last time.
    func takeNewTools() async -> [ToolDefinition]

    /// Ends commands that still run; returns the handles of those.
    func windUp() async -> [String]

    /// What the model has not been told yet of what is in no commit, one line each.
    func takeRemarks() async -> [String]

    /// Where the session's commits stand; nil where nothing is committed.
    var standing: Standing? { get async }

    /// The change to order into commits, from now on; nil if there is nothing to order.
    func openOrdering() async -> TreeDiff?

    /// Ends the ordering.
    func closeOrdering() async
}

/// Where the session's commits stand.
struct Standing: Sendable {
    /// The last step.
    var head: CommitID
    /// The commit that stands for the work: the end of the series if there is one, else `head`.
    var tip: CommitID
    /// Whether any step was made.
    var hasSteps: Bool
    /// Whether the steps have been ordered.
    var hasSeries: Bool
    /// Why changes are in no commit; nil if all are in one.
    var trouble: RepositoryError?
}

extension ToolDispatcher: TurnTools {
    var standing: Standing? {
        get async {
            guard let steps else { return nil }
            return Standing(
                head: await steps.head, tip: await steps.tip, hasSteps: await !steps.steps.isEmpty,
                hasSeries: await steps.hasSeries, trouble: await steps.trouble)
        }
    }

    func takeRemarks() async -> [String] { await steps?.takeRemarks() ?? [] }

    func openOrdering() async -> TreeDiff? { await steps?.openOrdering() }

    func closeOrdering() async { await steps?.closeOrdering() }
}
