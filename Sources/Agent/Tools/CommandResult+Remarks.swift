import Sandbox

extension CommandResult {
    /// What the output does not tell the model of a command's end, one line each; empty if there is nothing to tell.
    func remarks(limit: TimeLimit) -> String {
        var lines: [String] = []
        let peak = "peak memory \(usage.peakResidentBytes.spelledInBytes)"
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

extension Int {
    /// A number of bytes as a person says it: `3.9 GB`. 1 KB is 1,024 bytes.
    fileprivate var spelledInBytes: String {
        for (unit, shift) in [("GB", 30), ("MB", 20), ("KB", 10)] where self >= 1 << shift {
            let tenths = (self * 10) >> shift
            return tenths % 10 == 0 || tenths >= 1000
                ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(self) bytes"
    }
}
