import JSON
import Responses
import Testing

@Suite struct WindowTests {
    private func call(_ id: String) -> Item { Item(type: "function_call", callID: id) { $0.member("name", "f") } }
    private func output(_ id: String) -> Item {
        Item(type: "function_call_output", callID: id) { $0.member("output", "") }
    }

    @Test func `a call is unanswered until its output is there`() {
        var window = Window()
        window.append(contentsOf: [call("a"), call("b"), output("b")])
        #expect(window.unansweredCalls.map(\.callID) == ["a"])
        window.append(output("a"))
        #expect(window.unansweredCalls.isEmpty)
    }

    @Test func `a replaced history is another one, and keeps account of its own calls`() {
        var window = Window()
        window.append(contentsOf: [.message(role: "user", text: "long"), call("a")])
        let (epoch, estimate) = (window.epoch, window.tokenEstimate)
        window.replace(with: [.message(role: "user", text: "s")])
        #expect(window.epoch == epoch + 1 && window.items.count == 1)
        #expect(window.unansweredCalls.isEmpty && window.tokenEstimate < estimate)
        window.replace(with: [])
        #expect(window.epoch == epoch + 2 && window.items.isEmpty && window.tokenEstimate == 0)
    }
}
