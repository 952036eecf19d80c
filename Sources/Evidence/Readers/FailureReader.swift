import Session

/// Reads failures from the output of test runners, compilers, linters and build tools.
///
/// Each reader is given every line, so that several tools in one output all count. Unknown text gives no failures;
/// whether the command passed, only the exit status decides.
public enum FailureReader {
    /// The most bytes of a line that readers see; the rest of a longer one is left out.
    static let lineLimit = 4096
    /// The most bytes of a message, and of a name.
    fileprivate static let messageLimit = 400

    /// What the output tells about tests.
    ///
    /// - Parameter hasPassed: Whether the command has: then lines that only look like an error are none.
    public static func read(_ output: String, hasPassed: Bool = false) -> TestReading {
        read(output, with: hasPassed ? readers.filter { !$0.rank.isGuess } : readers)
    }

    /// What a file tells that a program has written as its report.
    static func readReport(_ text: String) -> TestReading { read(text, with: [GoEventReader.self, TAPReader.self]) }

    private static func read(_ output: String, with readers: [any OutputReader.Type]) -> TestReading {
        var readers = readers.map { Entry(reader: $0.init(), rank: $0.rank, format: $0.format) }
        var prefix = CTestPrefix()
        for (number, whole) in LogDressing.lines(of: output).enumerated() {
            let line = whole[...].limited(to: lineLimit)
            let inner = prefix.removed(from: line)
            var isOwned = false
            for index in readers.indices where !isOwned || readers[index].rank == .umbrella {
                let isUmbrella = readers[index].rank == .umbrella
                if readers[index].reader.read(isUmbrella ? line : inner), readers[index].firstLine == nil {
                    readers[index].firstLine = number
                }
                isOwned = isOwned || readers[index].reader.ownsLine
            }
        }
        return merged(&readers)
    }

    /// A reader and where its tool was first seen.
    private struct Entry {
        var reader: any OutputReader
        let rank: ReaderRank
        let format: String
        var firstLine: Int?
    }

    /// Puts the readings together in the order in which the tools were seen.
    private static func merged(_ readers: inout [Entry]) -> TestReading {
        var readings: [(rank: ReaderRank, line: Int, index: Int, reading: TestReading)] = []
        for index in readers.indices {
            guard let line = readers[index].firstLine, var reading = readers[index].reader.finish() else { continue }
            if reading.formats.isEmpty { reading.formats = [readers[index].format] }
            readings.append((readers[index].rank, line, index, reading))
        }
        readings.sort { ($0.rank.rawValue, $0.line, $0.index) < ($1.rank.rawValue, $1.line, $1.index) }
        var whole = TestReading()
        var known = KnownFailures()
        let hasUmbrella = readings.contains { $0.rank == .umbrella && $0.reading.tally != nil }
        for (rank, _, _, reading) in readings {
            if rank.isGuess, !whole.failures.isEmpty { continue }
            let new = known.new(of: reading.failures, isUmbrella: rank == .umbrella)
            // What tells only what another reader has told is most likely of the same tool.
            if reading.tally == nil, new.isEmpty, !reading.failures.isEmpty { continue }
            whole.formats += reading.formats.filter { !whole.formats.contains($0) }
            // What an umbrella counts are the runs of the others.
            if rank == .umbrella || !hasUmbrella {
                if !reading.namesAll, reading.tally != nil || !reading.cases.isEmpty { whole.isPartial = true }
                whole.cases += reading.cases
                if let tally = reading.tally { whole.tally = whole.tally.map { $0.adding(tally) } ?? tally }
            }
            whole.failures += new
        }
        whole.failures = whole.failures.prefix(TestReport.failureLimit).map(\.bounded)
        return whole
    }

    /// The failures that other readers have told, by name and by place.
    private struct KnownFailures {
        private var names: Set<String> = []
        private var places: Set<String> = []

        /// Those that no reader before has told.
        ///
        /// What an umbrella tells of a run is told by the runner within, if its output names one of the known places.
        mutating func new(of failures: [TestFailure], isUmbrella: Bool) -> [TestFailure] {
            let new = failures.filter { failure in
                if names.contains(failure.name) || failure.spot.map(places.contains) == true { return false }
                return !isUmbrella || !places.contains { failure.excerpt[...].holds($0) }
            }
            names.formUnion(new.map(\.name))
            places.formUnion(new.compactMap(\.spot))
            return new
        }
    }
}

extension TestTally {
    fileprivate func adding(_ other: TestTally) -> TestTally {
        TestTally(
            run: run.adding(other.run), failed: failed.adding(other.failed), skipped: skipped.adding(other.skipped))
    }
}

extension TestFailure {
    /// File and line, `src/a.c:3`; nil where either is not known.
    fileprivate var spot: String? {
        guard let file, let line else { return nil }
        return "\(file):\(line)"
    }

    /// The failure with a message of one line and a limited length.
    fileprivate var bounded: TestFailure {
        var bounded = self
        bounded.name = String(name[...].limited(to: FailureReader.messageLimit))
        let line = message[...].cut("\n")?.before ?? message[...]
        bounded.message = String(line.limited(to: FailureReader.messageLimit))
        return bounded
    }
}
