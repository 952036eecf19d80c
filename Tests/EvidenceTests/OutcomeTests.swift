import Evidence
import Sandbox
import Testing

@Suite struct OutcomeTests {
    @Test(arguments: [
        (Duration.milliseconds(200), "timed out after 200 ms"), (.seconds(1), "timed out after 1 s"),
        (.seconds(90), "timed out after 1 min 30 s"),
    ])
    func `a limit that was reached is named as it was set`(_ limit: Duration, _ text: String) {
        #expect(CommandResult.Outcome.timedOut.explained(timeout: limit) == text)
    }
}
