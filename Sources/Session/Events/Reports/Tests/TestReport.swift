import JSON

/// What was read about the tests of one run of the command.
public struct TestReport: Sendable, Equatable {
    /// How many tests there were; nil where nothing tells.
    public var tally: TestTally?
    /// The failures in the order in which they were told, `failureLimit` at most.
    public var failures: [TestFailure]
    /// The formats that were read, such as `pytest` or `junit`, in the order in which they were found.
    public var formats: [String]

    /// How many failures are kept.
    public static let failureLimit = 50

    /// Names the parts.
    public init(tally: TestTally? = nil, failures: [TestFailure] = [], formats: [String] = []) {
        self.tally = tally
        self.failures = Array(failures.prefix(Self.failureLimit))
        self.formats = formats
    }

    /// Whether nothing was read.
    public var isEmpty: Bool { tally == nil && failures.isEmpty }
}

extension TestReport {
    func write(into writer: inout JSONWriter) {
        if let tally { tally.write(into: &writer) }
        writer.member("failures", array: { for failure in failures { $0.object { failure.write(into: &$0) } } })
        writer.member("formats", array: { for format in formats { $0.string(format) } })
    }

    init(_ json: JSON) {
        self.init(
            tally: TestTally(json), failures: json["failures"]?.elements.compactMap(TestFailure.init) ?? [],
            formats: json["formats"]?.elements.compactMap(\.string) ?? [])
    }
}
