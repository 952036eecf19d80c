import Session

extension TestReading {
    /// What report files and the output tell together: the files first, as they were written to be read by machines.
    ///
    /// A failure of both is told once. What only the output tells stays: code that does not compile is in no report.
    ///
    /// - Parameter reports: What the report files tell; nothing if none was read.
    func merged(after reports: ReportCollection) -> TestReading {
        guard var merged = reports.reading else { return self }
        guard !failures.isEmpty || !cases.isEmpty || tally != nil else {
            merged.failures += reports.unnamed
            return merged
        }
        let known = KnownTests(merged)
        let more = failures.filter { !known.holds($0) }
        merged.failures += more
        // An error that a report only counts is told by the output, if that tells of any.
        if more.isEmpty { merged.failures += reports.unnamed }
        let moreCases = cases.filter { !known.holds($0.name) }
        merged.cases += moreCases
        merged.formats += formats.filter { !merged.formats.contains($0) }
        guard let own = tally else { return merged }
        guard let told = merged.tally else {
            merged.tally = own
            return merged
        }
        // The output tells of more tests than the reports where only some of the runners write any.
        if own.run.adding(own.skipped) > told.run.adding(told.skipped) { merged.tally = own }
        return merged
    }
}

/// The tests of a reading, found by the names that other formats give them.
private struct KnownTests {
    private var names: Set<String> = []
    private var places: Set<String> = []
    /// The last parts of names, of all tests and of those that have failed.
    private var lastParts: Set<Substring> = []
    private var lastPartsOfFailed: Set<Substring> = []

    init(_ reading: TestReading) {
        for test in reading.cases {
            names.formUnion(Self.endings(of: test.name))
            lastParts.insert(Self.lastPart(of: test.name))
        }
        for failure in reading.failures {
            names.formUnion(Self.endings(of: failure.name))
            lastPartsOfFailed.insert(Self.lastPart(of: failure.name))
            if let place = Self.place(failure) { places.insert(place) }
        }
    }

    func holds(_ failure: TestFailure) -> Bool {
        if let place = Self.place(failure), places.contains(place) { return true }
        let key = Self.key(failure.name)
        return names.contains(key) || (isLone(key) && lastPartsOfFailed.contains(key[...]))
    }

    func holds(_ name: String) -> Bool {
        let key = Self.key(name)
        return names.contains(key) || (isLone(key) && lastParts.contains(key[...]))
    }

    /// Whether a name is that of a test alone, as Swift Testing prints it.
    private func isLone(_ key: String) -> Bool { !key[...].holds(Self.separator) }

    private static func lastPart(of name: String) -> Substring {
        let key = key(name)[...]
        return key.cutLast(separator)?.after ?? key
    }

    private static func place(_ failure: TestFailure) -> String? {
        guard let file = failure.file, let line = failure.line else { return nil }
        return "\(file[...].cutLast("/")?.after ?? file[...]):\(line)"
    }

    /// A name and its last parts, down to two: a runner prints `CalcTest.adds`, and its report says
    /// `com.example.CalcTest.adds`.
    private static func endings(of name: String) -> [String] {
        let key = key(name)
        var endings = [key]
        var rest = key[...]
        while endings.count < endingLimit, let (_, after) = rest.cut(separator) {
            rest = after
            if after.holds(separator) { endings.append(String(after)) }
        }
        return endings
    }

    private static let separator = "."
    private static let endingLimit = 12

    /// A name as all formats would write it: `tests/test_a.py::TestB::test_c` and `tests.test_a.TestB.test_c` are the same,
    /// and so is `test_c (tests.test_a.TestB.test_c)`.
    private static func key(_ name: String) -> String {
        var text = name[...]
        if let (first, rest) = text.cut(" ("), let inner = rest.before(")"), inner.holds("."), !inner.holds(" ") {
            text = inner.ends(with: ".\(first)") ? inner : Substring("\(inner).\(first)")
        }
        var bytes = text.utf8[...]
        var kept: [UInt8] = []
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "\\"): kept.append(UInt8(ascii: "."))
            case UInt8(ascii: ":") where bytes.first == byte:
                bytes.removeFirst()
                if kept.suffix(3).elementsEqual(".py".utf8) { kept.removeLast(3) }
                kept.append(UInt8(ascii: "."))
            case UInt8(ascii: " ") where bytes.starts(with: "> ".utf8):
                bytes.removeFirst(2)
                kept.append(UInt8(ascii: "."))
            default: kept.append(byte)
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
