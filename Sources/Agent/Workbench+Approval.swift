import Configuration
import Responses
import Sandbox
import Session
import Workspace

extension Workbench {
    /// Runs a command in a sandbox of its own with the rights asked for, if they are given.
    func run(_ call: ApprovalCall) async throws -> ToolAnswer {
        guard let approvals else { return refuse(ApprovalDecision(.no, by: .headless).refusal) }
        let request: ApprovalRequest
        do throws(ApprovalBounds.Refusal) { request = try approvals.bounds.request(call) } catch {
            return refuse(error.message)
        }
        let shellCall = ShellCall(commands: [call.command], timeout: call.timeout)
        guard Rung.ladder.contains(shell.sandbox.rung), !shell.sandbox.policy.rights.covers(request.rights) else {
            begin([call.command])
            return .shell([try await shell.run(call.command, request: shellCall)], outputLimit: nil)
        }
        let decision = await approvals.decide(request)
        try Task.checkCancellation()
        guard decision.answer != .no else { return refuse(decision.refusal) }
        guard approvals.bounds.stillHolds(request) else {
            return refuse("a path has become another one while the question was open; the command was not run")
        }
        var policy = shell.sandbox.policy
        policy.add(request.rights)
        let sandbox: Sandbox
        do {
            sandbox = try await Sandbox.probe(
                policy: policy, searchPath: shell.environment["PATH"] ?? "", rungs: [shell.sandbox.rung],
                host: shell.sandbox, isForOneCommand: true)
        } catch {
            return refuse("allowed, but no sandbox with these rights can be made: \(error.message)")
        }
        try Task.checkCancellation()
        begin([call.command])
        let runner = ShellRunner(
            sandbox: sandbox, environment: shell.environment, folder: shell.folder, journal: journal,
            longestTimeout: shell.longestTimeout)
        return .shell([try await runner.run(call.command, request: shellCall)], outputLimit: nil)
    }

    private func refuse(_ reason: String) -> ToolAnswer {
        journal.record(.itemCompleted(RunItem(id: journal.nextItemID(), content: .error(reason))))
        return .text(reason)
    }
}

extension Run {
    /// Who decides what the model may do beyond its policy.
    func approvals(_ place: Workspace, settings: Settings) -> ApprovalDesk {
        let environment = request.environment
        let bounds = ApprovalBounds(
            place.sandbox, home: environment["HOME"] ?? "/root",
            folders: [SessionFolder.root(environment: environment), Settings.folder(environment: environment)])
        return ApprovalDesk(
            bounds: bounds, rules: settings.rules, ask: settings.approvals == .never ? nil : request.ask,
            patience: ApprovalDesk.patience, journal: journal)
    }
}
