import JSON

/// How many tests a run of a test runner had.
public struct TestTally: Sendable, Hashable {
    /// How many were run, whether they passed or failed.
    public var run: Int
    /// How many of those failed, or broke off with an error.
    public var failed: Int
    /// How many were not run: skipped, ignored, disabled, or deselected. One that is expected to fail and does counts
    /// as skipped, as it proves nothing.
    public var skipped: Int

    /// Names the parts.
    public init(run: Int, failed: Int, skipped: Int = 0) {
        self.run = run
        self.failed = failed
        self.skipped = skipped
    }
}

extension TestTally {
    func write(into writer: inout JSONWriter) {
        writer.member("run", run)
        writer.member("failed", failed)
        writer.member("skipped", skipped)
    }

    init?(_ json: JSON) {
        guard let run = json["run"]?.int, let failed = json["failed"]?.int else { return nil }
        self.init(run: run, failed: failed, skipped: json["skipped"]?.int ?? 0)
    }
}
