import Responses
import Session
import TestSupport
import Testing

@testable import Agent

/// Every fault of the table, over both roads and at several moments of a conversation.
///
/// Each ends with the right answer or the right failure, in a bounded time, and no call is lost or run twice.
@Suite struct FaultTests {
    @Test func `the table has at least sixty faults, each under a name of its own`() {
        let names = FaultTable.rows.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 60)
    }

    @Test(.timeLimit(.minutes(5)), arguments: FaultTable.rows)
    func `the right answer or the right failure comes of`(_ row: FaultRow) async throws {
        for road in row.roads {
            for position in row.positions {
                try await converse(row, at: position, over: road)
            }
        }
    }

    private func converse(_ row: FaultRow, at position: Int, over road: FaultRow.Road) async throws {
        let world = try FaultWorld(row, at: position, over: road)
        let place = "\(row.name), turn \(position), over \(road.rawValue)"
        do {
            let ending = try await world.run()
            if case .answer = row.outcome {
                #expect(ending.verdict == .unverified, "\(place): \(ending.message)")
                #expect(world.executed == FaultWorld.calls, "\(place)")
                #expect(world.events.all.said == ["caf\u{e9} / ☃  😀", "All is done."], "\(place)")
            } else {
                Issue.record("\(place): an answer came")
            }
        } catch let failure as ConnectionMachine.Failure {
            guard case .failure(let kind, let words) = row.outcome else {
                Issue.record("\(place): \(failure.kind): \(failure.error.message)")
                await world.close()
                return
            }
            #expect("\(failure.kind)".hasPrefix(kind), "\(place): \(failure.error.message)")
            #expect(failure.error.message.contains(words), "\(place): \(failure.error.message)")
            // What came before the fault has been done, and nothing of what was lost.
            #expect(world.executed == FaultWorld.calls(before: position), "\(place)")
        }
        try world.check(row)
        await world.close()
    }
}

extension FaultWorld {
    /// The calls of the turns before one.
    static func calls(before position: Int) -> [String] {
        [[], ["call_a"], ["call_a", "call_b", "call_c"], calls][position]
    }
}

extension [RunEvent] {
    /// The texts of the messages, in order.
    fileprivate var said: [String] {
        compactMap { event in
            guard case .itemCompleted(let item) = event, case .agentMessage(let text, _) = item.content else {
                return nil
            }
            return text
        }
    }
}
