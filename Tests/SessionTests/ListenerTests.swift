import Dispatch
import Foundation
import Session
import Synchronization
import Testing

@Suite struct ListenerTests {
    /// A listener that may be kept from going on.
    private final class Reader: Sendable {
        let events = Mutex<[RunEvent]>([])
        let lines = Mutex<[String]>([])
        private let gate = DispatchSemaphore(value: 0)

        func listener(_ limits: EventListener.Limits, isStuck: Bool = true, takesDeltas: Bool = true) -> EventListener {
            EventListener(takesDeltas: takesDeltas, limits: limits) { [self] event, line in
                if isStuck { gate.wait() }
                events.withLock { $0.append(event) }
                lines.withLock { $0.append(line.map { String(decoding: $0, as: UTF8.self) } ?? "") }
            }
        }

        func goOn(_ count: Int) { for _ in 0..<count { gate.signal() } }
    }

    private let reader = Reader()
    private let end = RunEvent.runFinished(RunResult(verdict: .fixed, message: "done"))

    private func notices(_ range: Range<Int>) -> [RunEvent] { range.map { .notice("\($0)") } }

    @Test func `listeners get every event in order, with a line only where it is kept`() {
        let journal = Journal(listeners: [reader.listener(.standard, isStuck: false)])
        let events = [.textDelta("hi", phase: nil)] + notices(0..<100) + [end]
        for event in events { journal.record(event) }
        #expect(journal.waitForListeners())
        #expect(reader.events.withLock { $0.dropLast() } == events.dropLast())
        #expect(reader.lines.withLock { $0.map(\.isEmpty) } == [true] + Array(repeating: false, count: 101))
    }

    @Test func `a listener that does not want what streams does not get it`() {
        let journal = Journal(listeners: [reader.listener(.standard, isStuck: false, takesDeltas: false)])
        for event in [.textDelta("hi", phase: nil), .reasoningDelta("hm")] + notices(0..<1) { journal.record(event) }
        #expect(journal.waitForListeners())
        #expect(reader.events.withLock { $0 } == notices(0..<1))
    }

    @Test func `a stuck listener holds up neither the run nor the file nor another listener`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "listener-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let other = Reader()
        let journal = Journal(listeners: [
            reader.listener(.init(eventCount: 10, byteCount: 1 << 20)), other.listener(.standard, isStuck: false),
        ])
        try journal.open(folder: folder)
        for event in notices(0..<1000) + [end] { journal.record(event) }
        journal.close()
        let lines = try String(contentsOfFile: folder + "/journal.jsonl", encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1001)
        #expect(!journal.waitForListeners(atMost: .milliseconds(10)))
        #expect(reader.events.withLock { $0.isEmpty })
        reader.goOn(12)
        #expect(journal.waitForListeners())
        #expect(other.events.withLock { $0.count } == 1001)
    }

    @Test func `what does not fit is left out and told, and the result comes last`() {
        let journal = Journal(listeners: [reader.listener(.init(eventCount: 10, byteCount: 1 << 20))])
        for event in notices(0..<30) { journal.record(event) }
        reader.goOn(10)
        #expect(journal.waitForListeners())
        for event in notices(30..<32) + [end] { journal.record(event) }
        reader.goOn(4)
        #expect(journal.waitForListeners())
        let expected = notices(0..<10) + [.eventsMissed(20)] + notices(30..<32)
        #expect(reader.events.withLock { $0.dropLast() } == expected)
        #expect(reader.events.withLock { $0.last?.kind } == .runFinished)
        let missed = reader.lines.withLock { $0[10] }
        #expect(missed.hasPrefix(#"{"type":"events.missed","t_ms":"#) && missed.hasSuffix(#","count":20}"# + "\n"))
    }

    @Test func `there is room again when half of what waits is gone`() {
        let journal = Journal(listeners: [reader.listener(.init(eventCount: 10, byteCount: 1 << 20))])
        for event in notices(0..<12) { journal.record(event) }
        reader.goOn(3)
        while reader.events.withLock({ $0.count }) < 3 { sched_yield() }
        journal.record(.notice("lost"))
        reader.goOn(7)
        #expect(journal.waitForListeners())
        journal.record(.notice("kept"))
        reader.goOn(2)
        #expect(journal.waitForListeners())
        #expect(reader.events.withLock { $0 } == notices(0..<10) + [.eventsMissed(3), .notice("kept")])
    }

    @Test func `many bytes fill a queue as many events do`() {
        let journal = Journal(listeners: [reader.listener(.init(eventCount: 1000, byteCount: 1000))])
        for _ in 0..<5 { journal.record(.notice(String(repeating: "x", count: 600))) }
        journal.record(.textDelta(String(repeating: "x", count: 600), phase: nil))
        journal.record(end)
        reader.goOn(4)
        #expect(journal.waitForListeners())
        #expect(reader.events.withLock { $0.map(\.kind) } == [.notice, .notice, .eventsMissed, .runFinished])
        #expect(reader.events.withLock { $0[2] } == .eventsMissed(4))
    }

    @Test func `what a command prints is joined while it waits, and is never missed`() {
        let limits = EventListener.Limits(eventCount: 8, byteCount: 1 << 20)
        let journal = Journal(listeners: [reader.listener(limits, isStuck: true)])
        journal.record(.notice("first"))
        for number in 0..<1000 {
            journal.record(.progress(.output(of: "item_0", Array("\(number)\n".utf8))))
        }
        for lines in 1...3 { journal.record(.progress(.added(lines: lines))) }
        journal.record(end)
        reader.goOn(20)
        #expect(journal.waitForListeners())
        let events = reader.events.withLock { $0 }
        #expect(!events.contains { $0.kind == .eventsMissed })
        var (printed, added): ([UInt8], Int) = ([], 0)
        for case .progress(let progress) in events {
            if case .output(_, let bytes) = progress { printed += bytes }
            if case .added(let lines) = progress { added += lines }
        }
        #expect(String(decoding: printed.suffix(8), as: UTF8.self) == "998\n999\n")
        #expect(added == 6 && events.count <= 6)
    }

    @Test func `many threads record, and all get the same order`() {
        let other = Reader()
        let journal = Journal(listeners: [
            reader.listener(.standard, isStuck: false), other.listener(.standard, isStuck: false),
        ])
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<200 { journal.record(.notice("\(thread) \(number)")) }
        }
        #expect(journal.waitForListeners())
        let seen = reader.events.withLock { $0 }
        #expect(seen.count == 1600 && seen == other.events.withLock { $0 })
    }

    @Test func `only the first end of a run counts`() {
        let journal = Journal(listeners: [reader.listener(.standard, isStuck: false)])
        journal.record(.taskClaimed(summary: "so"))
        #expect(journal.finish(.fixed, "it passes").summary == "so")
        #expect(journal.finish(.interrupted, "stopped").verdict == .fixed)
        #expect(journal.waitForListeners())
        #expect(reader.events.withLock { $0.map(\.kind) } == [.taskClaimed, .runFinished])
        #expect(journal.state.phase == .finished)
    }
}
