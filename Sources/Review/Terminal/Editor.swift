import Glibc
import OS

/// The user's editor.
struct Editor: Sendable {
    /// How an editor ended.
    enum Ending: Sendable, Hashable {
        case saved
        /// It could not be started, failed or crashed; why, in words.
        case failed(String)
    }

    /// The command as the user has configured it; the shell parses it.
    let command: String
    private let environment: [String: String]

    /// Takes `VISUAL`, else `EDITOR`, else git's `core.editor`, else `vi`.
    init(environment: [String: String], configured: String?) {
        let choices = [environment["VISUAL"], environment["EDITOR"], configured]
        command = choices.lazy.compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
        self.environment = environment
    }

    /// The arguments that open a file at a line, as this editor spells it.
    func arguments(path: String, line: Int) -> [String] {
        let word = command.split(separator: " ").first ?? ""
        let name = word.split(separator: "/").last ?? word
        return switch name {
        case "code", "codium", "code-insiders", "cursor": ["--goto", "\(path):\(line)"]
        case "hx", "helix", "subl", "zed": ["\(path):\(line)"]
        case "ed", "ex", "cat", "true", "false": [path]
        default: ["+\(line)", path]
        }
    }

    /// Runs the editor on the terminal and waits for its end; the caller has given the terminal back.
    ///
    /// - Parameter waitForSignal: Waits for a signal, of which the end of a child is one; returns those that are to
    ///   be passed on.
    func run(_ arguments: [String], waitForSignal: () -> [Int32]) -> Ending {
        let process: ChildProcess
        do throws(SystemError) {
            // In our own group, which has the terminal.
            process = try ChildProcess(
                path: "/bin/sh", arguments: ["/bin/sh", "-c", command + " \"$@\"", command] + arguments,
                environment: environment.map { "\($0.key)=\($0.value)" }, directory: nil, group: .ours,
                descriptors: [0, 1, 2])
        } catch {
            return .failed("cannot start \(command): \(error.reason)")
        }
        while true {
            if process.waitForEnd(milliseconds: 0) { break }
            for number in waitForSignal() { process.send(number) }
        }
        guard let end = process.reap() else { return .failed("\(command) was lost") }
        return ending(end.how)
    }

    private func ending(_ how: ChildProcess.End.How) -> Ending {
        switch how {
        case .exited(0): .saved
        case .exited(127): .failed("\(command) was not found")
        case .exited(let code): .failed("\(command) exited with \(code)")
        case .signalled(let signal): .failed("\(command) was ended by signal \(signal)")
        }
    }
}
