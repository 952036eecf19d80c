import Repository
import Text

/// What the model and the user are told of entries that are in no commit: each once, and again when something about it
/// has changed.
struct StepRemarks {
    private var known: [BytePath: SkippedFile.Reason]
    /// What the model has not been told yet.
    private var forModel: [String] = []
    /// What no commit message names yet.
    private var forMessage: [String] = []

    /// The most entries of one scan to name.
    private static let limit = 20

    /// - Parameter known: What lay in the tree before the session, which is not the model's work.
    init(known: [SkippedFile]) {
        self.known = Dictionary(known.map { ($0.path, $0.reason) }) { $1 }
    }

    /// Takes all that a scan left out; returns a line for each entry that is new or left out for another reason.
    mutating func meet(_ skipped: [SkippedFile]) -> [String] {
        let new = skipped.filter { known[$0.path] != $0.reason }
        known = Dictionary(skipped.map { ($0.path, $0.reason) }) { $1 }
        var lines = new.prefix(Self.limit).map(\.description)
        if new.count > Self.limit { lines.append("\(new.count - Self.limit) more") }
        forModel += lines
        forMessage += lines
        return lines
    }

    /// What to tell the model, one line each; each is given out once.
    mutating func takeForModel() -> [String] {
        defer { forModel = [] }
        return forModel.map { "not stored: \($0)" }
    }

    /// What to write into the message of the next commit.
    mutating func takeForMessage() -> [String] {
        defer { forMessage = [] }
        return forMessage
    }
}
