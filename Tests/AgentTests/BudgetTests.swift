import Agent
import Configuration
import JSON
import Responses
import Testing

@Suite struct BudgetTests {
    private let start = ContinuousClock.now

    private func budget(_ set: (inout Settings) -> Void) -> Budget {
        var settings = Settings()
        set(&settings)
        return Budget(settings: settings, start: start)
    }

    @Test func `without limits nothing is ever used up`() {
        var budget = budget { _ in }
        for _ in 0..<1000 { budget.spend(nil) }
        #expect(budget.exhausted(at: start + .seconds(1_000_000)) == nil)
    }

    @Test func `each limit is named when it is reached`() throws {
        var turns = budget { $0.maxTurns = 2 }
        turns.spend(nil)
        #expect(turns.exhausted(at: start) == nil)
        turns.spend(nil)
        #expect(turns.exhausted(at: start)?.contains("--max-turns") == true)

        var tokens = budget { $0.maxTokens = 100 }
        tokens.spend(Usage(try JSON(#"{"input_tokens":90,"output_tokens":10}"#)))
        #expect(tokens.exhausted(at: start)?.contains("--max-tokens") == true)

        let time = budget { $0.maxTime = .seconds(5) }
        #expect(time.exhausted(at: start + .seconds(4)) == nil)
        #expect(time.exhausted(at: start + .seconds(5))?.contains("--max-time") == true)
    }
}
