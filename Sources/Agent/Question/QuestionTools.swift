import OS
import Repository
import Responses
import Sandbox
import Session
import Synchronization
import Tools

/// The tools of a question: the sandbox is made when the model begins to call one, as many questions need none.
final class QuestionTools: TurnTools {
    private struct Made: Sendable {
        let folder: SessionFolder
        let desk: QuestionPlace.Desk
    }

    private let place: QuestionPlace?
    private let catalog: ToolCatalog
    private let longestTimeout: Duration
    private let approvals: ApprovalGate
    private let server: ServerApproval
    private let servers: ServerPlan?
    private let events: any EventSink
    private let preparation = Mutex<Task<Made, any Error>?>(nil)

    /// - Parameters:
    ///   - place: The repository; nil for a question without one, which has no tools.
    ///   - approvals: Decides what the server asks, as far as `server` does not.
    ///   - servers: The MCP servers; nil for a question without a repository.
    init(
        _ place: QuestionPlace?, catalog: ToolCatalog, longestTimeout: Duration, approvals: ApprovalGate,
        server: ServerApproval, servers: ServerPlan?, events: any EventSink
    ) {
        self.servers = servers
        self.approvals = approvals
        self.server = server
        self.place = place
        self.catalog = catalog
        self.longestTimeout = longestTimeout
        self.events = events
    }

    /// Begins to make the sandbox, unless that has been done; does not wait.
    func prepare() { _ = prepared() }

    func answer(_ calls: [ToolCall], commentary: String?, turn: Int, only: String?) async throws -> [Item] {
        // What the server asks needs no sandbox.
        guard calls.contains(where: { !$0.isServersQuestion }) else {
            var items: [Item] = []
            for call in calls {
                items.append(await server.answer(call, gate: approvals, events: events).item(for: call))
            }
            try Task.checkCancellation()
            return items
        }
        let made: Made
        do {
            guard let preparation = prepared() else { return refuse(calls, "there are no tools here") }
            made = try await preparation.value
        } catch {
            try Task.checkCancellation()
            // The model answers what it can without looking.
            let reason = RunEnding(error, interruption: nil).message
            events.record(.notice("no command can be run: \(reason)"))
            return refuse(calls, "no command can be run: \(reason). Say so, and answer what you can without.")
        }
        return try await made.desk.tools.answer(calls, commentary: nil, turn: turn, only: only)
    }

    func settle() async {}

    func takeNewTools() async -> [ToolDefinition] {
        // Why there is no sandbox is told where a call is refused.
        guard servers?.isEmpty == false, let made = try? await prepared()?.value else { return [] }
        return await made.desk.tools.takeNewTools()
    }

    /// Waits for the MCP servers without which the question makes no sense.
    ///
    /// - Throws: `RunEnding` if one of them cannot be used.
    func requireServers() async throws {
        guard let servers, !servers.isEmpty else { return }
        _ = try await prepared()?.value
        try await servers.requireStarted()
    }

    func windUp() async -> [String] { await made()?.desk.tools.windUp() ?? [] }

    func takeRemarks() -> [String] { [] }

    var standing: Standing? { nil }

    func openOrdering() async -> TreeDiff? { nil }

    func closeOrdering() async {}

    /// Ends what still runs, and removes the output of commands.
    func leave() async {
        guard let made = await made() else { return }
        _ = await made.desk.tools.windUp()
        await made.desk.tools.close()
        made.desk.sandbox.end()
        // What cannot be removed is in a folder for temporary files.
        try? FolderRemoval.remove(made.folder.path)
    }

    private func prepared() -> Task<Made, any Error>? {
        guard let place else { return nil }
        return preparation.withLock { task in
            if let task { return task }
            let new = Task { [catalog, longestTimeout, approvals, servers, events] in
                let folder = try place.makeFolder()
                do {
                    return Made(
                        folder: folder,
                        desk: try await place.desk(
                            catalog, in: folder, longestTimeout: longestTimeout, approvals: approvals,
                            servers: servers, events: events))
                } catch {
                    try? FolderRemoval.remove(folder.path)  // As in `leave`.
                    throw error
                }
            }
            task = new
            return new
        }
    }

    /// What has been made; nil if it never began or came to nothing.
    private func made() async -> Made? {
        guard let task = preparation.withLock({ $0 }) else { return nil }
        // The reason has been told where a call was refused.
        return try? await task.value
    }

    private func refuse(_ calls: [ToolCall], _ reason: String) -> [Item] {
        let answer = ToolAnswer.text(reason)
        return calls.map { answer.item(for: $0) } + calls.compactMap { answer.note(for: $0) }
    }
}

extension ToolCall {
    /// Whether the server asks whether it may do something.
    fileprivate var isServersQuestion: Bool { if case .approval = request { true } else { false } }
}
