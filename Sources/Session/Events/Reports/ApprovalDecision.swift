import JSON

/// What is said to a request.
public enum ApprovalAnswer: String, Sendable {
    /// For this time.
    case once
    /// For this command and these rights, until the session ends.
    case session
    /// Not at all.
    case no
}

/// What was decided, and by whom.
public struct ApprovalDecision: Sendable, Equatable {
    /// Who has decided.
    public enum Decider: String, Sendable {
        /// Somebody at a terminal.
        case person
        /// A rule of the user's configuration.
        case rule
        /// Nobody: there is none to ask, or no answer came in time.
        case headless
    }

    /// What was said.
    public let answer: ApprovalAnswer
    /// Who said it.
    public let by: Decider

    /// Pairs an answer with who gave it.
    public init(_ answer: ApprovalAnswer, by decider: Decider) {
        self.answer = answer
        by = decider
    }
}

extension ApprovalDecision {
    func write(into writer: inout JSONWriter) {
        writer.member("decision", answer.rawValue)
        writer.member("by", by.rawValue)
    }

    init?(_ json: JSON) {
        guard let answer = json["decision"]?.string.flatMap(ApprovalAnswer.init),
            let decider = json["by"]?.string.flatMap(Decider.init)
        else { return nil }
        self.init(answer, by: decider)
    }
}
