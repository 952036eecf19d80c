import ArgumentParser
import Glibc
import Sandbox
import Text

/// The words of a command behind `--`.
enum CommandWords {
    /// Refuses words of which the first was meant as a shell line: several words are a program and its arguments, and
    /// no program is called `make test`.
    ///
    /// - Parameter command: The words of Graft in front of them.
    static func check(_ words: [String], in command: String) throws {
        guard words.count > 1, let first = words.first, first.contains(where: \.isWhitespace) else { return }
        guard !first.contains("/") || access(first, F_OK) != 0 else { return }
        let options = words.dropFirst().map(\.quotedForShell).joined(separator: " ")
        throw ValidationError(
            "several words behind -- are a program and its arguments, and no program is called '\(first)'; options of "
                + "Graft go before --: \(command) \(options) -- \(first.quotedForShell)")
    }
}

extension CommandWords {
    /// The options of Graft that hardly any other program has.
    private static let own: Set<String> = [
        "--max-turns", "--max-time", "--max-tokens", "--command-timeout", "--in-place", "--no-series", "--approvals",
        "--effort",
    ]

    /// What to say of options that stand among the arguments of a command, in a line; nil for none.
    static func hint(_ words: [String]) -> String? {
        guard let option = words.dropFirst().first(where: own.contains) else { return nil }
        return "\(option) behind -- belongs to the command; options of Graft go before --"
    }
}

extension CommandRequest.Command {
    /// One word is a shell line, several are an argv.
    init(words: [String]) {
        self = words.count == 1 ? .shell(words[0]) : .arguments(words)
    }
}
