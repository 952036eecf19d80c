import Session
import Testing

@testable import Evidence

/// What two runs of a command tell about each other by their tests.
@Suite struct `A passing run` {
    private func named(_ words: String) -> TestReading {
        let cases = words.split(separator: " ").map { word in
            let outcome: TestCase.Outcome = word.hasPrefix("!") ? .failed : word.hasPrefix("-") ? .skipped : .passed
            return TestCase(name: String(word.drop { "!-".contains($0) }), outcome: outcome)
        }
        let skipped = cases.count { $0.outcome == .skipped }
        return TestReading(
            cases: cases,
            tally: TestTally(
                run: cases.count - skipped, failed: cases.count { $0.outcome == .failed }, skipped: skipped))
    }

    private func counted(_ run: Int, failed: Int = 0, skipped: Int = 0) -> TestReading {
        TestReading(tally: TestTally(run: run, failed: failed, skipped: skipped))
    }

    private func kinds(_ comparison: TestComparison, decisive: Bool = true) -> [Doubt.Kind] {
        comparison.doubts.filter { $0.isDecisive == decisive }.map(\.kind)
    }

    @Test(arguments: [
        ("a !b c", "a b c"), ("a !b -c", "a b -c"), ("a !b -c", "a b c"), ("!a", "a b c d"), ("", "a b"),
        ("a a !b", "a a b"),
    ])
    func `with all tests of before is a proof`(_ before: String, _ after: String) {
        #expect(TestComparison(before: named(before), after: named(after)).doubts.isEmpty)
    }

    @Test func `that lacks a test is none, and names it`() {
        let comparison = TestComparison(before: named("a !b c"), after: named("a c"))
        #expect(kinds(comparison) == [.missingTest] && comparison.missing == ["b"])
        #expect(comparison.doubts.first?.message == "1 test ran before and did not run now: b")
        #expect(kinds(TestComparison(before: named("a a !b"), after: named("a b"))) == [.missingTest])
    }

    @Test func `that skips a test is none`() {
        let comparison = TestComparison(before: named("a !b !c"), after: named("a -b -c"))
        #expect(kinds(comparison) == [.skippedTest] && comparison.skipped == ["b", "c"])
        #expect(comparison.doubts.first?.message == "2 tests ran before and are skipped now: b, c")
    }

    @Test func `without the failing test is none, however many new ones there are`() {
        #expect(kinds(TestComparison(before: named("a !b"), after: named("a c d e"))) == [.missingTest])
    }

    @Test func `with other names for passing tests is told, and no less a proof`() {
        let comparison = TestComparison(before: named("a[0x7f1] !b"), after: named("a[0x8f2] b"))
        #expect(kinds(comparison).isEmpty && kinds(comparison, decisive: false) == [.missingTest])
    }

    @Test func `with fewer tests is none where only their number is known`() {
        let fewer = TestComparison(before: counted(41, failed: 2), after: counted(38))
        #expect(kinds(fewer) == [.missingTest])
        #expect(fewer.doubts.first?.message == "3 tests fewer ran than before: 38 of 41")
        let skipped = TestComparison(before: counted(41, failed: 2), after: counted(39, skipped: 2))
        #expect(kinds(skipped) == [.skippedTest])
        let none = TestComparison(before: counted(1, failed: 1), after: counted(0))
        #expect(none.doubts.first?.message == "no test ran, and 1 test did before")
        #expect(TestComparison(before: counted(3, failed: 1), after: counted(4, skipped: 9)).doubts.isEmpty)
    }

    @Test func `that does not tell its tests is none, but for a runner that never does`() {
        #expect(kinds(TestComparison(before: counted(3, failed: 1), after: TestReading())) == [.missingTest])
        var quiet = counted(3, failed: 1)
        quiet.formats = ["go"]
        let comparison = TestComparison(before: quiet, after: TestReading())
        #expect(kinds(comparison).isEmpty && kinds(comparison, decisive: false) == [.missingTest])
        #expect(TestComparison(before: TestReading(), after: counted(0)).doubts.isEmpty)
    }

    @Test func `in which as many tests fail as before is none`() {
        #expect(kinds(TestComparison(before: named("a !b"), after: named("a !b"))) == [.shortCut])
        #expect(kinds(TestComparison(before: counted(2, failed: 1), after: counted(2, failed: 2))) == [.shortCut])
        let fewer = TestComparison(before: counted(3, failed: 2), after: counted(3, failed: 1))
        #expect(kinds(fewer).isEmpty && kinds(fewer, decisive: false) == [.shortCut])
    }

    @Test func `is compared in a session that goes on`() {
        for reading in [named("a !b -c"), counted(3, failed: 1, skipped: 2), TestReading(formats: ["pytest"])] {
            #expect(TestReading(journalBytes: reading.journalBytes) == reading)
        }
        #expect(TestReading(journalBytes: Array("{".utf8)) == nil)
    }
}
