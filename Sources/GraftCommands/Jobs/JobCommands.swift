import Agent
import ArgumentParser
import JSON
import Responses
import Text

/// The job that a command is about, and the form in which it is told.
struct JobOptions: ParsableArguments {
    @OptionGroup var state: StateOptions

    @Argument(help: ArgumentHelp("A response's id, or the start of one.", valueName: "id"))
    var id: String

    @Flag(help: "Print the server's object.")
    var json = false

    func validate() throws {
        guard !id.isEmpty else { throw ValidationError("the id is empty") }
    }

    /// Prints a response.
    func tell(_ stored: StoredResponse, of response: ResponseID) {
        let output = StandardOutput()
        if json { return output.write(Array(stored.json.raw) + [0x0A]) }
        var lines = ["\(response.rawValue.markedLine): \(stored.status.markedLine)"]
        if let model = stored.json["model"]?.string { lines.append("model: \(model.markedLine)") }
        if let end = stored.end {
            switch end.outcome {
            case .completed: break
            case .incomplete(let reason): lines.append("incomplete: \(reason.markedLine)")
            case .failed(let error): lines.append("error: \(error.message.markedLine)")
            }
            if let usage = end.usage { lines.append("tokens: \(usage.input) in, \(usage.output) out") }
            for item in end.output {
                lines.append(item.messageText.map { $0.marked } ?? "(\(item.type.markedLine))")
            }
        }
        output.write(lines.joined(separator: "\n") + "\n")
    }
}

/// `graft jobs show ID`: what the server says of a response.
struct JobsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show how a response stands, and what has come of it.")

    @OptionGroup var options: JobOptions

    func run() async throws {
        let server = try JobServer(environment: ProcessEnvironment.current)
        let response = try server.response(options.id)
        options.tell(try await server.look(at: response), of: response)
    }
}

/// `graft jobs wait ID`: waits for the end of a response.
struct JobsWaitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until a response has ended; exit with 0 if it is complete, 1 if not.")

    @OptionGroup var options: JobOptions

    @Option(
        help: ArgumentHelp("How long to wait (default: without end); exit with 75 after it.", valueName: "duration"),
        transform: Duration.parse)
    var timeout: Duration?

    func run() async throws {
        let server = try JobServer(environment: ProcessEnvironment.current)
        let response = try server.response(options.id)
        let stored = try await server.wait(for: response, atMost: timeout)
        options.tell(stored, of: response)
        if stored.status != "completed" { throw ExitCode(1) }
    }
}

/// `graft jobs cancel ID`: ends a response.
struct JobsCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel a response; one that has ended stays as it is.")

    @OptionGroup var options: JobOptions

    func run() async throws {
        let server = try JobServer(environment: ProcessEnvironment.current)
        let response = try server.response(options.id)
        options.tell(try await server.cancel(response), of: response)
    }
}
