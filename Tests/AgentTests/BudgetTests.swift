import Configuration
import JSON
import Responses
import Testing

@testable import Agent

@Suite struct `A budget` {
    private let start = ContinuousClock.now

    private func budget(_ set: (inout Settings) -> Void = { _ in }) -> Budget {
        var settings = Settings()
        set(&settings)
        return Budget(settings: settings, start: start)
    }

    private func usage(_ input: Int, _ output: Int) throws -> Usage {
        Usage(try JSON(#"{"input_tokens":\#(input),"output_tokens":\#(output)}"#))
    }

    @Test func `without limits is never used up`() {
        var budget = budget()
        for _ in 0..<1000 { budget.spend(nil) }
        #expect(budget.exhausted == nil)
        #expect(budget.end == nil)
    }

    @Test func `of turns is used up with the last of them`() {
        var budget = budget { $0.maxTurns = 2 }
        budget.spend(nil)
        #expect(budget.exhausted == nil)
        budget.spend(nil)
        #expect(budget.exhausted == "2 turns are used up (--max-turns)")
    }

    @Test func `of tokens counts input and output`() throws {
        var budget = budget { $0.maxTokens = 100 }
        budget.spend(try usage(90, 9))
        #expect(budget.exhausted == nil)
        budget.spend(try usage(0, 1))
        #expect(budget.exhausted == "100 tokens are used up (--max-tokens)")
    }

    @Test func `of time has an end, at which the run is interrupted`() {
        let budget = budget { $0.maxTime = .seconds(5) }
        #expect(budget.end == start + .seconds(5))
        #expect(budget.exhausted == nil)
    }

    private let price = Price(
        input: 1, cached: 0.1, cacheWrite: 1.25, output: 10, currency: "USD", date: "2026-11-01")

    @Test func `of input and of output count by themselves`() throws {
        var input = budget { $0.maxInputTokens = 100 }
        var output = budget { $0.maxOutputTokens = 100 }
        for _ in 0..<2 {
            input.spend(try usage(50, 99))
            output.spend(try usage(99, 50))
        }
        #expect(input.exhausted == "100 tokens of input are used up (--max-input-tokens)")
        #expect(output.exhausted == "100 tokens of output are used up (--max-output-tokens)")
        #expect(input.flagForMore == "--max-input-tokens 100")
    }

    @Test func `of money counts what the prices make of each response`() throws {
        var budget = budget {
            ($0.model, $0.prices, $0.maxCost) = ("m", ["m": price], 2.5)
        }
        budget.spend(
            Usage(
                try JSON(
                    #"{"input_tokens":1000000,"input_tokens_details":{"cached_tokens":500000,"#
                        + #""cache_write_tokens":200000},"output_tokens":100000}"#)))
        // 0.3 in + 0.05 cached + 0.25 written + 1 out.
        #expect(budget.exhausted == nil)
        #expect(budget.takeWarnings(at: start) == [])
        budget.spend(try usage(0, 40_000))
        #expect(budget.takeWarnings(at: start) == ["2.00 USD of 2.50 USD"])
        budget.spend(try usage(500_000, 0))
        #expect(budget.exhausted == "2.50 USD are used up (--max-cost)")
        #expect(budget.flagForMore == "--max-cost 2.5")
    }

    @Test func `of the disk counts how much the files have grown`() {
        var budget = budget { $0.maxDisk = 10 << 20 }
        budget.diskGrowth = 9 << 20
        #expect(budget.exhausted == nil)
        #expect(budget.takeWarnings(at: start) == ["9 MB on disk of 10 MB"])
        budget.diskGrowth = 10 << 20
        #expect(budget.exhausted == "10 MB on disk are used up (--max-disk)")
        #expect(budget.flagForMore == "--max-disk 10MB")
    }

    @Test func `that is nearly used up is told once for each limit`() throws {
        var budget = budget {
            ($0.maxTurns, $0.maxTokens, $0.maxTime) = (10, 1000, .seconds(100))
        }
        for _ in 0..<7 { budget.spend(try usage(90, 9)) }
        #expect(budget.takeWarnings(at: start + .seconds(79)) == [])
        budget.spend(try usage(100, 10))
        #expect(budget.takeWarnings(at: start + .seconds(79)) == ["8 turns of 10", "803 tokens of 1000"])
        #expect(budget.takeWarnings(at: start + .seconds(79)) == [])
        #expect(budget.takeWarnings(at: start + .seconds(90)) == ["1 min 30 s of 1 min 40 s"])
        #expect(budget.takeWarnings(at: start + .seconds(99)) == [])
    }

    @Test func `counts turns of servers that do not tell what they cost`() throws {
        var budget = budget()
        budget.spend(nil)
        budget.spend(try usage(3, 4))
        #expect(budget.turns == 2)
        #expect(budget.usage.total == 7)
    }
}
