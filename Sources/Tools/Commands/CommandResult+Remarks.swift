import Sandbox
import Text

extension CommandResult {
    /// Remarks for the model on how a command ended, one line each; may be empty.
    func remarks(limit: TimeLimit) -> String {
        var lines: [String] = []
        let peak = "peak memory \(usage.peakResidentBytes.spelledAsBytes)"
        switch outcome {
        case .timedOut: lines.append(limit.explained)
        case .signalled:
            lines.append("killed by \(outcome.signalName ?? "a signal")" + (ranOutOfMemory ? "" : ", \(peak)"))
        case .exited, .cancelled, .notStarted: break
        }
        if ranOutOfMemory { lines.append("the memory was used up and something was killed, \(peak)") }
        if !deniedHosts.isEmpty {
            lines.append("the sandbox does not allow the network to \(deniedHosts.joined(separator: ", "))")
        }
        lines += closedPaths.map(\.remark)
        if leftProcesses { lines.append("something that it started could not be ended") }
        return lines.map { "[\($0)]\n" }.joined()
    }
}
