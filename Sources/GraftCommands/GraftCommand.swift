public import ArgumentParser
import Evidence
import Glibc
import OS
import Session

/// The `graft` command line.
public struct GraftCommand: AsyncParsableCommand {
    /// Name, subcommands and the table of verdicts.
    public static let configuration = CommandConfiguration(
        commandName: "graft",
        abstract: "A code-editing agent for git repositories that proves what it did.",
        discussion: "Exit codes:\n"
            + Verdict.allCases.map { "  \($0.exitCode)".padded(to: 6) + "\($0.rawValue): \($0.explanation)" }
            .joined(separator: "\n"),
        version: version,
        subcommands: [
            FixCommand.self, RunCommand.self, ResumeCommand.self, AskCommand.self, ReviewCommand.self,
            PublishCommand.self,
            SessionsCommand.self, LogCommand.self, SkillsCommand.self, JobsCommand.self, CleanCommand.self,
            ApplyCommand.self, DoctorCommand.self, MCPCommand.self,
            SandboxCommand.self,
            SimulateCommand.self,
        ])

    /// The number of this version.
    static let number = "0.1.0"

    /// Name and number, and for a release build the commit that it was made from, with its date.
    private static var version: String {
        "graft \(number)" + (BuildOrigin.text.map { " (\($0))" } ?? "")
    }

    /// Fills the places of missing standard streams, before anything is opened.
    ///
    /// Ends the process if the arguments cannot be read: Swift reads them from /proc, and without it every command would
    /// look like a call for help and exit with 0.
    public static func prepareProcess() {
        MissingStreams.fill()
        guard CommandLine.argc < 1 else { return }
        StandardError.write("graft: /proc cannot be read; mount it")
        Glibc.exit(Verdict.internal.exitCode)
    }

    /// Runs the command line and ends the process.
    ///
    /// No exit handler runs, because a library's thread may still use what it would destroy.
    public static func runToEnd() async -> Never {
        let failure = CommandLineFailure(arguments: Array(CommandLine.arguments.dropFirst()))
        let code: Int32
        do {
            let command = try parseAsRoot()
            code = await run(command, failure)
        } catch {
            code = failure.report(parsing: error)
        }
        _exit(StandardOutput.exitCode(code))
    }

    private static func run(_ command: any ParsableCommand, _ failure: CommandLineFailure) async -> Int32 {
        var command = command
        do {
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
            return 0
        } catch {
            return failure.report(running: error)
        }
    }

    /// Makes the command.
    public init() {}
}
