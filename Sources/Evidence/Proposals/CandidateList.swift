import Text

/// The commands that are found in a repository's files, and those that cannot be used, with the reason.
struct CandidateList {
    struct Candidate {
        let line: String
        let kind: CommandKind
        var reasons: [String]
    }

    private(set) var candidates: [Candidate] = []
    private(set) var skipped: [SkippedCommand] = []
    private var places: [String: Int] = [:]

    /// So many are kept; nobody reads more.
    private static let most = 60
    private static let mostReasons = 3
    private static let longestLine = 400

    /// Adds a line, or a further reason for one that is there.
    ///
    /// - Parameter kind: What it is for; nil to read that off the line.
    mutating func add(_ line: String, _ kind: CommandKind? = nil, reason: String) {
        guard let kind = kind ?? CommandKind(line: line) else { return }
        if let trouble = Self.trouble(with: line) { return skip(line, reason, because: trouble) }
        if let place = places[line] {
            if candidates[place].reasons.count < Self.mostReasons, !candidates[place].reasons.contains(reason) {
                candidates[place].reasons.append(reason)
            }
        } else if candidates.count < Self.most {
            places[line] = candidates.count
            candidates.append(Candidate(line: line, kind: kind, reasons: [reason]))
        }
    }

    /// Notes a line that cannot be used.
    mutating func skip(_ line: String, _ place: String, because reason: String) {
        guard skipped.count < Self.most, !skipped.contains(where: { $0.line == line && $0.reason == reason }) else {
            return
        }
        skipped.append(SkippedCommand(line: line, place: place, reason: reason))
    }

    /// Why a line cannot be proposed to anybody: what is shown must be what is run.
    private static func trouble(with line: String) -> String? {
        if line.utf8.count > longestLine { return "it is too long" }
        if line.markedLine != line { return "it has characters that do not show" }
        return nil
    }
}
