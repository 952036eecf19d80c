public import JSON
import Text

/// How a shell line ended.
public struct CommandReport: Sendable, Equatable {
    /// Exit status; nil if there is none, as after a time-out.
    public var exitCode: Int32?
    /// How it ended, in a word or two: `exit 1`, `timed out after 120 s`, `killed by SIGKILL`.
    public var ending: String
    /// How long it took.
    public var duration: Duration
    /// What the model saw of the output, both streams.
    public var output: String
    /// How many bytes it printed.
    public var outputByteCount: Int
    /// The name of the signal that ended it, if one did.
    public var signal: String?
    /// Processor time, with that of all it has started; nil where it is not known.
    public var processorTime: Duration?
    /// The largest resident size of any of its processes, in bytes; nil where it is not known.
    public var peakByteCount: Int?
    /// Whether the kernel killed something of it because the memory was used up.
    public var ranOutOfMemory = false

    /// What was read about its tests; nil for a command whose tests nobody reads.
    public var tests: TestReport?

    /// Whether it exited with zero.
    public var isSuccess: Bool { exitCode == 0 }

    /// How a command ends that was stopped on purpose, as a server is that has done its work.
    public static let stopped = "stopped"

    /// Whether it was stopped on purpose, which is no failure.
    public var wasStopped: Bool { exitCode == nil && ending == Self.stopped }

    /// How it ended and how long it took, once: the ending of a time-out says the time itself.
    public func endingAndTime(_ joint: String) -> String {
        ending.hasPrefix("timed out after") ? ending : ending + joint + duration.spelled
    }

    /// Names the parts.
    public init(exitCode: Int32?, ending: String, duration: Duration, output: String, outputByteCount: Int) {
        self.exitCode = exitCode
        self.ending = ending
        self.duration = duration
        self.output = output
        self.outputByteCount = outputByteCount
    }
}

extension CommandReport {
    /// Writes the members of the report into an object.
    public func write(into writer: inout JSONWriter) {
        writer.member("aggregated_output", output)
        writer.key("exit_code")
        if let exitCode { writer.int(Int(exitCode)) } else { writer.null() }
        writer.member("status", isSuccess ? "completed" : "failed")
        writer.member("ending", ending)
        writer.member("duration_ms", duration.milliseconds)
        writer.member("output_bytes", outputByteCount)
        if let signal { writer.member("signal", signal) }
        if let processorTime { writer.member("cpu_ms", processorTime.milliseconds) }
        if let peakByteCount { writer.member("peak_bytes", peakByteCount) }
        if ranOutOfMemory { writer.member("out_of_memory", true) }
        if let tests { writer.member("tests", object: { tests.write(into: &$0) }) }
    }

    /// Writes the members of a command that has not ended.
    static func writeRunning(output: String = "", into writer: inout JSONWriter) {
        writer.member("aggregated_output", output)
        writer.key("exit_code")
        writer.null()
        writer.member("status", "in_progress")
    }

    /// Reads how a command ended; nil while it was running.
    public init?(_ json: JSON) {
        guard let ending = json["ending"]?.string else { return nil }
        self.init(
            exitCode: json["exit_code"]?.int.flatMap { Int32(exactly: $0) }, ending: ending,
            duration: json["duration_ms"]?.milliseconds ?? .zero,
            output: json["aggregated_output"]?.string ?? "", outputByteCount: json["output_bytes"]?.int ?? 0)
        signal = json["signal"]?.string
        processorTime = json["cpu_ms"]?.milliseconds
        peakByteCount = json["peak_bytes"]?.int
        ranOutOfMemory = json["out_of_memory"]?.bool ?? false
        tests = json["tests"].map(TestReport.init)
    }
}
