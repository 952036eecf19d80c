import JSON
import Responses
import Testing

@testable import Simulator

/// Which turn a request gets.
struct ChainTests {
    private static let script = #"""
        {"turns":[
          {"items":[{"type":"reasoning"},{"type":"shell_call","action":{"commands":["ls"]}}]},
          {"items":[{"type":"message","phase":"commentary","content":"same"},
                    {"type":"function_call","name":"f","arguments":"{}"}]},
          {"items":[{"type":"message","phase":"final_answer","content":"end"}]}]}
        """#

    private func shellOutput(_ call: String, exit: Int = 0) -> String {
        #"{"type":"shell_call_output","call_id":"\#(call)","output":[{"stdout":"","stderr":"","#
            + #""outcome":{"type":"exit","exit_code":\#(exit)}}]}"#
    }

    private func output(_ call: String) -> String {
        #"{"type":"function_call_output","call_id":"\#(call)","output":"x"}"#
    }

    @Test(arguments: [true, false])
    func `a chain of ids plays turn after turn`(isStored: Bool) throws {
        var driver = try SessionDriver(Self.script)
        let store = "\"store\":\(isStored)"
        let first = try driver.ask("\(store),\"input\":\"hi\"")
        #expect(first.output.map { $0["type"]?.string } == ["reasoning", "shell_call"])
        let second = try driver.ask(
            "\(store),\"previous_response_id\":\"\(first.id)\",\"input\":[\(shellOutput(first.call(1)))]")
        #expect(second.text == "same")
        let third = try driver.ask(
            "\(store),\"previous_response_id\":\"\(second.id)\",\"input\":[\(output(second.call(1)))]")
        #expect(third.text == "end")
        let fourth = try driver.ask("\(store),\"previous_response_id\":\"\(third.id)\",\"input\":\"more\"")
        #expect(fourth.error?.code == "scenario_exhausted")
        #expect(driver.session.isLastTurnAnswered)
    }

    @Test(arguments: [true, false])
    func `full inputs find their turn by what they replay`(keepsIDs: Bool) throws {
        func replayed(_ answer: SessionDriver.Answer) -> String {
            guard !keepsIDs else { return answer.items }
            let splice = ItemSplice(removed: ["id", "status"])
            return answer.output.map { item in
                // The API wants the status of an apply_patch call only; the others may go without.
                String(decoding: splice.bytes(of: item), as: UTF8.self)
            }.joined(separator: ",")
        }
        var driver = try SessionDriver(Self.script)
        let first = try driver.ask("\"store\":false,\"input\":[\(userMessage)]", connection: nil)
        var history = "\(userMessage),\(replayed(first)),\(shellOutput(first.call(1)))"
        let second = try driver.ask("\"store\":false,\"input\":[\(history)]", connection: nil)
        #expect(second.text == "same")
        history += ",\(replayed(second)),\(output(second.call(1)))"
        let third = try driver.ask("\"store\":false,\"input\":[\(history)]", connection: 3)
        #expect(third.text == "end")
        #expect(third.error == nil)
    }

    @Test func `two conversations play the same scenario side by side`() throws {
        var driver = try SessionDriver(Self.script)
        let one = try driver.ask("\"input\":\"a\"", connection: 1)
        let other = try driver.ask("\"input\":\"b\"", connection: 2)
        #expect(one.call(1) != other.call(1))
        for (answer, connection) in [(one, 1), (other, 2)] {
            let next = try driver.ask(
                "\"previous_response_id\":\"\(answer.id)\",\"input\":[\(shellOutput(answer.call(1)))]",
                connection: connection)
            #expect(next.text == "same")
        }
    }

    @Test func `repeated words are told apart by how often they come up`() throws {
        var driver = try SessionDriver(
            #"{"turns":[{"items":[{"type":"message","content":"same"}],"repeat":3},"#
                + #"{"items":[{"type":"message","content":"end"}]}]}"#)
        let said =
            #"{"role":"assistant","type":"message","content":[{"type":"output_text","text":"same","annotations":[]}]}"#
        var history = userMessage
        for round in 0..<4 {
            let answer = try driver.ask("\"input\":[\(history)]", connection: nil)
            #expect(answer.text == (round < 3 ? "same" : "end"))
            history += ",\(said),\(userMessage)"
        }
    }

    @Test(arguments: [("repeat-last", "a"), ("final-message", "Done.")])
    func `behind the last turn comes what the scenario says`(rule: String, text: String) throws {
        var driver = try SessionDriver(
            #"{"after_last":"\#(rule)","turns":[{"items":[{"type":"message","content":"a"}]}]}"#)
        var last = try driver.ask("\"input\":\"x\"")
        for _ in 0..<3 {
            last = try driver.ask("\"input\":\"x\",\"previous_response_id\":\"\(last.id)\"")
            #expect(last.text == text)
        }
    }

    @Test func `a warm-up has no output and moves no turn`() throws {
        var driver = try SessionDriver(Self.script)
        let warm = try driver.ask("\"store\":false,\"generate\":false,\"input\":\"hi\"")
        #expect(warm.types == ["response.created", "response.in_progress", "response.completed"])
        #expect(warm.output.isEmpty)
        let first = try driver.ask("\"store\":false,\"input\":\"go\",\"previous_response_id\":\"\(warm.id)\"")
        #expect(first.output.count == 2)
    }

    @Test func `a fault happens as often as it says, and then the turn plays`() throws {
        var driver = try SessionDriver(
            #"{"turns":[{"items":[{"type":"message","content":"a"}],"error":{"status":503},"times":2},"#
                + #"{"terminal":"failed","error":{"code":"slow_down","message":"busy"}},"#
                + #"{"items":[{"type":"message","content":"b"}]}]}"#)
        #expect(try driver.ask("\"input\":\"x\"").error?.status == 503)
        #expect(try driver.ask("\"input\":\"x\"").error?.code == "server_is_overloaded")
        let first = try driver.ask("\"input\":\"x\"")
        #expect(first.text == "a")
        let failed = try driver.ask("\"input\":[\(userMessage),\(first.items)]")
        #expect(failed.response?["status"]?.string == "failed")
        #expect(failed.response?["error"]?["code"]?.string == "slow_down")
        #expect(failed.types.last == "response.failed")
        #expect(try driver.ask("\"input\":[\(userMessage),\(first.items)]").text == "b")
    }

    @Test func `a connection is cut after so many events`() throws {
        var driver = try SessionDriver(
            #"{"turns":[{"items":[{"type":"message","content":"a"}],"drop_after_events":3},{"close":1011}]}"#)
        let cut = try driver.ask("\"input\":\"x\"")
        #expect(cut.cut && cut.events.count == 3)
        driver.session.close(connection: 0)
        let whole = try driver.ask("\"input\":\"x\"")
        #expect(whole.text == "a")
        let closed = try driver.ask("\"input\":\"x\",\"previous_response_id\":\"\(whole.id)\"")
        #expect(closed.refusal?.isCut == true && closed.refusal?.closeCode == 1011)
    }

    @Test func `items that went out before a cut lead to the next turn when they are replayed`() throws {
        var driver = try SessionDriver(
            #"{"turns":[{"items":[{"type":"shell_call","action":{"commands":[]}},{"type":"message","content":"a"}],"#
                + #""drop_after_events":4},{"items":[{"type":"message","content":"b"}]}]}"#)
        let cut = try driver.ask("\"input\":\"x\"")
        let item = try #require(cut.events.last?["item"])
        let call = try #require(item["call_id"]?.string)
        let next = try driver.ask("\"input\":[\(userMessage),\(item.rawText),\(shellOutput(call))]", connection: 1)
        #expect(next.text == "b")
    }

    @Test func `an incomplete turn ends with its reason and can be continued`() throws {
        var driver = try SessionDriver(
            #"{"turns":[{"items":[{"type":"message","content":"a"}],"terminal":"incomplete"},"#
                + #"{"items":[{"type":"message","content":"b"}]}]}"#)
        let cut = try driver.ask("\"input\":\"x\"")
        #expect(cut.types.last == "response.incomplete")
        #expect(cut.response?["incomplete_details"]?["reason"]?.string == "max_output_tokens")
        #expect(cut.output[0]["status"]?.string == "incomplete")
        #expect(try driver.ask("\"input\":\"x\",\"previous_response_id\":\"\(cut.id)\"").text == "b")
    }

    @Test func `the author's events replace the generated ones`() throws {
        var driver = try SessionDriver(
            #"{"turns":[{"raw_events":[{"type":"response.created","response":{"id":"{{response_id}}"}},"#
                + #"{"type":"keepalive"},{"type":"response.completed","response":{"id":"{{response_id}}"}}]}]}"#)
        let answer = try driver.ask("\"input\":\"x\"")
        #expect(answer.types == ["response.created", "keepalive", "response.completed"])
        #expect(answer.id.hasPrefix("resp_"))
    }
}
