import Agent
import ArgumentParser
import Evidence
import JSON
import Responses
import Session
import Text

/// Says why a command line has come to nothing, in one form for all commands: a line `graft: …` on standard error,
/// the usage below it where that helps, and with `--json` an object on standard output too.
struct CommandLineFailure {
    private let arguments: [String]

    /// Takes the arguments without the program's name.
    init(arguments: [String]) {
        self.arguments = arguments
    }

    /// Tells of arguments that cannot be read; returns the exit code.
    func report(parsing error: any Error) -> Int32 {
        let text = GraftCommand.fullMessage(for: error)
        let isHelp = GraftCommand.exitCode(for: error) == .success
        guard !isHelp || (arguments.first == "help" && unknownCommand != nil) else {
            print(text)
            return 0
        }
        var lines = isHelp ? [""] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var message = lines.removeFirst()
        if message.hasPrefix("Error: ") { message.removeFirst("Error: ".count) }
        if let word = unknownCommand {
            let near = NearName.of(word, in: Self.names(of: GraftCommand.self))
            message = "there is no command '\(word)'" + (near.map { "; did you mean \($0)?" } ?? "")
        }
        return tell(message.uncapitalized, usage: lines, code: Verdict.usage.exitCode)
    }

    /// Tells of a command that has ended with an error; returns the exit code.
    func report(running error: any Error) -> Int32 {
        switch error {
        case let code as ExitCode: code.rawValue
        case let error as Refusal: tell(error.description, usage: [], code: error.code)
        case is ValidationError: report(parsing: error)
        default:
            // The subcommand for help throws what it has to say.
            GraftCommand.exitCode(for: error) == .success
                ? report(parsing: error) : tell("\(error)", usage: [], code: Verdict.internal.exitCode)
        }
    }

    private func tell(_ message: String, usage: [String], code: Int32) -> Int32 {
        if let line = json(message, code) { StandardOutput().write(line) }
        StandardError.write((["graft: \(message)"] + usage).joined(separator: "\n").marked)
        return code
    }

    /// The line on standard output, for commands that promise one.
    private func json(_ message: String, _ code: Int32) -> [UInt8]? {
        let own = arguments.prefix { $0 != "--" }
        guard own.contains("--json"), let command = own.first(where: { !$0.hasPrefix("-") }) else { return nil }
        let verdict: Verdict = code == Verdict.usage.exitCode ? .usage : .internal
        switch command {
        case "fix", "run":
            return RunResult(verdict: verdict, message: message).soleEvent()
        case "review", "sessions", "clean":
            var writer = JSONWriter()
            writer.object {
                $0.member(
                    "error",
                    object: {
                        $0.member("code", code == 1 ? "refused" : verdict.rawValue)
                        $0.member("message", message)
                    })
            }
            return writer.bytes + [0x0A]
        default: return nil
        }
    }

    /// The first word, if it should be a command and is none.
    private var unknownCommand: String? {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        guard let word = words.first, !word.hasPrefix("-"), word != "help" else { return nil }
        return Self.names(of: GraftCommand.self).contains(word) ? nil : word
    }

    /// The names of a command's subcommands.
    static func names(of command: any ParsableCommand.Type) -> [String] {
        command.configuration.subcommands.compactMap { $0.configuration.commandName }
    }
}

extension String {
    /// The sentence as it goes on behind a colon.
    fileprivate var uncapitalized: String {
        guard let first, first.isUppercase, dropFirst().first?.isLowercase == true else { return self }
        return first.lowercased() + dropFirst()
    }
}
