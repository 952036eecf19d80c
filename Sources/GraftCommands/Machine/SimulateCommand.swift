import ArgumentParser
import Glibc
import JSON
import OS
import Simulator
import Terminal

/// `graft simulate`: a Responses API server that plays a scenario.
struct SimulateCommand: AsyncParsableCommand {
    /// What `graft help simulate` shows.
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serve a scripted session over the Responses API, without a model.",
        discussion: """
            Listens on 127.0.0.1 and prints its address. Point OPENAI_BASE_URL at it; any key but sk-bad… is good. \
            Serves until it is stopped by SIGINT or SIGTERM.
            """)

    @Argument(help: ArgumentHelp("A scenario: a JSON file.", valueName: "scenario"), completion: .file())
    var scenario: String?

    @Option(help: ArgumentHelp("Play the model's side of a session's journal instead.", valueName: "file"))
    var journal: String?

    @Option(help: "The port; 0 takes a free one.")
    var port: UInt16 = 0

    @Option(help: ArgumentHelp("Write the port to this file when the server listens.", valueName: "file"))
    var portFile: String?

    @Option(help: ArgumentHelp("Append each request and answer to this file, a line of JSON each.", valueName: "file"))
    var log: String?

    @Flag(help: "Stop when the last turn is answered and no client is left.")
    var once = false

    /// Checks that there is one thing to play.
    func validate() throws {
        guard (scenario == nil) != (journal == nil) else {
            throw ValidationError("give a scenario, or a journal with --journal")
        }
    }

    /// Serves until stopped.
    func run() async throws {
        let loaded = try load()
        let (stopped, stop) = AsyncStream<Void>.makeStream()
        Signals.handle { _, _ in stop.yield() }
        var configuration = SimulatorServer.Configuration()
        configuration.port = port
        configuration.seed = UInt64(truncatingIfNeeded: getpid()) << 32 ^ UInt64(truncatingIfNeeded: time(nil))
        if once { configuration.whenOver = { stop.yield() } }
        let server = SimulatorServer(
            scenario: loaded, configuration: configuration, log: try SimulatorLog(file: log, keepsBodies: false))
        try server.start()
        if let portFile {
            // A reader that waits for the file must not see it half written.
            try OutputFile.write(Array("\(server.port)\n".utf8), "the port", to: portFile)
        }
        StandardOutput().write("listening on \(server.baseURL)\n")
        for await _ in stopped { break }
        server.stop()
    }

    private func load() throws -> Scenario {
        do {
            if let journal { return try Scenario(journal: read(journal), name: journal) }
            return try Scenario(json: read(scenario ?? ""))
        } catch let error as ScenarioError {
            throw Refusal("\(journal ?? scenario ?? ""): \(error)")
        }
    }

    private func read(_ path: String) throws -> [UInt8] {
        do throws(SystemError) { return try FileContent.read(path) } catch {
            throw Refusal("cannot read \(path): \(error.reason)")
        }
    }
}
