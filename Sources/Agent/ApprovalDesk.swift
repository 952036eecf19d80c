import Synchronization

/// Decides what the model asks for: by rules, by what was said before, by asking, and else with no.
final class ApprovalDesk: Sendable {
    let bounds: ApprovalBounds
    private let rules: [ApprovalRule]
    private let ask: ApprovalQuestion?
    private let journal: Journal
    private let granted = Mutex<[ApprovalRequest]>([])

    init(bounds: ApprovalBounds, rules: [ApprovalRule], ask: ApprovalQuestion?, journal: Journal) {
        self.bounds = bounds
        self.rules = rules
        self.ask = ask
        self.journal = journal
    }

    /// Decides, and tells the journal before and after.
    func decide(_ request: ApprovalRequest) async -> ApprovalDecision {
        journal.record(.approvalRequested(request))
        let decision = await decision(on: request)
        journal.record(.approvalDecided(request, decision))
        return decision
    }

    private func decision(on request: ApprovalRequest) async -> ApprovalDecision {
        let deciding = rules.filter { $0.decides(request, home: bounds.home) }
        // Whoever forbids wins, over what was said before too.
        if deciding.contains(where: { $0.verdict == .deny }) { return ApprovalDecision(.no, by: .rule) }
        let isGranted = granted.withLock { granted in
            granted.contains { $0.command == request.command && $0.rights.covers(request.rights) }
        }
        if isGranted { return ApprovalDecision(.session, by: .person) }
        if !deciding.isEmpty { return ApprovalDecision(.once, by: .rule) }
        guard let ask, let answer = await ask(request) else { return ApprovalDecision(.no, by: .headless) }
        if answer == .session { granted.withLock { $0.append(request) } }
        return ApprovalDecision(answer, by: .person)
    }
}
