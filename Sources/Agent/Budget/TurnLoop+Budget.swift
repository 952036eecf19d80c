import Prompts
import Responses
import Session

extension TurnLoop {
    /// Tells the model of limits that are nearly reached, once each, so that it can finish what matters.
    mutating func warn() {
        let lines = budget.takeWarnings(at: clock.now())
        guard !lines.isEmpty else { return }
        say(Prompt.budget + "\n" + lines.map { "- \($0)\n" }.joined())
    }

    /// Tells the person once that a limit cannot be kept, where the server does not say what a response costs.
    mutating func noticeMissing(_ usage: Usage?) {
        guard usage == nil, !hasNoticedMissingUsage, let flag = budget.flagOfUsage else { return }
        hasNoticedMissingUsage = true
        events.record(.notice("the server does not say how many tokens a response takes; \(flag) cannot be kept"))
    }
}
