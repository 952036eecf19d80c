import JSON
import Responses
import Testing

@testable import Simulator

struct ScenarioTests {
    @Test func `a scenario is read with all its members`() throws {
        let scenario = try Scenario(
            json: Array(
                #"""
                {"name":"n","model":"gpt-x","after_last":"repeat-last","connection_lifetime_ms":50,"lenient":true,
                 "handshake":{"status":426,"times":2},"compact":{"status":404},
                 "turns":[
                  {"items":[{"type":"message","content":"a"}],"repeat":3,"delay_ms":5,"delta_bytes":7,
                   "usage":{"input_tokens":1}},
                  {"error":{"status":429,"code":"slow_down","headers":{"retry-after":2}},"times":4},
                  {"items":[],"terminal":"incomplete","incomplete_reason":"content_filter"},
                  {"close":1011},{"drop_after_events":3},{"http_status":503},{"terminal":"failed"},{"raw_text":"{"}]}
                """#.utf8))
        #expect(scenario.turns.count == 10)
        #expect(scenario.model == "gpt-x")
        #expect(scenario.isLenient)
        #expect(scenario.afterLast == .repeatLast)
        #expect(scenario.handshake?.times == 2)
        #expect(scenario.handshake?.error?.status == 426)
        #expect(scenario.compactFault?.error.status == 404)
        #expect(scenario.turns[2].deltaBytes == 7)
        #expect(scenario.turns[3].fault?.error?.headers == ["retry-after": "2"])
        #expect(scenario.turns[3].faultTimes == 4)
        #expect(scenario.turns[4].incompleteReason == "content_filter")
        #expect(scenario.turns[5].fault?.closeCode == 1011)
        #expect(scenario.turns[5].fault?.dropAfterEvents == 0)
        #expect(scenario.turns[6].fault?.dropAfterEvents == 3)
        #expect(scenario.turns[7].fault?.error?.code == "server_is_overloaded")
        #expect(scenario.turns[8].fault?.fails == true)
        #expect(scenario.turns[9].fault?.rawText == "{")
    }

    @Test(
        arguments: [
            ("[", "scenario"), ("[]", "scenario"), (#"{"turn":[]}"#, "scenario"),
            (#"{"turns":[{"item":[]}]}"#, "turns[0]"), (#"{"turns":[{},{"items":[{}]}]}"#, "turns[1].items[0]"),
            (#"{"turns":[{"repeat":0}]}"#, "turns[0].repeat"), (#"{"turns":[{"delay_ms":-1}]}"#, "turns[0].delay_ms"),
            (#"{"turns":[{"terminal":"done"}]}"#, "turns[0].terminal"),
            (#"{"turns":[{"incomplete_reason":"x"}]}"#, "turns[0].incomplete_reason"),
            (#"{"turns":[{"close":12}]}"#, "turns[0].close"),
            (#"{"turns":[{"error":{"status":200}}]}"#, "turns[0].error.status"),
            (#"{"turns":[{"expect":{"outputs":[null]}}]}"#, "turns[0].expect.outputs"),
            (#"{"turns":[],"after_last":"x"}"#, "scenario.after_last"),
            (#"{"turns":[],"handshake":{}}"#, "handshake.status"), (#"{"turns":[],"lenient":1}"#, "scenario.lenient"),
        ])
    func `a scenario that cannot be played says where`(text: String, place: String) {
        let error = #expect(throws: ScenarioError.self) { try Scenario(json: Array(text.utf8)) }
        #expect(error?.place == place)
    }

    @Test func `a turn that a killed run had not completed is left out where it was made again`() throws {
        let first = #"{"type":"response.item","response":"turn_1","item":{"type":"message","content":"cut"}}"#
        let whole = #"{"type":"response.item","response":"turn_1","item":{"type":"message","content":"whole"}}"#
        let (start, end) = (#"{"type":"turn.started","turn":1}"#, #"{"type":"turn.completed","turn":1}"#)
        let resumed = #"{"type":"run.resumed","after":"crashed"}"#
        let lines = [start, first, resumed, start, whole, end].joined(separator: "\n")
        let scenario = try Scenario(journal: Array(lines.utf8))
        #expect(scenario.turns.map { $0.items.map { $0["content"]?.string } } == [["whole"]])
    }

    @Test func `a journal becomes the model's side of the session`() throws {
        let journal = #"""
            {"type":"session.start","id":1}
            {"type":"response.item","response":"resp_1","item":{"type":"reasoning","n":1.0}}
            {"type":"tool.start"}
            {"type":"response.item","response":"resp_1","item":{"type":"shell_call","call_id":"c"}}
            {"type":"response.item","response":"resp_2","item":{"type":"message","x":"ä"}}
            {"type":"response.it
            """#
        let scenario = try Scenario(journal: Array(journal.utf8))
        #expect(scenario.turns.map(\.items.count) == [2, 1])
        #expect(scenario.turns[0].items[0].rawText == #"{"type":"reasoning","n":1.0}"#)
        #expect(scenario.turns[1].items[0].rawText == #"{"type":"message","x":"ä"}"#)
    }

    @Test(arguments: ["", "{}\n", "{\n{}\n", #"{"type":"response.item","response":"r"}"# + "\n{}"])
    func `a journal without the model's items is refused`(journal: String) {
        #expect(throws: ScenarioError.self) { try Scenario(journal: Array(journal.utf8)) }
    }

    @Test func `text is cut between characters`() {
        let text = "aä€😀bc"
        let pieces = Array(TextPieces(text, size: 2))
        #expect(pieces == ["aä", "€", "😀", "bc"])
        #expect(pieces.joined() == text)
        #expect(Array(TextPieces("", size: nil)).isEmpty)
        #expect(Array(TextPieces(String(repeating: "x", count: 1_000_000), size: nil)).count == 1000)
    }
}
