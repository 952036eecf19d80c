import JSON
import Responses
import Testing

@Suite struct ResponseCollectorTests {
    private func event(_ text: String) throws -> ServerEvent { try ServerEvent(Array(text.utf8)) }

    private func created(_ id: String) throws -> ServerEvent {
        try event(#"{"type":"response.created","response":{"id":"\#(id)"}}"#)
    }

    private func done(_ index: Int, _ item: String) throws -> ServerEvent {
        try event(#"{"type":"response.output_item.done","output_index":\#(index),"item":\#(item)}"#)
    }

    private func call(_ id: String, _ callID: String, _ arguments: String = "{}") -> String {
        #"{"type":"function_call","id":"\#(id)","call_id":"\#(callID)","name":"f","arguments":"\#(arguments)"}"#
    }

    private func end(_ id: String, _ output: String = "[]") throws -> ResponseEnd {
        ResponseEnd(try JSON(#"{"id":"\#(id)","status":"completed","output":\#(output)}"#))
    }

    @Test func `on a new connection anything is taken, announced or not`() throws {
        var collector = ResponseCollector()
        #expect(collector.receive(try done(0, call("a", "c1"))) == .own)
        #expect(collector.receive(.ended(try end("r1"))) == .own)
        #expect(collector.items(at: try end("r1")).map(\.callID) == ["c1"])
    }

    @Test func `what comes before the announcement belongs to the response before`() throws {
        var collector = ResponseCollector(after: [ResponseID("r1")])
        for left in [
            try done(0, call("a", "c1")), .textDelta(index: 0, "late"), .ended(try end("r1")), try created("r1"),
            try done(0, call("b", "c2")),
        ] { #expect(collector.receive(left) == .stray) }
        #expect(collector.receive(try created("r2")) == .own)
        #expect(collector.receive(try created("r2")) == .own)
        #expect(collector.receive(try done(0, call("c", "c3"))) == .own)
        #expect(collector.receive(.ended(try end("r1"))) == .stray)
        #expect(collector.receive(.ended(try end("r2"))) == .own)
        #expect(collector.items(at: try end("r2")).map(\.callID) == ["c3"])
    }

    @Test func `an error is always one of the request`() throws {
        var collector = ResponseCollector(after: [ResponseID("r1")])
        #expect(collector.receive(try event(#"{"type":"error","error":{"message":"no"}}"#)) == .own)
    }

    private func isWrong(_ fit: ResponseCollector.Fit) -> Bool { if case .wrong = fit { true } else { false } }

    @Test func `contradictions are not believed`() throws {
        var unannounced = ResponseCollector(after: [ResponseID("r1")])
        #expect(isWrong(unannounced.receive(.ended(try end("r2")))))

        var renamed = ResponseCollector()
        _ = renamed.receive(try created("r1"))
        #expect(isWrong(renamed.receive(.ended(try end("r2")))))
        #expect(isWrong(renamed.receive(try created("r3"))))

        var lost = ResponseCollector()
        let start = #"{"type":"response.output_item.added","output_index":1,"item":{"type":"shell_call"}}"#
        _ = lost.receive(try event(start))
        _ = lost.receive(try done(0, call("a", "c1")))
        #expect(isWrong(lost.receive(.ended(try end("r1")))))
        // The last event may repeat what was not streamed.
        #expect(lost.receive(.ended(try end("r1", "[\(call("a", "c1")),\(call("b", "c2"))]"))) == .own)
        // A response that was cut off need not end its items.
        var cut = ResponseCollector()
        _ = cut.receive(try event(start))
        let incomplete = ResponseEnd(try JSON(#"{"id":"r1","status":"incomplete"}"#))
        #expect(cut.receive(.ended(incomplete)) == .own)
    }

    @Test func `an item that comes again is there once, and two calls with one id are none`() throws {
        var collector = ResponseCollector()
        let first = call("a", "c1")
        for item in [try done(0, first), try done(0, first), try done(5, first), try done(0, call("a", "c1", "{ }"))] {
            #expect(collector.receive(item) == .own)
        }
        // The last one has replaced the first, and the one at another place is a call of its own then.
        #expect(isWrong(collector.receive(.ended(try end("r1")))))

        var twice = ResponseCollector()
        for index in [0, 3] { _ = twice.receive(try done(index, first)) }
        #expect(twice.receive(.ended(try end("r1"))) == .own)
        #expect(twice.items(at: try end("r1")).count == 1)

        // Servers without numbers give all items the same one.
        var unnumbered = ResponseCollector()
        for id in ["c1", "c2"] { _ = unnumbered.receive(try done(0, call(id, id))) }
        #expect(unnumbered.items(at: try end("r1")).map(\.callID) == ["c1", "c2"])
    }
}
