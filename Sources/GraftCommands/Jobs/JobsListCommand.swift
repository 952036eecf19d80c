import ArgumentParser
import JSON
import Responses
import Session
import Terminal

/// `graft jobs list`: the responses that journals name, and how they stand.
struct JobsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the newest responses; those of all sessions with --all.")

    @OptionGroup var state: StateOptions

    @Flag(help: "List all that are known, not only the newest 20.")
    var all = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let server = try JobServer(environment: ProcessEnvironment.current)
        let jobs = server.known(limit: all ? nil : 20)
        guard !jobs.isEmpty || json else {
            return StandardError.write("graft: no responses in the background; graft fix --background makes them")
        }
        let (states, trouble) = await server.states(of: jobs)
        let rows = zip(jobs, states)
        let output = StandardOutput()
        if json {
            var writer = JSONWriter()
            writer.object {
                $0.member("jobs", array: { for (job, state) in rows { $0.object { job.write(state, into: &$0) } } })
            }
            output.write(writer.bytes + [0x0A])
        } else {
            var table = TextTable([
                .init(title: "RESPONSE"), .init(title: "STATE"), .init(title: "SESSION"),
                .init(title: "TURN", isRight: true), .init(title: "RUN"),
            ])
            for (job, state) in rows {
                table.add([
                    job.response.rawValue, state ?? "unknown", job.session.rawValue, "\(job.turn)",
                    job.isDone ? "has it" : "waits for it",
                ])
            }
            let style = TerminalStyle(descriptor: 1, environment: ProcessEnvironment.current)
            output.write(
                table.lines(width: ScreenSize.columns(of: 1), style: style).joined(separator: "\n") + "\n")
        }
        if let trouble { throw trouble }
    }
}

extension KnownJob {
    fileprivate func write(_ state: String?, into writer: inout JSONWriter) {
        writer.member("response_id", response.rawValue)
        writer.key("state")
        if let state { writer.string(state) } else { writer.null() }
        writer.member("session", session.rawValue)
        writer.member("turn", turn)
        writer.key("sequence_number")
        if let sequence { writer.int(sequence) } else { writer.null() }
        writer.member("is_done", isDone)
    }
}
