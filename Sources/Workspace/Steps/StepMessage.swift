public import Repository
import Responses
public import Session
import Text

/// Writes the messages of a session's commits.
public struct StepMessage: Sendable {
    let session: SessionID
    let model: String
    let hasAttribution: Bool
    /// Which attempt in a row the session is; nil where nobody counts.
    let attempt: Int?

    /// Makes the writer of a session's messages.
    ///
    /// - Parameters:
    ///   - hasAttribution: Whether commits carry an `Assisted-by` trailer.
    ///   - attempt: The number of their `Graft-Attempt` trailer; nil for none.
    public init(session: SessionID, model: String, hasAttribution: Bool, attempt: Int? = nil) {
        self.attempt = attempt
        self.session = session
        self.model = model
        self.hasAttribution = hasAttribution
    }

    /// The message of a step: the sentence that announced the change, or a list of the files.
    public func message(commentary: String?, files: [FileSummary], step: Int) -> CommitMessage {
        let (subject, body) = Self.split(commentary)
        return CommitMessage(
            subject: subject ?? Self.subject(of: files), body: body, trailers: trailers(step: step))
    }

    /// The message of what commands have changed; the body has the commands, indented, and the skipped files with the
    /// reason.
    public func message(
        commands: [String], files: [FileSummary], notStored: [String] = [], step: Int, subject: String? = nil
    ) -> CommitMessage {
        let lines = commands.flatMap { $0.stripped.split(separator: "\n") }.map { "    \($0)" }
        let paragraphs = [
            lines.isEmpty ? "" : Self.changedBy + lines.joined(separator: "\n"),
            notStored.map { "Not stored: \($0)" }.joined(separator: "\n"),
        ]
        return CommitMessage(
            subject: subject ?? CommandSubject.subject(commands: commands.map(\.stripped), files: files),
            body: paragraphs.filter { !$0.isEmpty }.joined(separator: "\n\n"), trailers: trailers(step: step))
    }

    /// Whether a message is that of a change by commands.
    static func isOfCommands(_ message: String) -> Bool { message.contains("\n\n" + changedBy) }

    private static let changedBy = "Changed by:\n\n"

    /// The message of the user's uncommitted work.
    func uncommittedWork() -> CommitMessage {
        CommitMessage(
            subject: "Take along uncommitted work",
            body: "What was staged, changed or new in the working directory when the session began.",
            trailers: [.init("Graft-Session", session.rawValue)])
    }

    /// The trailers; a commit of several steps names no step.
    func trailers(step: Int?) -> [CommitMessage.Trailer] {
        var own: [CommitMessage.Trailer] = [.init("Graft-Session", session.rawValue)]
        if let step { own.append(.init("Graft-Step", "\(step)")) }
        if let attempt { own.append(.init(AttemptCount.trailer, "\(attempt)")) }
        return own + (hasAttribution ? [.init("Assisted-by", "graft:\(model)")] : [])
    }

    /// Splits into the first sentence or line as subject, and the rest as body.
    private static func split(_ commentary: String?) -> (String?, String) {
        let text = commentary ?? ""
        let paragraphs = text.split(separator: "\n\n").map { $0.split(whereSeparator: \.isWhitespace) }.filter {
            !$0.isEmpty
        }
        guard let words = paragraphs.first else { return (nil, "") }
        let end = words.firstIndex { word in [".", "!", "?"].contains { word.hasSuffix($0) } }
        let count = end.map { $0 + 1 } ?? words.count
        var subject = words.prefix(count).joined(separator: " ")
        while let last = subject.last, ".:!".contains(last) { subject.removeLast() }
        let opening = words.dropFirst(count)
        let body = [opening.joined(separator: " ")] + paragraphs.dropFirst().map { $0.joined(separator: " ") }
        return (subject, body.filter { !$0.isEmpty }.joined(separator: "\n\n"))
    }

    private static func subject(of files: [FileSummary]) -> String {
        guard let first = files.first else { return "Change files" }
        let verb = first.kind.verb
        return files.count == 1 ? "\(verb) \(first.path)" : "\(verb) \(first.path) and \(files.count - 1) more"
    }
}
