import JSON

/// Something about a series that makes a command that passes less than a proof, or that a person should look at.
public struct Doubt: Sendable, Hashable {
    /// What kind of doubt it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// The command passes only with a change to a protected path.
        case protectedPath = "protected_path"
        /// Tests that ran before are missing.
        case missingTest = "missing_test"
        /// Tests that ran before are skipped now.
        case skippedTest = "skipped_test"
        /// A change that makes a check weaker or turns it off.
        case weakenedCheck = "weakened_check"
        /// A commit of the series, before the last one, on which the command fails.
        case brokenCommit = "broken_commit"
        /// Code that passes a check without doing what it asks for.
        case shortCut = "short_cut"
    }

    /// What kind of doubt it is.
    public var kind: Kind
    /// Whether the verdict cannot be `fixed` as long as it stands; otherwise it is only told.
    public var isDecisive: Bool
    /// What was found, in a sentence.
    public var message: String
    /// The file it is about, from the root of the tree; nil for none.
    public var path: String?
    /// The line in the final commit, or in the base where it was removed, counted from 1.
    public var line: Int?
    /// The text of that line.
    public var excerpt: String

    /// Names the parts.
    public init(
        _ kind: Kind, isDecisive: Bool, message: String, path: String? = nil, line: Int? = nil, excerpt: String = ""
    ) {
        self.kind = kind
        self.isDecisive = isDecisive
        self.message = message
        self.path = path
        self.line = line
        self.excerpt = excerpt
    }
}

extension Doubt {
    /// What was found and where, in a sentence that names the place once.
    public var placedMessage: String {
        guard let path else { return message }
        let place = line.map { "\(path):\($0)" } ?? path
        return message.contains(path) && line == nil ? message : "\(message) (\(place))"
    }

    func write(into writer: inout JSONWriter) {
        writer.member("kind", kind.rawValue)
        writer.member("decisive", isDecisive)
        writer.member("message", message)
        if let path { writer.member("path", path) }
        if let line { writer.member("line", line) }
        if !excerpt.isEmpty { writer.member("excerpt", excerpt) }
    }

    init?(_ json: JSON) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init), let message = json["message"]?.string else {
            return nil
        }
        self.init(
            kind, isDecisive: json["decisive"]?.bool ?? true, message: message, path: json["path"]?.string,
            line: json["line"]?.int, excerpt: json["excerpt"]?.string ?? "")
    }
}
