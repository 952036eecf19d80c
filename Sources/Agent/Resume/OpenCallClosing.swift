import Responses
import Session
import Tools
import Workspace

extension Journal {
    /// Answers the calls that nobody will run any more, so that the history can be sent on.
    ///
    /// - Parameters:
    ///   - committed: A commit of patches that is not recorded in the answers.
    ///   - areAllowed: Whether a person has allowed what the provider doubts; without that, calls with doubts stay open.
    func closeCalls(committed: CommitReport? = nil, areAllowed: Bool = false) {
        let state = state
        for open in state.openCalls {
            guard let call = ToolCall(open.item), areAllowed || call.question == nil else { continue }
            for item in call.answer(interrupted: open, committed: committed, series: state.series) {
                record(.inputItem(item, turn: state.turns.last?.turn ?? 0))
            }
        }
    }
}

extension SessionState {
    /// The shell lines that were begun and of which nothing is known, with those of their calls that had ended.
    var interruptedLines: [String] {
        openCalls.filter(\.isStarted).flatMap { open in
            (ToolCall(open.item)?.shellLines ?? []).prefix(open.trace.commands.count + 1)
        }
    }
}
