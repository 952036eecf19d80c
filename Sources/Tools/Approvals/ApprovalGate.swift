public import Configuration
import Sandbox
public import Session
import Synchronization

/// Decides requests of the model: by rules, by earlier answers, by asking, and otherwise with no.
public final class ApprovalGate: Sendable {
    /// The time limit of an answer; without one the request is refused.
    public static let patience: Duration = .seconds(300)

    /// What nobody can give; nil where commands can be given nothing.
    let bounds: ApprovalBounds?
    private let rules: [ApprovalRule]
    private let ask: ApprovalQuestion?
    private let patience: Duration
    private let events: any EventSink
    private let granted: Mutex<[ApprovalRequest]>

    /// Makes a gate of bounds, rules and the question to a person; nil if there is nobody to ask.
    ///
    /// - Parameter earlier: What a person has allowed for the session before it was stopped.
    public init(
        bounds: ApprovalBounds?, rules: [ApprovalRule], ask: ApprovalQuestion?, earlier: [ApprovalReport] = [],
        patience: Duration = ApprovalGate.patience, events: any EventSink
    ) {
        granted = Mutex(earlier.compactMap { ApprovalRequest($0) })
        self.bounds = bounds
        self.rules = rules
        self.ask = ask
        self.patience = patience
        self.events = events
    }

    /// Decides, and records request and decision.
    func decide(_ request: ApprovalRequest) async -> ApprovalDecision {
        events.record(.approvalRequested(request.report))
        let decision = await decision(on: request)
        events.record(.approvalDecided(request.report, decision))
        return decision
    }

    private func decision(on request: ApprovalRequest) async -> ApprovalDecision {
        // Rules are about commands, and no doubt is like another.
        guard !request.isOfScreen else {
            guard let ask, let answer = await answer(to: request, ask) else {
                return ApprovalDecision(.no, by: .headless)
            }
            return ApprovalDecision(answer == .no ? .no : .once, by: .person)
        }
        // What asks for no rights is no command that a rule could approve: any rule would cover it.
        let deciding = rules.filter { rule in
            guard let bounds, rule.verdict == .deny || !request.rights.isEmpty else { return false }
            return rule.decides(request.command, with: request.rights, home: bounds.home)
        }
        // A denying rule wins, also over earlier answers.
        if deciding.contains(where: { $0.verdict == .deny }) { return ApprovalDecision(.no, by: .rule) }
        let isGranted = granted.withLock { granted in
            granted.contains { $0.subject == request.subject && $0.rights.covers(request.rights) }
        }
        if isGranted { return ApprovalDecision(.session, by: .person) }
        if !deciding.isEmpty { return ApprovalDecision(.once, by: .rule) }
        guard let ask, let answer = await answer(to: request, ask) else { return ApprovalDecision(.no, by: .headless) }
        if answer == .session { granted.withLock { $0.append(request) } }
        return ApprovalDecision(answer, by: .person)
    }

    private enum Turn {
        case answered(ApprovalAnswer?)
        case silence
        case cancelled
    }

    /// The answer of the person; nil after the time limit. Returns when the question has ended, so that none stays
    /// open.
    private func answer(to request: ApprovalRequest, _ ask: @escaping ApprovalQuestion) async -> ApprovalAnswer? {
        await withTaskGroup(of: Turn.self) { [patience] group in
            group.addTask { .answered(await ask(request)) }
            // After a cancelled sleep the question is cancelled, too, and returns.
            group.addTask { (try? await Task.sleep(for: patience)) == nil ? .cancelled : .silence }
            for await turn in group {
                switch turn {
                case .answered(let answer):
                    group.cancelAll()
                    return answer
                case .silence:
                    group.cancelAll()
                    return nil
                case .cancelled: continue
                }
            }
            return nil
        }
    }
}

extension ApprovalRequest {
    /// What an answer for the session is about.
    fileprivate var subject: String { tool ?? command }
}
