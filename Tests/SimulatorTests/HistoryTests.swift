import JSON
import Responses
import Testing

@testable import Simulator

/// What a client sends back of what it was sent.
struct HistoryTests {
    private static let script = #"""
        {"turns":[{"items":[{"type":"reasoning"},{"type":"message","phase":"commentary","content":"one"},
          {"type":"x_future","payload":[1.0]}]},
          {"items":[{"type":"message","phase":"final_answer","content":"two"}]}],"after_last":"repeat-last"}
        """#

    private func replay(_ change: (inout [String]) throws -> Void) throws -> APIError? {
        var driver = try SessionDriver(Self.script)
        let first = try driver.ask("\"input\":\"x\"")
        var items = first.output.map(\.rawText)
        try change(&items)
        return try driver.ask("\"input\":[\(userMessage),\(items.joined(separator: ","))]", connection: nil).error
    }

    private func without(_ names: String..., in item: String) throws -> String {
        String(decoding: ItemSplice(removed: Set(names)).bytes(of: try JSON(item)), as: UTF8.self)
    }

    private func with(_ name: String, _ value: String, in item: String) throws -> String {
        let splice = ItemSplice(replaced: [name: ItemSplice.quoted(value)])
        return String(decoding: splice.bytes(of: try JSON(item)), as: UTF8.self)
    }

    @Test func `history that comes back as it was sent is fine`() throws {
        #expect(try replay { _ in } == nil)
        #expect(try replay { items in items = try items.map { try without("id", "status", in: $0) } } == nil)
    }

    @Test(arguments: [true, false])
    func `a phase must not be lost or changed`(keepsID: Bool) throws {
        let id = keepsID ? "" : "id"
        #expect(try replay { $0[1] = try without("phase", id, in: $0[1]) }?.param == "input[2].phase")
        #expect(
            try replay { $0[1] = try with("phase", "final_answer", in: without(id, in: $0[1])) }?.param
                == "input[2].phase")
    }

    @Test(arguments: [true, false])
    func `encrypted reasoning must not be changed`(keepsID: Bool) throws {
        let error = try replay {
            $0[0] = try with("encrypted_content", "gAAAx", in: without(keepsID ? "" : "id", in: $0[0]))
        }
        #expect(error?.code == "invalid_encrypted_content")
    }

    @Test func `reasoning needs the item that it led to`() throws {
        let dropped = try replay { $0.remove(at: 1) }
        #expect(dropped?.message.contains("without its required following item") == true)
        #expect(try replay { $0.remove(at: 0) } == nil)
        #expect(try replay { $0.removeFirst(2) } == nil)
    }

    @Test func `an item of a type of its own comes back only as it was`() throws {
        #expect(try replay { $0[2] = try without("payload", in: $0[2]) }?.param == "input[3].type")
    }

    @Test func `an item that is there twice is refused`() throws {
        #expect(try replay { $0.append($0[1]) }?.message.hasPrefix("Duplicate item found with id msg_") == true)
    }

    @Test func `a changed item that the API would take is noted`() throws {
        var driver = try SessionDriver(
            #"{"turns":[{"items":[{"type":"function_call","name":"f","arguments":"{\"a\":1}"}]},{}]}"#)
        let first = try driver.ask("\"input\":\"x\"")
        let changed = try with("arguments", "{}", in: first.items)
        let answer = try driver.ask(
            "\"input\":[\(changed),{\"type\":\"function_call_output\",\"call_id\":\"\(first.call(0))\",\"output\":\"\"}]"
        )
        #expect(answer.error == nil)
        #expect(driver.session.note.violations.count == 1)
    }

    @Test func `a shell output that does not repeat its limit is noted`() throws {
        var driver = try SessionDriver(
            #"{"turns":[{"items":[{"type":"shell_call","action":{"commands":[],"max_output_length":9}}]},{}]}"#)
        let first = try driver.ask("\"input\":\"x\"")
        _ = try driver.ask(
            "\"previous_response_id\":\"\(first.id)\",\"input\":[{\"type\":\"shell_call_output\",\"call_id\":\""
                + "\(first.call(0))\",\"output\":[]}]")
        #expect(driver.session.note.violations.first?.contains("max_output_length 9") == true)
    }

    @Test func `an expectation says what it wanted and what came`() throws {
        var driver = try SessionDriver(
            #"""
            {"turns":[{"items":[{"type":"shell_call","action":{"commands":["a"]}},
                {"type":"apply_patch_call","operation":{"type":"delete_file","path":"x"}}]},
              {"expect":{"outputs":[0,"failed"],"input_types":["apply_patch_call_output","shell_call_output"]}}]}
            """#)
        let first = try driver.ask("\"input\":\"x\"")
        func go(exit: Int, status: String, swapped: Bool = false) throws -> SessionDriver.Answer {
            var items = [
                #"{"type":"apply_patch_call_output","call_id":"\#(first.call(1))","status":"\#(status)"}"#,
                #"{"type":"shell_call_output","call_id":"\#(first.call(0))","output":[{"stdout":"","stderr":"","#
                    + #""outcome":{"type":"exit","exit_code":\#(exit)}}]}"#,
            ]
            if swapped { items.reverse() }
            return try driver.ask(
                "\"previous_response_id\":\"\(first.id)\",\"input\":[\(items.joined(separator: ","))]", connection: nil)
        }
        #expect(
            try go(exit: 2, status: "failed").error?.message
                == "Turn 1 of 'scenario': expected outputs [exit 0; failed]; came [exit 2; failed]")
        #expect(try go(exit: 0, status: "completed").error?.code == "scenario_expectation_failed")
        #expect(
            try go(exit: 0, status: "failed", swapped: true).error?.message.hasSuffix(
                "came [shell_call_output, apply_patch_call_output]") == true)
        #expect(try go(exit: 0, status: "failed").error == nil)
    }
}
