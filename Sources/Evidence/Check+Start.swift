public import Sandbox
import Text

extension Check {
    /// Why the command could not be started, in the words of the shell or of the program that was to start it; nil if
    /// it was started.
    ///
    /// A shell exits with 126 or 127 then, but so does a script in which something is missing, and that may be what is
    /// to be repaired. So the message has to name a word of the command itself, and a file of the tree must not be the
    /// one who says it.
    ///
    /// - Parameter isInTree: Whether a path is that of a file in the working tree.
    public func startFailure(of result: CheckResult, isInTree: (String) -> Bool) -> String? {
        switch result.command.outcome {
        case .notStarted(let message): return message
        case .exited(126), .exited(127): break
        default: return nil
        }
        let words = words
        for stream in [result.command.stderr, result.command.stdout] {
            let text = String(decoding: stream.tail.isEmpty ? stream.head : stream.tail, as: UTF8.self)
            let lines = text.split(whereSeparator: \.isNewline).suffix(Self.lastLines)
            for line in lines.reversed() {
                // Such as `/bin/bash: line 1: pytst: command not found`, or `timeout: failed to run command 'pytst': …`.
                let parts = line.split(separator: ": ")
                guard let speaker = parts.first, !isInTree(String(speaker)),
                    let named = parts.dropFirst().firstIndex(where: { Self.names($0, one: words) })
                else { continue }
                return parts[named...].joined(separator: ": ")
            }
        }
        return nil
    }

    /// Why the command will not start, as far as its first word tells before it is run; nil if there is no saying.
    ///
    /// Only a program that is looked for in the search path is missed: a path may be what the model is to make.
    public func missingProgram(in sandbox: Sandbox, environment: SandboxEnvironment) async -> String? {
        let line = ShellLine(text)
        guard line.plainWords != nil, let program = line.programName, words.contains(program) else { return nil }
        let request = CommandRequest(
            .shell("command -v -- \(program)"), environment: environment, timeout: .seconds(10))
        let result = await sandbox.run(request)
        guard case .exited(let status) = result.outcome, status != 0 else { return nil }
        return "\(program): command not found"
    }

    /// How many of the last lines may be followed by what traps and such print.
    private static let lastLines = 5

    /// The words of the command, and of the lines that are words of it, as in `sh -c 'make test'`.
    private var words: Set<String> {
        let own: [String] =
            switch command {
            case .shell(let line): ShellLine(line).words
            case .arguments(let words): words
            }
        return Set(own).union(own.filter { $0.contains(" ") }.flatMap { ShellLine($0).words })
    }

    private static func names(_ part: Substring, one words: Set<String>) -> Bool {
        let quotes: Set<Character> = ["'", "\"", "`", "‘", "’", "“", "”"]
        return part.split(whereSeparator: quotes.contains).contains { words.contains(String($0)) }
    }
}
