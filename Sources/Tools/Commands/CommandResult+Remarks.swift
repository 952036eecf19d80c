import Sandbox
import Text

extension CommandResult {
    /// What the output does not tell the model of a command's end, one line each; empty if there is nothing to tell.
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
        if leftProcesses { lines.append("something that it started could not be ended") }
        return lines.map { "[\($0)]\n" }.joined()
    }
}
