import Glibc
import OS
import Publishing
import Session
import Synchronization
import Text

/// What a run leaves for others, opened before anything is done: the files that flags name, and those that GitHub's
/// runner gives to a step.
final class ReportFiles: Sendable {
    private struct File: Sendable {
        /// What it holds, for messages.
        let what: String
        let path: String
        let draft: FileDraft
        let render: @Sendable (RunResult, RunStart?) -> [UInt8]
    }

    private let files: [File]
    private let series: SeriesFiles
    private let step: StepFiles
    /// Names of outputs of a step, and the files that they stand for.
    private let outputs: [(name: String, path: String)]
    private let failed = Mutex(false)

    /// Opens the files.
    ///
    /// - Throws: `OutputFileFailure` or `Refusal` for one that cannot be written.
    init(_ options: ReportOptions, environment: [String: String]) throws {
        series = try SeriesFiles(options, environment: environment)
        step = StepFiles(environment: environment)
        let ways = series.ways(isThrownAway: step.isOnRunner)
        let kinds: [(String, String?, @Sendable (RunResult, RunStart?) -> [UInt8])] = [
            ("the result", options.result, { result, _ in result.json() }),
            (
                "the summary", options.summary,
                { Array(MarkdownReport(result: $0, start: $1, ways: ways($0, $1)).text(byteLimit: 1 << 24).utf8) }
            ),
            (
                "the SARIF report", options.sarif,
                { SARIFReport(result: $0, start: $1, version: GraftCommand.number).bytes }
            ),
            ("the JUnit report", options.junit, { JUnitReport(result: $0, start: $1).bytes }),
            ("the code quality report", options.codeQuality, { CodeQualityReport(result: $0, start: $1).bytes }),
        ]
        files = try kinds.compactMap { what, path, render in
            guard let path else { return nil }
            do throws(SystemError) {
                return File(what: what, path: path, draft: try FileDraft(path), render: render)
            } catch {
                throw OutputFileFailure(what, to: path, error)
            }
        }
        outputs = options.named.map { (String($0.flag.dropFirst(2)), Self.absolute($0.path)) }
    }

    /// Whether something could not be written.
    var hasFailed: Bool { failed.withLock { $0 } }

    /// Writes all of it, the result first; each failure is told on standard error and kept in `hasFailed`.
    ///
    /// - Parameters:
    ///   - start: What the run worked on; nil if it did not come to that.
    ///   - patience: How long the reader of a pipe may take to come, and to read on.
    func write(_ result: RunResult, start: RunStart?, patience: Duration) {
        for file in files {
            do throws(SystemError) { try file.draft.write(file.render(result, start), patience: patience) } catch {
                fail(OutputFileFailure(file.what, to: file.path, error).description)
            }
        }
        // Who stops a run does not wait long for what can be had later.
        let isStopped = result.verdict == .interrupted || result.verdict == .terminated
        series.write(result, start: start, within: isStopped ? .seconds(3) : .seconds(300)).forEach(fail)
        let ways = series.ways(isThrownAway: step.isOnRunner)(result, start)
        step.writeSummary(MarkdownReport(result: result, start: start, ways: ways)).map(fail)
        let code = result.verdict.exitCode == 0 && hasFailed ? Verdict.internal.exitCode : result.verdict.exitCode
        step.writeOutputs(StepOutputs(result: result, exitCode: code, files: outputs)).map(fail)
    }

    private func fail(_ reason: String) {
        failed.withLock { $0 = true }
        StandardError.write("graft: \(reason.marked)")
    }

    /// The path for a process in another folder.
    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let here = FilePath.resolved(".") else { return path }
        return "\(here)/\(path)"
    }
}
