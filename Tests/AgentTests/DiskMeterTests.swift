import Foundation
import Synchronization
import Testing

@testable import Agent

/// Measurements that run when a test says so, on a disk of which a test says how much room it has.
private final class Bench: Sendable {
    let root = FileManager.default.temporaryDirectory.path + "/graft-disk-\(UUID().uuidString.prefix(8))"
    let free = Mutex<UInt?>(1000)
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    init() throws {
        for name in ["session", "tree"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        }
    }

    // A folder that stays in the temporary folder does no harm.
    deinit { try? FileManager.default.removeItem(atPath: root) }

    var meter: DiskMeter {
        DiskMeter(
            ["\(root)/session", "\(root)/tree", "\(root)/missing"], freeBlocks: { _ in self.free.withLock { $0 } }
        ) {
            job in self.waiting.withLock { $0.append(job) }
        }
    }

    /// Ends what has been begun; how many that were.
    @discardableResult
    func run() -> Int {
        let jobs = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for job in jobs { job() }
        return jobs.count
    }

    /// Writes files, after which the disk has less room.
    func write(_ name: String, byteCount: Int) throws {
        try Data(repeating: 0x61, count: byteCount).write(to: URL(fileURLWithPath: "\(root)/\(name)"))
        free.withLock { $0 = $0.map { $0 - 1 } }
    }
}

@Suite struct DiskMeterTests {
    private let bench: Bench

    init() throws { bench = try Bench() }

    @Test func `what was there before counts not, and what comes counts in all folders`() throws {
        try bench.write("session/before", byteCount: 1 << 20)
        let meter = bench.meter
        bench.run()
        #expect(meter.growth == 0)
        try bench.write("session/output", byteCount: 100_000)
        try bench.write("tree/build", byteCount: 200_000)
        meter.measure()
        #expect(meter.growth == 0, "nobody waits for a measurement")
        bench.run()
        #expect((300_000..<320_000).contains(meter.growth))
    }

    @Test func `what is removed counts no more, and less than before is no growth`() throws {
        try bench.write("tree/before", byteCount: 50_000)
        let meter = bench.meter
        bench.run()
        try bench.write("tree/more", byteCount: 50_000)
        meter.measure()
        bench.run()
        #expect(meter.growth >= 50_000)
        try FileManager.default.removeItem(atPath: bench.root + "/tree")
        bench.free.withLock { $0 = 2000 }
        meter.measure()
        bench.run()
        #expect(meter.growth == 0)
    }

    @Test func `files are counted again only where the room has changed, or is not known`() throws {
        let meter = bench.meter
        bench.run()
        try bench.write("tree/more", byteCount: 100_000)
        bench.free.withLock { $0 = 1000 }
        meter.measure()
        bench.run()
        #expect(meter.growth == 0)
        bench.free.withLock { $0 = nil }
        meter.measure()
        bench.run()
        #expect(meter.growth >= 100_000)
        try bench.write("tree/again", byteCount: 100_000)
        meter.measure()
        bench.run()
        #expect(meter.growth >= 200_000)
    }

    @Test func `one measurement runs at a time, and a later one may follow`() {
        let meter = bench.meter
        for _ in 0..<3 { meter.measure() }
        #expect(bench.run() == 1)
        meter.measure()
        #expect(bench.run() == 1)
    }
}
