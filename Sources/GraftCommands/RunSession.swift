import Agent
import ArgumentParser
import Evidence
import Glibc

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
    /// - Throws: `ExitCode` for every verdict but a good one.
    func run() async throws {
        let interruption = Interruption()
        let output = StandardOutput()
        let style = TerminalStyle(descriptor: 1, environment: request.environment)
        let view = TerminalView(output: output, style: style)
        let showsJSON = options.json
        let journal = Journal(listeners: [
            { event, line in
                if showsJSON {
                    if let line { output.write(line) }
                } else {
                    view.show(event)
                }
            },
            { [resultPath = options.result] event, _ in
                if case .runFinished(let result) = event, let resultPath { Self.write(result, to: resultPath) }
            },
        ])
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
        if showsJSON || result.verdict.exitCode != 0, !style.isLive {
            if result.verdict.exitCode != 0 {
                StandardError.write("graft: \(result.verdict.rawValue): \(result.message)")
            }
        }
        if result.verdict.exitCode != 0 { throw ExitCode(result.verdict.exitCode) }
    }

    private static func tick(_ view: TerminalView) async {
        // Ends when the run does: a cancelled sleep throws.
        while (try? await Task.sleep(for: .seconds(1))) != nil { view.tick() }
    }

    /// Writes the result file whole or not at all.
    private static func write(_ result: RunResult, to path: String) {
        let temporary = path + ".graft-tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let bytes = result.json()
        let isWritten =
            file >= 0 && bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) } == bytes.count
        let reason = String(cString: strerror(errno))
        if file >= 0 { close(file) }
        guard isWritten, rename(temporary, path) == 0 else {
            unlink(temporary)
            StandardError.write("graft: cannot write the result to \(path): \(reason)")
            return
        }
    }
}
