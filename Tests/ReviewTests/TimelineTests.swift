import Foundation
import Responses
import Session
import Testing

@testable import Review

@Suite struct TimelineTests {
    private func timeline(_ lines: String...) throws -> SessionTimeline {
        var timeline = SessionTimeline()
        for line in lines { JournalLine(Array(line.utf8)).map { timeline.add($0) } }
        return timeline
    }

    @Test func `spans end when their event was written and begin their duration earlier`() throws {
        let timeline = try timeline(
            #"{"type":"baseline.completed","t_ms":900,"exit_code":1,"ending":"exit 1","duration_ms":400}"#,
            #"{"type":"turn.started","t_ms":1000,"turn":1}"#,
            #"""
            {"type":"turn.completed","t_ms":3000,"turn":1,"duration_ms":1900,"usage":{"input_tokens":10,\#
            "cached_input_tokens":4,"output_tokens":3,"reasoning_output_tokens":1}}
            """#,
            #"""
            {"type":"item.completed","t_ms":5000,"item":{"type":"command_execution","command":"make\nall",\#
            "id":"item_0","status":"failed","exit_code":2,"ending":"exit 2","duration_ms":1500}}
            """#,
            #"{"type":"commit.created","t_ms":5200,"commit":{"id":"a","subject":"Repair"}}"#,
            #"{"type":"run.finished","t_ms":6000,"verdict":"fixed"}"#)
        #expect(timeline.end == 6)
        #expect(timeline.spans.map(\.start) == [0.5, 1.1, 3.5, 5.2])
        #expect(timeline.spans.map(\.isGood) == [false, true, false, true])
        #expect(timeline.spans[2].label == "make: exit 2")
        let turn = try #require(timeline.turns.first)
        #expect((turn.modelSeconds, turn.commandSeconds, turn.usage.cached, turn.commits) == (1.9, 1.5, 4, 1))
    }

    @Test func `events without what they should have are no trouble`() throws {
        let timeline = try timeline(
            "{}", #"{"type":"turn.completed"}"#, #"{"type":"item.completed","item":7}"#,
            #"{"type":"commit.created","t_ms":"late"}"#, #"{"type":"baseline.completed","t_ms":-5,"duration_ms":1e300}"#
        )
        #expect(timeline.turns.isEmpty)
        var writer = HTMLWriter()
        writer.timeline(timeline)
        #expect(!writer.bytes.isEmpty)
    }

    @Test(arguments: ["old-fixed", "fixed"]) func `journals of earlier versions are read as those of today`(
        _ name: String
    ) {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let timeline = SessionTimeline(journal: folder.path + "/SessionTests/Resources/\(name).jsonl")
        #expect(timeline.turns.map(\.number) == Array(1...8) && timeline.end > 0.2)
        #expect(timeline.turns[0].commands == 1 && timeline.turns[0].usage.cached == 512)
        #expect(timeline.spans.count { $0.kind == .check } == 4 && timeline.spans.count { $0.kind == .commit } == 2)
        #expect(timeline.spans.filter { $0.kind == .edit }.map(\.isGood) == [true, false])
    }

    @Test func `what failed is red, however short it was, and nothing else is`() {
        let spans = (0..<40).map {
            SessionTimeline.Span(
                kind: .command, start: Double($0), end: Double($0) + 0.01, label: "c", isGood: $0 % 4 != 0)
        }
        let bars = Chart.bars(spans, scale: 888.0 / 40)
        #expect(bars.count == 40 && bars.map(\.isGood) == spans.map(\.isGood))
    }

    @Test(arguments: [(1, 130.0), (5, 130.0), (8, 208.0), (20, 520.0), (150, 888.0)])
    func `few turns make a small chart of tokens`(_ count: Int, _ most: Double) throws {
        var timeline = SessionTimeline()
        for number in 1...count {
            let usage =
                #""usage":{"input_tokens":500,"cached_input_tokens":400,"output_tokens":9,"reasoning_output_tokens":0}"#
            for text in [
                #"{"type":"turn.started","t_ms":1,"turn":\#(number)}"#,
                #"{"type":"turn.completed","t_ms":9,"turn":\#(number),"duration_ms":5,\#(usage)}"#,
            ] {
                timeline.add(try #require(JournalLine(Array(text.utf8))))
            }
        }
        var writer = HTMLWriter()
        writer.timeline(timeline)
        let page = String(decoding: writer.bytes, as: UTF8.self)
        let bars = page.matches(of: #/class="fresh" x=([\d.]+) y=[\d.]+ width=([\d.]+)/#)
        #expect(bars.count == count)
        let last = try #require(bars.last)
        #expect(try #require(Double(last.1)) + #require(Double(last.2)) - Chart.left <= most)
        #expect(try #require(Double(last.2)) <= 20)
    }

    @Test func `thousands of turns become few bars`() {
        let turns = (1...2000).map { SessionTimeline.Turn(number: $0, start: Double($0)) }
        #expect(Chart.groups(turns).count <= 150)
        #expect(Chart.groups(turns).first?.label.hasPrefix("turns 1 to 14, on average") == true)
        let spans = (0..<10_000).map {
            SessionTimeline.Span(kind: .command, start: Double($0), end: Double($0) + 0.9, label: "c")
        }
        #expect(Chart.bars(spans, scale: 888.0 / 10_000).count < 1000)
        let edits = (0..<10_000).map {
            SessionTimeline.Span(kind: .edit, start: Double($0), end: Double($0), label: "e")
        }
        #expect((100..<200).contains(Chart.bars(edits, scale: 888.0 / 10_000).count))
    }

    @Test(arguments: [
        (1.8, 8, true, ["0", "0.5 s", "1 s", "1.5 s", "2 s"]), (20_000, 4, true, ["0", "2 h", "4 h", "6 h"]),
        (0.04, 4, true, ["0", "10 ms", "20 ms", "30 ms", "40 ms"]),
        (300, 5, true, ["0", "1 min", "2 min", "3 min", "4 min", "5 min"]), (0, 4, true, ["0", "1 ms"]),
        (7200, 4, true, ["0", "30 min", "60 min", "90 min", "120 min"]), (1500, 3, false, ["0", "500", "1k", "1.5k"]),
        (2_400_000, 3, false, ["0", "1M", "2M", "3M"]),
    ])
    func `axes have round steps`(_ maximum: Double, _ count: Int, _ isTime: Bool, _ expected: [String]) {
        let axis = ChartAxis(to: maximum, count: count, isTime: isTime)
        #expect(axis.marks.map { isTime ? axis.spelledTime($0) : axis.spelledCount($0) } == expected)
    }
}
