/// The entry point of libFuzzer for journals: no bytes may trap the reader of events or the state that they add up to,
/// and what was read is read again the same from what is written of it.
///
/// It is compiled together with the reader's sources by scripts/fuzz, never by the package.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var state = SessionState()
    for raw in UnsafeBufferPointer(start: start, count: count).split(separator: 10) {
        guard let line = JournalLine(Array(raw)) else { continue }
        state.apply(line.event, at: line.time)
        guard let written = line.event.line(at: line.time) else { fatalError("not written: \(line.event)") }
        guard let again = JournalLine(written.dropLast()) else { fatalError("not read again: \(line.event)") }
        // Bytes that are no UTF-8 are repaired when they are read, so a text is compared that was read once.
        guard again.event.line(at: again.time) == written else { fatalError("read otherwise: \(line.event)") }
    }
    _ = state.openCalls
    _ = RunEvent.runFinished(state.result(.internal, "")).line(at: state.elapsed)
    return 0
}
