import Agent
import ArgumentParser
import Evidence
import Glibc
import Session
import Terminal
import Text

/// Runs a request with everything a terminal or a pipe needs: signals, view, result file, exit code.
struct RunSession {
    private let request: RunRequest
    private let options: RunOptions

    init(_ request: RunRequest, options: RunOptions) {
        self.request = request
        self.options = options
    }

    /// Runs to the end.
    ///
    /// - Throws: `ExitCode` for every verdict but a good one, and for a result that could not be written.
    func run() async throws {
        let interruption = Interruption()
        let output = StandardOutput()
        let style = TerminalStyle(descriptor: 1, environment: request.environment)
        let view = TerminalView(output: output, style: style)
        let showsJSON = options.json
        let resultFile = try options.result.map(ResultFile.init)
        let journal = Journal(listeners: [
            { event, line in
                if showsJSON {
                    if let line { output.write(line) }
                } else {
                    view.show(event)
                }
            },
            { event, _ in
                if case .runFinished(let result) = event { resultFile?.write(result) }
            },
        ])
        var request = request
        request.ask = ApprovalPrompt.question(view: view, showsJSON: showsJSON, environment: request.environment)
        let run = Run(request, journal: journal, interruption: interruption)
        Signals.handle { signal, earlier in
            guard earlier == 0 else {
                let result = run.abandon(signal == SIGINT ? .interrupted : .terminated)
                _exit(result.verdict.exitCode)
            }
            if signal == SIGINT, !showsJSON { StandardError.write("\ngraft: stopping; once more to stop at once") }
            interruption.raise(signal == SIGINT ? .interrupted : .terminated)
        }
        let ticker = !showsJSON && style.isLive ? Task { await Self.tick(view) } : nil
        let result = await run.execute()
        ticker?.cancel()
        // On a terminal the view has said it.
        if result.verdict.exitCode != 0, showsJSON || isatty(1) == 0 {
            StandardError.write("graft: " + result.verdict.prefix + result.message.marked)
        }
        if result.verdict.exitCode != 0 { throw ExitCode(result.verdict.exitCode) }
        // Who reads the file must not take an old one, or none, for success.
        if resultFile?.failure != nil { throw ExitCode(Verdict.internal.exitCode) }
    }

    private static func tick(_ view: TerminalView) async {
        // Ends when the run does: a cancelled sleep throws.
        while (try? await Task.sleep(for: .seconds(1))) != nil { view.tick() }
    }
}

extension Verdict {
    /// The verdict's name in front of its sentence; wrong arguments need none, here as elsewhere.
    var prefix: String { self == .usage ? "" : "\(rawValue): " }
}
