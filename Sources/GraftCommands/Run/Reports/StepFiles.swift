import Glibc
import OS
import Publishing

/// The files that GitHub's runner gives to a step: one for a summary in Markdown, one for outputs.
struct StepFiles: Sendable {
    /// The most that the runner takes of a step's summary; of more it takes nothing.
    private static let summaryLimit = 1024 * 1024

    /// Whether this is a step on GitHub's runner.
    let isOnRunner: Bool
    private let summary: String?
    private let outputs: String?

    /// Reads where they are from the environment.
    init(environment: [String: String]) {
        func path(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        isOnRunner = environment["GITHUB_ACTIONS"] == "true"
        summary = path("GITHUB_STEP_SUMMARY")
        outputs = isOnRunner ? path("GITHUB_OUTPUT") : nil
    }

    /// Adds a report to the summary; returns why that was not possible.
    func writeSummary(_ report: @autoclosure () -> MarkdownReport) -> String? {
        guard let summary else { return nil }
        return append("the summary", to: summary) { size in
            report().text(byteLimit: Self.summaryLimit - size - 1)
        }
    }

    /// Adds the outputs; returns why that was not possible.
    func writeOutputs(_ values: @autoclosure () -> StepOutputs) -> String? {
        guard let outputs else { return nil }
        var random = SystemRandomNumberGenerator()
        return append("the outputs of the step", to: outputs) { _ in values().text(using: &random) }
    }

    private func append(_ what: String, to path: String, _ text: (_ size: Int) -> String) -> String? {
        do throws(SystemError) {
            let file = try Descriptor(opening: path, O_RDWR | O_CREAT | O_APPEND, mode: 0o644)
            var status = stat()
            guard fstat(file.raw, &status) == 0 else { throw SystemError("read \(path)") }
            let size = Int(status.st_size)
            var last: UInt8 = 0x0A
            // What an earlier command of the step has left need not end its line.
            if size > 0, pread(file.raw, &last, 1, status.st_size - 1) != 1 { last = 0x0A }
            try FileContent.write(Array(((last == 0x0A ? "" : "\n") + text(size)).utf8), to: file.raw)
            return nil
        } catch {
            return OutputFileFailure(what, to: path, error).description
        }
    }
}
