import JSON

/// A command that goes on beside others, at one moment.
public struct StartedCommand: Sendable, Equatable {
    /// What the model calls it, such as `p1`.
    public var handle: String
    /// The shell line.
    public var command: String
    /// What it has printed since the last look, as the model sees it; not told once it has ended.
    public var output: String = ""
    /// Where in its whole output that begins, and where it ends.
    public var outputRange = 0..<0
    /// How it ended; nil while it runs.
    public var report: CommandReport?

    /// Names a command that has printed nothing yet.
    public init(handle: String, command: String, output: String = "", outputRange: Range<Int> = 0..<0) {
        self.handle = handle
        self.command = command
        self.output = output
        self.outputRange = outputRange
    }
}

extension StartedCommand {
    func write(into writer: inout JSONWriter) {
        writer.member("command", command)
        writer.member("handle", handle)
        if let report { return report.write(into: &writer) }
        CommandReport.writeRunning(output: output, into: &writer)
        writer.member("output_offset", outputRange.lowerBound)
        writer.member("output_end", outputRange.upperBound)
    }

    /// Reads a command that goes on; nil for one that is none.
    init?(_ json: JSON) {
        guard let handle = json["handle"]?.string, let command = json["command"]?.string else { return nil }
        self.init(handle: handle, command: command)
        report = CommandReport(json)
        guard report == nil else { return }
        output = json["aggregated_output"]?.string ?? ""
        let start = max(json["output_offset"]?.int ?? 0, 0)
        // Earlier versions did not write the end.
        outputRange = start..<max(json["output_end"]?.int ?? start, start)
    }
}
