import Session

/// A pattern of lines by which a check can be made green without what it checks being mended.
struct Sign: Sendable {
    /// Which part of a line counts.
    enum Scope: Sendable {
        case code, comment, text
    }

    /// Whether it keeps a command that passes from being a proof.
    enum Weight: Sendable {
        /// Always.
        case decisive
        /// Where the line is not part of a test that is new itself.
        case unlessNew
        /// Where the command runs one of these tools.
        case tools(Set<String>)
        /// Never.
        case told
        /// Where the code is run when the file is loaded, or is no part of a command line program.
        case unlessProgram
        /// Where the file's new lines speak of tests.
        case nearTests
    }

    let kind: Doubt.Kind
    /// What was found, in a clause.
    let message: String
    /// One of these must stand in the line, before the pattern is tried.
    let triggers: [String]
    /// A regular expression.
    let pattern: String
    let languages: Set<SourceLanguage>
    let roles: Set<ChangedText.Role>
    let scope: Scope
    let weight: Weight

    init(
        _ kind: Doubt.Kind, _ message: String, _ triggers: [String], _ pattern: String,
        in languages: Set<SourceLanguage> = [], roles: Set<ChangedText.Role> = Self.anywhere, scope: Scope = .code,
        _ weight: Weight
    ) {
        self.kind = kind
        self.message = message
        self.triggers = triggers
        self.pattern = pattern
        self.languages = languages
        self.roles = roles
        self.scope = scope
        self.weight = weight
    }

    static let anywhere: Set<ChangedText.Role> = [.newTest, .test, .check, .source]
    static let inTests: Set<ChangedText.Role> = [.newTest, .test, .check]
    static let inChecks: Set<ChangedText.Role> = [.test, .check]
    static let inSource: Set<ChangedText.Role> = [.source]

    /// All of them.
    static let all: [Sign] = skips + rules + exits + runners + assertions + shells + settings
}
