import Agent
import ArgumentParser
import Dispatch
import Evidence
import Glibc
import MCP
import Publishing
import Session
import Synchronization
import Terminal
import Text
import Tools

/// Runs a request with everything a terminal or a pipe needs: signals, view, result file, exit code.
struct RunSession {
    /// A run that is ready, if there is something to run, and its journal.
    typealias Made = (run: Run?, journal: Journal)
    /// What a person who watches is asked.
    typealias Questions = (approval: ApprovalQuestion?, servers: ServerQuestions)

    private let environment: [String: String]
    private let options: RunOptions
    private let make: ([EventListener], Interruption, (Journal) -> Questions) throws -> Made
    /// What a session that goes on was started with, which its new events do not say.
    private var start: RunStart?
    /// What a session that has come to its end has come to.
    private var finished = RunResult(verdict: .internal, message: "nothing was run")

    /// A new session.
    init(_ request: RunRequest, options: RunOptions) {
        environment = request.environment
        self.options = options
        make = { listeners, interruption, questions in
            let journal = Journal(listeners: listeners)
            var request = request
            (request.ask, request.serverQuestions) = questions(journal)
            return (Run(request, journal: journal, interruption: interruption), journal)
        }
    }

    /// A session that goes on.
    ///
    /// - Parameters:
    ///   - start: What it was started with.
    ///   - open: Opens the session; it is closed again where it cannot go on.
    init(
        resuming start: RunStart?, options: RunOptions, environment: [String: String],
        open: @escaping ([EventListener]) throws -> ResumeRequest
    ) {
        self.environment = environment
        self.options = options
        self.start = start
        make = { listeners, interruption, questions in
            var request = try open(listeners)
            let journal = request.session.journal
            (request.ask, request.serverQuestions) = questions(journal)
            do { return (try Run(resuming: request, interruption: interruption), journal) } catch {
                journal.close()
                throw error
            }
        }
    }

    /// A session that has come to its end, which is told again.
    init(finished result: RunResult, start: RunStart, options: RunOptions, environment: [String: String]) {
        self.environment = environment
        self.options = options
        finished = result
        make = { listeners, _, _ in
            let journal = Journal(listeners: listeners)
            journal.record(.runStarted(start))
            return (nil, journal)
        }
    }

    /// Runs to the end.
    ///
    /// - Throws: `ExitCode` for every verdict but a good one, and for a result that could not be written.
    func run() async throws {
        let interruption = Interruption()
        let output = StandardOutput(
            whenClosed: "graft: standard output is closed; going on, the events are in the session's journal",
            isForPeople: true)
        let style = TerminalStyle(descriptor: 1, environment: environment)
        let screen = LiveScreen(output: output, style: style)
        let view = TerminalView(screen: screen)
        let showsJSON = options.json
        let reports = try ReportFiles(options.reports, environment: environment)
        let workspace = environment["GITHUB_WORKSPACE"]
        let fold = showsJSON ? nil : LogFold(environment: environment)
        let listener = EventListener(takesDeltas: !showsJSON) { event, line in
            if let fold, event.kind == .runFinished { output.write(commands: fold.end) }
            if !showsJSON { view.show(event) } else if let line { output.write(line) }
        }
        let (run, journal) = try make([listener], interruption) { questions(screen: screen, journal: $0) }
        let isTold = Mutex(false)
        // The result is written before anybody waits for a reader, and once.
        @Sendable func tell(_ result: RunResult, patience: Duration) {
            isTold.withLock { isTold in
                let start = journal.state.start
                if !isTold { reports.write(result, start: start, patience: patience) }
                isTold = true
            }
            journal.waitForListeners(atMost: patience)
            screen.end()
            Self.annotate(
                result, start: journal.state.start, on: showsJSON ? nil : output, workspace: workspace)
        }
        let pause = Signals.Pause(before: screen.pause, after: screen.resume)
        Signals.handle(pause: !showsJSON && style.isLive ? pause : nil) { [finished] signal, earlier in
            let reason = signal == SIGINT ? Interruption.Reason.interrupted : .terminated
            let abandon = { @Sendable [finished] in
                let result = run?.abandon(reason) ?? finished
                tell(result, patience: .seconds(1))
                _exit(result.verdict.exitCode)
            }
            if signal == SIGINT, !showsJSON, earlier == 0 {
                screen.note("graft: stopping; once more to stop at once")
            }
            if !interruption.raise(reason), earlier > 0 { abandon() }
            // A verification that was skipped is cleared away, but not for long.
            if earlier > 0 { DispatchQueue.global().asyncAfter(deadline: .now() + 2, execute: abandon) }
        }
        if let fold { output.write(commands: fold.begin) }
        if !showsJSON { screen.begin() }
        if !showsJSON, let start { view.show(.runStarted(start)) }
        if run == nil { journal.record(.runFinished(finished)) }
        let result = await run?.execute() ?? finished
        tell(result, patience: Self.readerPatience)
        // What a person has read on standard output need not be said again.
        if result.verdict.exitCode != 0, showsJSON || !StandardOutput.isSeenWithErrors {
            StandardError.write("graft: " + result.verdict.prefix + result.message.marked)
        }
        if result.verdict.exitCode != 0 { throw ExitCode(result.verdict.exitCode) }
        // Who reads the file must not take an old one, or none, for success.
        if reports.hasFailed { throw ExitCode(Verdict.internal.exitCode) }
    }

    /// Shows a result beside the lines of files where GitHub's runner reads along.
    ///
    /// - Parameter output: Standard output; nil if it has JSON lines, which stay among themselves.
    private static func annotate(
        _ result: RunResult, start: RunStart?, on output: StandardOutput?, workspace: String?
    ) {
        guard WorkflowRunner.isHere else { return }
        let lines = WorkflowAnnotations(result: result, start: start, workspace: workspace).text
        if let output { output.write(commands: lines) } else { StandardError.write(commands: lines) }
    }

    /// How long a reader of the events that has stopped keeps the process at its end.
    private static let readerPatience: Duration = .seconds(5)

    /// Asks the person once the view has shown what came before.
    private func questions(screen: LiveScreen, journal: Journal) -> Questions {
        let wait = { @Sendable () -> Void in journal.waitForListeners(atMost: Self.readerPatience) }
        let servers = ServerPrompt.questions(
            screen: screen, showsJSON: options.json, environment: environment, waitForView: wait)
        let ask = ApprovalPrompt.question(screen: screen, showsJSON: options.json, environment: environment)
        guard let ask else { return (nil, servers) }
        return (
            { request in
                wait()
                return await ask(request)
            }, servers
        )
    }
}

extension Verdict {
    /// The verdict's name in front of its sentence; wrong arguments need none, here as elsewhere.
    var prefix: String { self == .usage ? "" : "\(rawValue): " }
}
