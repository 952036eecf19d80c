import Glibc

/// A prompt from the command line, or from standard input for `-`.
enum PromptText {
    /// Returns the prompt; only `-` reads standard input.
    static func read(_ argument: String) throws -> String {
        guard argument == "-" else { return try checked(argument) }
        return try checked(TextFile.contents(of: 0))
    }

    /// The prompt if it was typed or pasted; nil for one from standard input, which anybody may have written.
    static func typed(_ argument: String) -> String? { argument == "-" ? nil : argument }

    private static func checked(_ text: String) throws -> String {
        guard text.contains(where: { !$0.isWhitespace }) else { throw Refusal("the prompt is empty") }
        return text
    }
}
