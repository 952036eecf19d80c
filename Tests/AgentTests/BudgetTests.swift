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

    @Test func `counts turns of servers that do not tell what they cost`() throws {
        var budget = budget()
        budget.spend(nil)
        budget.spend(try usage(3, 4))
        #expect(budget.turns == 2)
        #expect(budget.usage.total == 7)
    }
}
