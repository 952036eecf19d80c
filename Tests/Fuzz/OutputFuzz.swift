import Session

/// The entry point of libFuzzer for what commands print and write about tests, and for saved CI logs: no bytes may trap a
/// reader, and what comes out is bounded and makes sense.
///
/// It is compiled together with the readers' sources by scripts/fuzz, never by the package.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let output = FailureReader.read(String(decoding: bytes, as: UTF8.self))
    check(output)
    check(ReportReader.read([("report", bytes)], beside: output).reading)
    // Most inputs are no archive; that is an answer.
    guard let log = try? LogReading(bytes) else { return 0 }
    check(log.tests)
    for candidate in log.candidates where candidate.line.isEmpty || candidate.line.utf8.count > 4000 {
        fatalError("not a command: \(candidate.line)")
    }
    return 0
}

private func check(_ reading: TestReading) {
    for failure in reading.failures {
        guard failure.line.map({ $0 > 0 }) ?? true else { fatalError("not a line: \(failure)") }
        guard !failure.message.utf8.contains(0x0A) else { fatalError("not one line: \(failure)") }
        guard failure.excerpt.utf8.count <= 2 * 1200 else { fatalError("not bounded: \(failure)") }
    }
    guard let tally = reading.tally else { return }
    guard tally.run >= 0, tally.skipped >= 0, tally.failed >= 0 else { fatalError("no number of tests: \(tally)") }
}
