import JSON
import Session

extension TestReading {
    /// The bytes in which a session keeps what its first run told of tests, for the comparison with its last.
    public var journalBytes: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member(
                "cases",
                array: {
                    for test in cases {
                        $0.array {
                            $0.string(test.outcome.rawValue)
                            $0.string(test.name)
                        }
                    }
                })
            if let tally {
                $0.member("tally", array: { for count in [tally.run, tally.failed, tally.skipped] { $0.int(count) } })
            }
            if isPartial { $0.member("partial", true) }
            $0.member("formats", array: { for format in formats { $0.string(format) } })
        }
        return writer.bytes
    }

    /// Reads those bytes; nil for others.
    public init?(journalBytes bytes: [UInt8]) {
        guard let json = try? JSON(bytes) else { return nil }
        let counts = json["tally"]?.elements.compactMap(\.int) ?? []
        self.init(
            cases: json["cases"]?.elements.compactMap(TestCase.init) ?? [],
            tally: counts.count == 3 ? TestTally(run: counts[0], failed: counts[1], skipped: counts[2]) : nil,
            formats: json["formats"]?.elements.compactMap(\.string) ?? [])
        isPartial = json["partial"]?.bool ?? false
    }
}

extension TestCase {
    fileprivate init?(_ json: JSON) {
        let parts = json.elements.compactMap(\.string)
        guard parts.count == 2, let outcome = Outcome(rawValue: parts[0]) else { return nil }
        self.init(name: parts[1], outcome: outcome)
    }
}
