import Session

/// The tests of a stream of TAP, put into their places when the test around them is told, which comes behind them.
struct TAPPoints {
    private var points: [Point] = []

    /// A test, and what was told about it.
    private struct Point {
        var point: TAPPoint
        var hasParts = false
        var hasFailedPart = false
        var block: TAPBlock?
        var message = ""
        var file: String?
        var line: Int?
        var excerpt = Excerpt()

        /// Whether it has failed and was not expected to.
        var isFailed: Bool { !point.isPassed && point.directive == nil }

        /// Whether it is a test of its own, not only what holds others.
        var isTest: Bool { !hasParts || (isFailed && !hasFailedPart) }

        var outcome: TestCase.Outcome {
            if point.directive == "skip" { return .skipped }
            if point.isPassed { return .passed }
            return point.directive == "todo" ? .skipped : .failed
        }
    }

    /// The most tests that are kept.
    private static let limit = 50_000

    /// Whether nothing was told.
    var isEmpty: Bool { points.isEmpty }
    /// Whether any test has failed.
    var hasFailure: Bool { points.contains { $0.isFailed } }
    /// The spaces before the last test.
    var lastIndent: Int { points.last?.point.indent ?? 0 }
    /// How many tests are in no other one.
    private(set) var outerCount = 0

    /// Takes a test. Those before it that stand further in are its parts.
    mutating func add(_ point: TAPPoint) {
        if point.indent == 0 { outerCount += 1 }
        guard points.count < Self.limit else { return }
        var new = Point(point: point)
        for index in points.indices.reversed() {
            guard points[index].point.indent > point.indent else { break }
            new.hasParts = true
            if points[index].isFailed { new.hasFailedPart = true }
            points[index].point.name = "\(point.name) > \(points[index].point.name)"
            points[index].point.indent = point.indent
        }
        points.append(new)
    }

    /// Takes the block behind the last test.
    mutating func take(_ block: TAPBlock) {
        guard let index = points.indices.last, points[index].block == nil else { return }
        points[index].block = block
        guard !points[index].point.isPassed else { return }
        if let message = block.message { points[index].message = message }
        if let place = block.place { (points[index].file, points[index].line) = (place.file, place.line) }
        for line in block.excerpt { points[index].excerpt.add(line) }
    }

    /// Takes a place that a comment tells.
    ///
    /// - Parameter name: The name in the comment before it; nil for the last test.
    mutating func place(file: String, line: Int, ofFailureNamed name: String?) {
        guard let index = index(ofFailureNamed: name), points[index].file == nil else { return }
        (points[index].file, points[index].line) = (file, line)
    }

    /// Takes a comment behind a test that has failed.
    mutating func note(_ text: Substring, ofFailureNamed name: String?) {
        guard let index = index(ofFailureNamed: name), !text.isEmpty, !text.starts(with: "Subtest"),
            !text.starts(with: "Looks like you ")
        else { return }
        if points[index].message.isEmpty { points[index].message = String(text) }
        points[index].excerpt.add(text)
    }

    private func index(ofFailureNamed name: String?) -> Int? {
        guard let name else { return points.indices.last.flatMap { points[$0].isFailed ? $0 : nil } }
        // The comments of a stream may come behind all of its tests, as they are on the other stream.
        let named = points.indices.filter {
            points[$0].isFailed && (points[$0].point.name == name || points[$0].point.name.hasSuffix(" > \(name)"))
        }
        return named.first { points[$0].file == nil } ?? named.last
    }

    /// Tells the tests; those with the name of another one get numbers.
    func report(into findings: inout Findings, countsTests: Bool) {
        var counts: [String: Int] = [:]
        for point in points where point.isTest {
            let count = counts[point.point.name, default: 0] + 1
            counts[point.point.name] = count
            let name = count == 1 ? point.point.name : "\(point.point.name) #\(count)"
            if countsTests { findings.add(name, point.outcome) }
            guard point.outcome == .failed else { continue }
            var excerpt = point.excerpt
            findings.add(
                TestFailure(
                    name: name, message: point.message, file: point.file, line: point.line, excerpt: excerpt.take()))
        }
    }
}
