import Glibc
import Repository
import Terminal
import Text

extension TerminalReview {
    /// Does an action while the screen shows its label; returns the next effects.
    func perform(_ action: ReviewAction) async throws -> [ReviewEffect] {
        var message: String?
        if let request = try messageRequest(for: action) {
            switch askForMessage(request) {
            case .success(let text): message = text
            case .failure(let reason): return machine.finish(action, try model.refusal(reason.description))
            }
            guard ending == nil else { return [] }
        }
        let label = label(of: action)
        machine.wait(for: label)
        draw()
        let work = ReviewWork(model, action, message: message)
        if case .verify = action { await watch(work, label) }
        var outcome = try await work.outcome
        if message != nil, !outcome.isDone { outcome.message += "; your text is kept in \(messages.path)" }
        return machine.finish(action, outcome)
    }

    /// Keeps the screen alive while a command runs; ctrl-C stops it.
    private func watch(_ work: ReviewWork, _ label: String) async {
        let start = ContinuousClock.now
        while !work.isDone {
            // A cancelled sleep only ends sooner.
            try? await Task.sleep(for: .milliseconds(50))
            for signal in signals.received() {
                if signal == SIGINT { work.cancel() } else { take(signal) }
            }
            if ending != nil { work.cancel() }
            _ = readKeys()
            let seconds = (ContinuousClock.now - start).components.seconds
            machine.wait(for: "\(seconds) s (ctrl-C stops it)  \(label)")
            if ending == nil { draw() }
        }
    }

    private func label(of action: ReviewAction) -> String {
        switch action {
        case .accept: "accepting…"
        case .drop: "dropping…"
        case .reword: "changing the message…"
        case .squash: "squashing…"
        case .split: "splitting…"
        case .undo: "undoing…"
        case .verify: "running \(model.session.command?.markedLine ?? "the command")"
        }
    }

    private struct MessageRequest {
        let text: String
        let remarks: [String]
        /// Whether an unchanged message cancels the action.
        let mustChange: Bool
    }

    private func messageRequest(for action: ReviewAction) throws -> MessageRequest? {
        switch action {
        case .reword(let id):
            MessageRequest(
                text: try model.message(of: id),
                remarks: ["The trailers of the commit stay as they are.", "An empty message changes nothing."],
                mustChange: true)
        case .split(let id, let pieces):
            MessageRequest(
                text: try model.message(of: id),
                remarks: [
                    "This is the message of the new commit, with the \(pieces.count == 1 ? "hunk" : "\(pieces.count) hunks") "
                        + "you took;", "the rest keeps its message. An empty message splits nothing.",
                ], mustChange: false)
        default: nil
        }
    }

    private func askForMessage(_ request: MessageRequest) -> Result<String, MessageRefusal> {
        do {
            try messages.write(request.text, remarks: request.remarks)
            if case .failed(let reason) = edit([messages.path]) {
                return .failure(MessageRefusal("\(reason): nothing was changed"))
            }
            guard messages.isSaved else {
                return .failure(MessageRefusal("the message was not saved: nothing was changed"))
            }
            let text = try messages.read()
            if text.isEmpty { return .failure(MessageRefusal("the message is empty: nothing was changed")) }
            if request.mustChange, text == request.text { return .failure(MessageRefusal("the message is as it was")) }
            return .success(text)
        } catch {
            return .failure(MessageRefusal(error.description))
        }
    }
}

/// Why there is no message.
private struct MessageRefusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
