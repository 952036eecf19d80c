import JSON
import Responses
import Testing

@Suite struct WireTests {
    @Test func `items of any type go back with the bytes they came in`() throws {
        let raws = [
            #"{ "type" : "reasoning" ,"id":"rs_1","summary":[],"encrypted_content":"gA==\u0041", "n":1.0 }"#,
            #"{"type":"message","role":"assistant","phase":"commentary","content":[{"type":"output_text","text":"é\/"}]}"#,
            #"{"type":"item_of_next_year","x":{"y":[1e400]}}"#,
        ]
        var window = Window()
        for raw in raws {
            let event = try ServerEvent(
                Array("{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":\(raw)}".utf8))
            guard case .itemDone(_, let item) = event else {
                Issue.record("no item in \(event)")
                continue
            }
            window.append(item)
        }
        let encoder = RequestEncoder(RequestParameters(model: "m"), profile: .openai)
        let sent = try JSON(encoder.event(input: window.items, continuing: nil))
        #expect(sent["input"]?.elements.map(\.rawText) == raws)
    }

    @Test func `a follow-up request is small beside its new items`() throws {
        let parameters = RequestParameters(
            model: "gpt-5.5", effort: "medium", verbosity: "low", cacheKey: "k", tools: [.localShell(), .applyPatch])
        let request = RequestEncoder(parameters, profile: .openai).event(input: [], continuing: ResponseID("resp_1"))
        let json = try JSON(request)
        #expect(request.count < 1500)
        #expect(json["type"]?.string == "response.create")
        #expect(json["store"]?.bool == false)
        #expect(json["previous_response_id"]?.string == "resp_1")
        #expect(json["reasoning"]?["effort"]?.string == "medium")
        #expect(json["text"]?["verbosity"]?.string == "low")
        #expect(json["include"]?.elements.map(\.string) == ["reasoning.encrypted_content"])
        #expect(json["tools"]?.rawText == #"[{"type":"shell","environment":{"type":"local"}},{"type":"apply_patch"}]"#)
    }

    @Test func `tools of the history stand in front of it and are not repeated`() throws {
        let tool = ToolDefinition.function(name: "f", description: "", parameters: "{}", isStrict: false)
        let parameters = RequestParameters(model: "m", tools: [.applyPatch], historyTools: [tool])
        var encoder = RequestEncoder(parameters, profile: .openai)
        let item = Item.message(role: "user", text: "x")
        let first = try JSON(encoder.event(input: [item], continuing: nil))
        #expect(first["input"]?.elements.map { $0["type"]?.string } == ["additional_tools", "message"])
        #expect(first["input"]?.elements.compactMap { $0["role"]?.string } == ["developer", "user"])
        let next = try JSON(encoder.event(input: [item], continuing: ResponseID("resp_1")))
        #expect(next["input"]?.elements.map { $0["type"]?.string } == ["message"])
        #expect(next["tools"]?.rawText == #"[{"type":"apply_patch"}]"#)

        // A server that does not know such items.
        let refusal = ProviderError(
            status: 400,
            body: Array(
                (#"{"error":{"type":"invalid_request_error","code":"invalid_value","#
                    + #""message":"Invalid value: 'additional_tools'.","param":"input[0].type"}}"#).utf8))
        #expect(refusal.remedy == .dropParameter("additional_tools"))
        #expect(encoder.drop("additional_tools") && !encoder.drop("additional_tools"))
        let again = try JSON(encoder.event(input: [item], continuing: nil))
        #expect(again["input"]?.elements.map { $0["type"]?.string } == ["message"])
        #expect(again["tools"].map { Array($0.elements).count } == 2)
    }

    @Test func `calls are decoded and answered in the shape of their type`() throws {
        let shell = try Item(
            Array(
                #"{"type":"shell_call","call_id":"c1","action":{"commands":["a","b"],"timeout_ms":500,"max_output_length":99}}"#
                    .utf8))
        let call = try #require(ToolCall(shell))
        guard case .shell(let request) = call.request else {
            Issue.record("not a shell call")
            return
        }
        #expect(request == ShellCall(commands: ["a", "b"], timeout: .milliseconds(500), outputLimit: 99))
        let answer = ToolAnswer.shell(
            [ShellOutcome(stdout: "x", stderr: "", ending: .exit(0)), ShellOutcome(ending: .timeout)], outputLimit: 99)
        #expect(
            String(decoding: answer.item(for: call).raw, as: UTF8.self)
                == #"{"type":"shell_call_output","call_id":"c1","max_output_length":99,"output":[{"stdout":"x","stderr":"","outcome":{"type":"exit","exit_code":0}},{"stdout":"","stderr":"","outcome":{"type":"timeout"}}]}"#
        )
    }

    @Test(arguments: [
        #"{"type":"function_call","call_id":"c","name":"f","arguments":"{nonsense"}"#,
        #"{"type":"function_call","call_id":"c","name":"f","arguments":"[1]"}"#,
        #"{"type":"shell_call","call_id":"c","action":{"commands":[]}}"#,
        #"{"type":"apply_patch_call","call_id":"c","operation":{"type":"rename_file","path":"a"}}"#,
        #"{"type":"apply_patch_call","call_id":"c","operation":{"type":"update_file","path":"a"}}"#,
        #"{"type":"shell_call","call_id":"c","status":"incomplete","action":{"commands":["rm -r /"]}}"#,
        #"{"type":"computer_call","call_id":"c"}"#,
    ])
    func `a call that cannot be run is malformed, never dropped`(_ raw: String) throws {
        let call = try #require(ToolCall(try Item(Array(raw.utf8))))
        guard case .malformed(let reason) = call.request else {
            Issue.record("accepted \(raw)")
            return
        }
        #expect(!reason.isEmpty)
        #expect(ToolAnswer.text(reason).item(for: call).callID == "c")
    }

    @Test func `calls without an output are known until they are answered`() throws {
        var window = Window()
        let item = try Item(Array(#"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#.utf8))
        window.append(item)
        #expect(window.unansweredCalls == [item])
        window.append(ToolAnswer.text("done").item(for: try #require(ToolCall(item))))
        #expect(window.unansweredCalls.isEmpty)
    }

    @Test(arguments: [
        (
            #"{"type":"error","status":429,"error":{"type":"t","code":"rate_limit_exceeded","message":"Please try again in 1.5s"}}"#,
            429
        ),
        (
            #"{"type":"error","status":429,"error":{"code":"rate_limit_exceeded","message":"slow","headers":{"retry-after":"1.5"}}}"#,
            429
        ),
        (
            #"{"type":"error","status_code":429,"error":{"code":"rate_limit_exceeded","message":"slow"},"headers":{"Retry-After-Ms":1500}}"#,
            429
        ),
    ])
    func `a wait that the server asks for is found wherever it stands`(_ raw: String, _ status: Int) throws {
        guard case .failed(let error) = try ServerEvent(Array(raw.utf8)) else {
            Issue.record("no error")
            return
        }
        #expect(error.status == status)
        #expect(error.retryAfter == .milliseconds(1500))
        #expect(error.remedy == .retry)
    }

    @Test func `flat and nested errors read the same`() throws {
        for raw in [
            #"{"type":"error","code":"invalid_prompt","message":"no","param":"input"}"#,
            #"{"type":"error","error":{"code":"invalid_prompt","message":"no","param":"input"}}"#,
        ] {
            guard case .failed(let error) = try ServerEvent(Array(raw.utf8)) else {
                Issue.record("no error")
                return
            }
            #expect(error.code == "invalid_prompt" && error.message == "no" && error.parameter == "input")
            #expect(error.remedy == .none)
        }
    }

    @Test func `the compatible profile sends back only what other servers understand`() throws {
        let profile = ProviderProfile.compatible
        let reasoning = try Item(Array(#"{"type":"reasoning","id":"r","summary":[],"encrypted_content":"x"}"#.utf8))
        #expect(profile.replayed(reasoning) == nil)
        let message = try Item(
            Array(
                #"{"id":"m","type":"message","role":"assistant","phase":"commentary","status":"completed","content":[{"type":"output_text","text":"hi","annotations":[]}]}"#
                    .utf8))
        let replayed = try #require(profile.replayed(message))
        #expect(
            String(decoding: replayed.raw, as: UTF8.self)
                == #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]}"#)
        let call = try Item(Array(#"{"id":"fc","type":"function_call","name":"f","arguments":{"a":1}}"#.utf8))
        #expect(
            profile.replayed(call).map { String(decoding: $0.raw, as: UTF8.self) }
                == #"{"type":"function_call","name":"f","arguments":"{\"a\":1}","call_id":"fc"}"#)
    }
}
