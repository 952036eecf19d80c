/// Which paths a series may not change unseen, as flags and files say.
public struct ProtectionSettings: Sendable, Equatable {
    /// Patterns of paths that are protected, and the word `defaults`.
    public var protecting: [String] = []
    /// Patterns of paths that may change, whatever else protects them.
    public var allowing: [String] = []

    /// What a pattern looks like, for messages.
    public static let forms = "patterns of paths as in an ignore file, such as \"migrations/\" or \"*.sql\""

    /// Makes settings with nothing said.
    public init() {}

    /// These settings and those of the next source: patterns add up.
    func over(_ other: ProtectionSettings) -> ProtectionSettings {
        var merged = self
        merged.protecting += other.protecting
        merged.allowing += other.allowing
        return merged
    }

    /// The settings of a repository, which can only protect more: what is judged must not choose its judge.
    var narrowedToRepository: ProtectionSettings {
        var narrowed = self
        narrowed.allowing = []
        return narrowed
    }

    /// Whether a text is a pattern: not empty, no comment, below the root.
    public static func isPattern(_ text: String) -> Bool {
        let path = text.hasPrefix("/") ? text.dropFirst() : text[...]
        guard let first = path.first, !"#!".contains(first), !text.utf8.contains(0) else { return false }
        return !path.allSatisfy { $0 == "/" || $0.isWhitespace }
            && !path.split(separator: "/").contains { $0 == ".." || $0 == "." }
    }
}
