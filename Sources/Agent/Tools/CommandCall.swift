import JSON
import Responses
import Text

/// What the model asks of commands that go on beside others, and of what any command has printed.
enum CommandCall {
    case start(command: String, hasTerminal: Bool, timeout: Duration?, CommandWait)
    case poll(handle: String, CommandWait)
    case write(handle: String, text: String, closes: Bool, CommandWait)
    case stop(handle: String)
    case read(handle: String, offset: Int, limit: Int)

    /// Arguments that cannot be used, in one line for the model.
    struct Flaw: Error {
        let message: String
    }

    /// The names of the tools, in the order in which they are offered.
    static let names = ["start_command", "poll_command", "write_stdin", "stop_command", "read_output"]

    /// A handle as a message shows it: in one line, and not all of it if it is long.
    static func shown(_ handle: String) -> String {
        handle.prefix(60).named
    }

    private static let pageLimit = 16 * 1024
    private static let longestPage = 64 * 1024

    /// Reads a call's arguments; nil if the tool is another.
    init?(name: String, arguments: JSON) throws(Flaw) {
        let arguments = Arguments(tool: name, json: arguments)
        switch name {
        case "start_command":
            let command = try arguments.text("command")
            guard !command.isEmpty, !command.utf8.contains(0) else {
                throw Flaw(message: "start_command needs a \"command\" that is not empty and holds no NUL")
            }
            self = .start(
                command: command, hasTerminal: try arguments.flag("terminal"),
                timeout: try arguments.count("timeout_ms").map { .milliseconds(max(1, $0)) },
                try arguments.wait())
        case "poll_command":
            self = .poll(handle: try arguments.text("handle"), try arguments.wait())
        case "write_stdin":
            self = .write(
                handle: try arguments.text("handle"), text: try arguments.text("text"),
                closes: try arguments.flag("close"), try arguments.wait())
        case "stop_command":
            self = .stop(handle: try arguments.text("handle"))
        case "read_output":
            let limit = try arguments.count("limit") ?? Self.pageLimit
            self = .read(
                handle: try arguments.text("handle"), offset: try arguments.count("offset") ?? 0,
                limit: min(limit, Self.longestPage))
        default: return nil
        }
    }
}

/// How long a call waits for output.
struct CommandWait {
    /// The usual time where the model names none, and the most it gets.
    static let usual = 1000, longest = 60_000

    let limit: Duration
    /// The text that ends the wait.
    let text: String?
}

/// The arguments of one call, with the sentences for those that are missing or of the wrong kind.
private struct Arguments {
    let tool: String
    let json: JSON

    func text(_ name: String) throws(CommandCall.Flaw) -> String {
        guard let text = json[name]?.string else { throw wrong(name, "a string") }
        return text
    }

    func flag(_ name: String) throws(CommandCall.Flaw) -> Bool {
        guard let value = present(name) else { return false }
        guard let flag = value.bool else { throw wrong(name, "true or false") }
        return flag
    }

    func count(_ name: String) throws(CommandCall.Flaw) -> Int? {
        guard let value = present(name) else { return nil }
        guard let count = value.int, count >= 0, count <= Self.longest else {
            throw wrong(name, "a whole number from 0 on")
        }
        return count
    }

    func wait() throws(CommandCall.Flaw) -> CommandWait {
        let limit = min(try count("wait_ms") ?? CommandWait.usual, CommandWait.longest)
        let text = present("until") == nil ? nil : try text("until")
        return CommandWait(limit: .milliseconds(limit), text: text?.isEmpty == true ? nil : text)
    }

    /// Beyond that a number is a slip, and arithmetic with it could overflow.
    private static let longest = 1 << 48

    private func present(_ name: String) -> JSON? {
        json[name].flatMap { $0.isNull ? nil : $0 }
    }

    private func wrong(_ name: String, _ expected: String) -> CommandCall.Flaw {
        CommandCall.Flaw(message: "\(tool): \"\(name)\" must be \(expected)")
    }
}
