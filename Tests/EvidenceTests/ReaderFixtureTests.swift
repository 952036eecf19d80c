import Evidence
import Foundation
import JSON
import Session
import Testing

/// Reads real outputs of real tools, in `Tests/Fixtures/readers/TOOL/NAME.txt`, and their reports, `NAME.xml`, and compares
/// what is found with `NAME.expected.json`, which was written by hand. `scripts/make-fixtures` makes the outputs anew.
@Suite struct ReaderFixtureTests {
    @Test func `each output of a real tool is read as a person would read it`() throws {
        var lines: [String] = []
        var total = Accuracy()
        for tool in try Self.names(in: Self.folder) {
            var accuracy = Accuracy()
            let folder = Self.folder.appending(path: tool)
            for file in try Self.names(in: folder) where file.hasSuffix(".expected.json") {
                let name = String(file.dropLast(".expected.json".count))
                let expected = try Expected(
                    JSON(String(decoding: Data(contentsOf: folder.appending(path: file)), as: UTF8.self)))
                let reading = try Self.reading(of: folder.appending(path: name), hasPassed: expected.hasPassed)
                accuracy.add(expected, reading)
                #expect(reading.tally == expected.tally, "\(tool)/\(name)")
                #expect(reading.failures.map(Failure.init) == expected.failures, "\(tool)/\(name)")
                for (failure, message) in zip(reading.failures, expected.messages) {
                    if let message { #expect(failure.message == message, "\(tool)/\(name)") }
                }
                if let formats = expected.formats { #expect(reading.formats == formats, "\(tool)/\(name)") }
                if let namesAll = expected.namesAll { #expect(reading.namesAll == namesAll, "\(tool)/\(name)") }
            }
            guard accuracy.outputCount > 0 else { continue }
            lines.append("\(tool): \(accuracy.text)")
            total.add(accuracy)
        }
        print("readers:\n\(lines.joined(separator: "\n"))\nall: \(total.text)")
        #expect(total.outputCount > 0)
    }

    /// Reads an output, `NAME.txt`, or a report, `NAME.xml`.
    private static func reading(of base: URL, hasPassed: Bool) throws -> TestReading {
        if let report = try? Data(contentsOf: base.appendingPathExtension("xml")) {
            return ReportReader.read([(base.lastPathComponent, Array(report))]).reading
        }
        let output = try Data(contentsOf: base.appendingPathExtension("txt"))
        return FailureReader.read(String(decoding: output, as: UTF8.self), hasPassed: hasPassed)
    }

    @Test(arguments: [
        ("pytest-xml", ["report"]), ("gtest-xml", ["report"]), ("node-reports", ["report"]),
        ("phpunit-xml", ["report"]), ("surefire", ["report"]), ("gotestsum", ["report"]),
        ("swift-xml", ["testing", "xctest"]),
    ])
    func `what both a report and the output tell counts once`(_ tool: String, _ reports: [String]) throws {
        let folder = Self.folder.appending(path: tool)
        let files = try reports.map { name in
            (path: name, bytes: Array(try Data(contentsOf: folder.appending(path: "\(name).xml"))))
        }
        let alone = ReportReader.read(files).reading
        let output = try FailureReader.read(
            String(decoding: Data(contentsOf: folder.appending(path: "output.txt")), as: UTF8.self))
        #expect(!output.failures.isEmpty)
        let both = ReportReader.read(files, beside: output).reading
        #expect(both.failures.map(\.name) == alone.failures.map(\.name))
        // Node counts tests that hold others in its output only.
        #expect(both.tally == alone.tally || tool == "node-reports")
    }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/readers")

    private static func names(in folder: URL) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            return []
        }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
}

/// Which failure it is, and where.
private struct Failure: Hashable {
    var name: String
    var file: String?
    var line: Int?

    init(_ failure: TestFailure) { (name, file, line) = (failure.name, failure.file, failure.line) }

    init(_ json: JSON) {
        (name, file, line) = (json["name"]?.string ?? "", json["file"]?.string, json["line"]?.int)
    }
}

/// What a person finds in an output.
private struct Expected {
    var tally: TestTally?
    var failures: [Failure]
    /// The message of each failure, nil where it does not matter.
    var messages: [String?]
    var formats: [String]?
    var namesAll: Bool?
    /// Whether the command exited with zero.
    var hasPassed: Bool

    init(_ json: JSON) {
        hasPassed = json["passed"]?.bool ?? false
        if let run = json["run"]?.int {
            tally = TestTally(run: run, failed: json["failed"]?.int ?? 0, skipped: json["skipped"]?.int ?? 0)
        }
        failures = json["failures"]?.elements.map(Failure.init) ?? []
        messages = json["failures"]?.elements.map { $0["message"]?.string } ?? []
        formats = json["formats"]?.elements.compactMap(\.string)
        namesAll = json["namesAll"]?.bool
    }
}

/// How many of the tests and failures that there are were found.
private struct Accuracy {
    var outputCount = 0
    var tests = (found: 0, all: 0)
    var failures = (found: 0, all: 0)
    var inventions = 0

    var text: String {
        "\(outputCount) outputs, tests \(tests.found) of \(tests.all), failures \(failures.found) of \(failures.all)"
            + (inventions == 0 ? "" : ", \(inventions) told that are none")
    }

    mutating func add(_ expected: Expected, _ reading: TestReading) {
        let there = expected.tally.map { $0.run + $0.skipped } ?? 0
        let read = reading.tally.map { $0.run + $0.skipped } ?? 0
        let known = Set(expected.failures)
        let found = Set(reading.failures.map(Failure.init))
        add(
            Accuracy(
                outputCount: 1, tests: (min(there, read), there),
                failures: (known.intersection(found).count, known.count), inventions: found.subtracting(known).count))
    }

    mutating func add(_ other: Accuracy) {
        outputCount += other.outputCount
        tests = (tests.found + other.tests.found, tests.all + other.tests.all)
        failures = (failures.found + other.failures.found, failures.all + other.failures.all)
        inventions += other.inventions
    }
}
