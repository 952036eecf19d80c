import Agent
import ArgumentParser
import Evidence
import JSON
import Repository
import Responses
import Review
import Session
import Terminal
import Text

/// Says why a command failed, in one form for all commands: a line `graft: …` on standard error, the usage below it
/// where that helps, and with `--json` an object on standard output too.
struct CommandLineFailure {
    private let arguments: [String]

    /// Takes the arguments without the program's name.
    init(arguments: [String]) {
        self.arguments = arguments
    }

    /// Says why the arguments cannot be read; returns the exit code.
    func report(parsing error: any Error) -> Int32 {
        let text = GraftCommand.fullMessage(for: error)
        let isHelp = GraftCommand.exitCode(for: error) == .success
        guard !isHelp || (arguments.first == "help" && unknownCommand != nil) else {
            StandardOutput().write(text + "\n")
            return 0
        }
        var lines = isHelp ? [""] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var message = lines.removeFirst()
        if message.hasPrefix("Error: ") { message.removeFirst("Error: ".count) }
        if let word = unknownCommand {
            message =
                Self.isPrompt(word)
                ? "a task needs the word run or ask in front; did you mean: graft run \(word.quotedForShell)"
                : "there is no command '\(word)'"
                    + (NearName.of(word, in: GraftCommand.subcommandNames).map { "; did you mean \($0)?" } ?? "")
        } else if let meant = MeantLine(arguments, refused: message) {
            message = meant.explanation
        }
        return tell(CommandFailure(Refusal(message.uncapitalized)), usage: lines)
    }

    /// Says why a command has ended with an error; returns the exit code.
    func report(running error: any Error) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        // The subcommand for help throws what it has to say.
        if error is ValidationError || GraftCommand.exitCode(for: error) == .success { return report(parsing: error) }
        return tell(CommandFailure(error))
    }

    private func tell(_ failure: CommandFailure, usage: [String] = []) -> Int32 {
        if let line = json(failure) {
            StandardOutput().write(line)
        } else if let conflict = failure.conflict {
            let style = TerminalStyle(descriptor: 1, environment: ProcessEnvironment.current)
            StandardOutput().write(ConflictText(conflict, style: style).text)
        }
        StandardError.write((["graft: \(failure.message)"] + usage).joined(separator: "\n").marked)
        return failure.exitCode
    }

    /// The line on standard output, for commands that promise one.
    private func json(_ failure: CommandFailure) -> [UInt8]? {
        let own = arguments.prefix { $0 != "--" }
        guard own.contains("--json"), let command = own.first(where: { !$0.hasPrefix("-") }) else { return nil }
        switch command {
        case "fix", "run", "resume":
            let other: Verdict = failure.exitCode == Verdict.usage.exitCode ? .usage : .internal
            let verdict = Verdict(rawValue: failure.code) ?? other
            return RunResult(verdict: verdict, message: failure.message).soleEvent()
        case "review", "sessions", "clean", "publish":
            var writer = JSONWriter()
            writer.object {
                $0.member(
                    "error",
                    object: {
                        $0.member("code", failure.code)
                        $0.member("message", failure.message)
                        failure.conflict?.write(into: &$0)
                    })
            }
            return writer.bytes + [0x0A]
        default: return nil
        }
    }

    /// Whether a word in the place of a command is a sentence.
    private static func isPrompt(_ word: String) -> Bool { word.contains(where: \.isWhitespace) }

    /// The first word, if it is in the place of a command and unknown.
    private var unknownCommand: String? {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        guard let word = words.first, !word.hasPrefix("-"), word != "help" else { return nil }
        return GraftCommand.subcommandNames.contains(word) ? nil : word
    }
}

extension String {
    /// The sentence with a small first letter, to follow a colon.
    fileprivate var uncapitalized: String {
        guard let first, first.isUppercase, dropFirst().first?.isLowercase == true else { return self }
        return first.lowercased() + dropFirst()
    }
}
