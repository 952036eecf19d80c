import JSON
import Testing

@testable import Responses

/// Definitions, the calls that follow from them, and their answers, in the forms of the API.
@Suite struct ToolDefinitionTests {
    private func call(_ json: String) throws -> ToolCall { try #require(ToolCall(try Item(Array(json.utf8)))) }

    private func text(_ definition: ToolDefinition) -> String { String(decoding: definition.raw, as: UTF8.self) }

    @Test func `a namespace holds functions, and can be found by a search only`() {
        let function = ToolDefinition.function(name: "log", description: "Logs.", parameters: "{}", isStrict: false)
        let space = ToolDefinition.namespace(name: "git", description: "Git.", tools: [function])
        let inner = #"{"type":"function","name":"log","description":"Logs.","strict":false,"#
        let head = #"{"type":"namespace","name":"git","description":"Git.","tools":["#
        #expect(text(space) == head + inner + #""parameters":{}}]}"#)
        #expect(text(space.deferred) == head + inner + #""defer_loading":true,"parameters":{}}]}"#)
        #expect(text(.toolSearch(.server)) == #"{"type":"tool_search"}"#)
        #expect(
            text(.toolSearch(.client(description: "Finds.", parameters: "{}")))
                == #"{"type":"tool_search","execution":"client","description":"Finds.","parameters":{}}"#)
        #expect(text(.computer) == #"{"type":"computer"}"#)
        #expect(text(.hosted(#"{"type":"web_search"}"#)) == #"{"type":"web_search"}"#)
    }

    @Test func `tools of the history become parameters for a server that takes them nowhere else`() throws {
        let function = ToolDefinition.function(name: "f", description: "", parameters: "{}", isStrict: false)
        let added = Item.adding([function])
        let window = Window([.message(role: "user", text: "x"), added])
        #expect(window.toolItems == [added])
        var parameters = RequestParameters(model: "m", tools: [.applyPatch])
        let compatible = RequestEncoder(parameters, profile: .compatible)
        let plain = try JSON(
            compatible.body(
                input: window.items.compactMap(ProviderProfile.compatible.replayed), adding: window.toolItems))
        #expect(plain["tools"]?.elements.compactMap { $0["type"]?.string } == ["apply_patch", "function"])
        #expect(plain["input"]?.elements.map { $0["type"]?.string } == ["message"])

        parameters.historyTools = [.computer]
        var encoder = RequestEncoder(parameters, profile: .openai)
        let first = try JSON(encoder.event(input: window.items, continuing: nil, adding: window.toolItems))
        #expect(first["tools"]?.elements.map { $0["type"]?.string } == ["apply_patch"])
        #expect(
            first["input"]?.elements.map { $0["type"]?.string } == ["additional_tools", "message", "additional_tools"])
        let isDropped = encoder.drop("additional_tools")
        #expect(isDropped)
        let next = try JSON(encoder.event(input: [], continuing: ResponseID("resp_1"), adding: window.toolItems))
        #expect(next["tools"]?.elements.map { $0["type"]?.string } == ["apply_patch", "computer", "function"])
        let whole = try JSON(encoder.event(input: window.items, continuing: nil, adding: window.toolItems))
        #expect(whole["input"]?.elements.map { $0["type"]?.string } == ["message"])
    }

    @Test func `a server that refuses the search gets functions for it, and no deferred tools`() throws {
        let function = ToolDefinition.function(name: "f", description: "", parameters: "{}", isStrict: false)
        let given = ToolDefinition.namespace(name: "n", description: "", tools: [function])
        var parameters = RequestParameters(model: "m", tools: [.applyPatch, .toolSearch(.server)])
        parameters.searchFunctions = [
            .function(name: "find_tools", description: "", parameters: "{}", isStrict: false)
        ]
        var encoder = RequestEncoder(parameters, profile: .openai)
        let found = try Item(
            Array(#"{"type":"tool_search_output","call_id":null,"execution":"server","tools":[]}"#.utf8))
        let items = [
            Item.message(role: "user", text: "x"), .adding([given.deferred]), .adding([given, given.deferred]), found,
        ]
        func types(_ json: JSON?) -> [String?] { json?.elements.map { $0["type"]?.string } ?? [] }
        let first = try JSON(encoder.event(input: items, continuing: nil))
        #expect(types(first["tools"]) == ["apply_patch", "tool_search"] && types(first["input"]).count == 4)
        let refusal = ProviderError(
            status: 400,
            body: Array(
                #"{"error":{"message":"Invalid value: 'tool_search'.","param":"tools[1].type","code":"invalid_value"}}"#
                    .utf8))
        #expect(refusal.remedy == .dropParameter("tool_search"))
        let isDropped = (encoder.drop("tool_search"), encoder.drop("tool_search"))
        #expect(isDropped == (true, false))
        let next = try JSON(encoder.event(input: items, continuing: nil))
        #expect(types(next["tools"]) == ["apply_patch", "function"])
        #expect(types(next["input"]) == ["message", "additional_tools"])
        #expect(next["input"]?.elements.map { $0["tools"].map { Array($0.elements).count } } == [nil, 1])
        // Without a search there is nothing to drop.
        var plain = RequestEncoder(RequestParameters(model: "m", tools: [.applyPatch]), profile: .openai)
        let isPlainDropped = plain.drop("tool_search")
        #expect(!isPlainDropped)
    }

    @Test func `a call in a namespace names both, and one of a single deferred function its name alone`() throws {
        let git = try call(
            #"{"type":"function_call","call_id":"c","namespace":"git","name":"log","arguments":"{}"}"#)
        #expect(git.namespace == "git" && git.name == "log")
        let single = try call(
            #"{"type":"function_call","call_id":"c","namespace":"log","name":"log","arguments":"{}"}"#)
        #expect(single.namespace == nil)
    }

    @Test func `a search that the server answers is nobody's call`() throws {
        let hosted = #"{"type":"tool_search_call","execution":"server","call_id":null,"arguments":{"paths":["a"]}}"#
        #expect(ToolCall(try Item(Array(hosted.utf8))) == nil)
        let own = try call(
            #"{"type":"tool_search_call","execution":"client","call_id":"c","arguments":{"query":"q"}}"#)
        guard case .search(let arguments) = own.request else { return #expect(Bool(false), "no search") }
        #expect(arguments["query"]?.string == "q")
        let answer = ToolAnswer.tools([.function(name: "f", description: "", parameters: "{}", isStrict: false)])
        let output = #"{"type":"tool_search_output","call_id":"c","execution":"client","status":"completed","tools":["#
        #expect(String(decoding: answer.item(for: own).raw, as: UTF8.self).hasPrefix(output + #"{"type":"function""#))
        // The form has no room for words.
        #expect(ToolAnswer.text("nothing fits").item(for: own).json?["tools"]?.rawText == "[]")
        #expect(ToolAnswer.text("nothing fits").note(for: own)?.messageText == "About the call c: nothing fits")
    }

    @Test func `an approval has the request's id on both sides, and no clear yes is a no`() throws {
        let json = #"{"type":"mcp_approval_request","id":"r","server_label":"s","name":"n","arguments":"{}"}"#
        let call = try call(json)
        #expect(call.callID == "r")
        var window = Window([try Item(Array(json.utf8))])
        #expect(window.unansweredCalls.count == 1)
        let yes = ToolAnswer.approval(isApproved: true, reason: nil).item(for: call)
        #expect(
            String(decoding: yes.raw, as: UTF8.self)
                == #"{"type":"mcp_approval_response","approval_request_id":"r","approve":true}"#)
        window.append(yes)
        #expect(window.unansweredCalls.isEmpty)
        let no = try #require(ToolAnswer.text("nobody is there").item(for: call).json)
        #expect(no["approve"]?.bool == false && no["reason"]?.string == "nobody is there")
    }

    @Test func `actions on a screen are read, several or one`() throws {
        let many = try call(
            #"{"type":"computer_call","call_id":"c","pending_safety_checks":[{"id":"k","code":"x","message":"m"}],"#
                + #""actions":[{"type":"click","button":"right","x":1,"y":2.4,"keys":["CTRL"]},{"type":"wait"},"#
                + #"{"type":"drag","path":[{"x":1,"y":2},{"x":3,"y":4}]},{"type":"scroll","x":0,"y":0,"#
                + #""scroll_x":0,"scroll_y":-5},{"type":"keypress","keys":["ENTER"]},{"type":"type","text":"é"},"#
                + #"{"type":"double_click","x":1,"y":1},{"type":"move","x":9,"y":9},{"type":"screenshot"}]}"#)
        guard case .computer(let batch) = many.request else { return #expect(Bool(false), "no actions") }
        let actions: [ComputerAction] = [
            .click(.right, at: .init(x: 1, y: 2), keys: ["CTRL"]), .wait,
            .drag([.init(x: 1, y: 2), .init(x: 3, y: 4)], keys: []),
            .scroll(at: .init(x: 0, y: 0), x: 0, y: -5, keys: []),
            .keypress(["ENTER"]), .type("é"), .doubleClick(at: .init(x: 1, y: 1), keys: []),
            .move(to: .init(x: 9, y: 9), keys: []), .screenshot,
        ]
        #expect(batch == ComputerCall(actions, pendingSafetyChecks: [SafetyCheck(id: "k", code: "x", message: "m")]))
        let one = try call(#"{"type":"computer_call","call_id":"c","action":{"type":"screenshot"}}"#)
        guard case .computer(let single) = one.request else { return #expect(Bool(false), "no action") }
        #expect(single == ComputerCall([.screenshot]))
        let shot = ToolAnswer.screenshot(url: "data:image/png;base64,AA", acknowledged: batch.pendingSafetyChecks)
        #expect(
            shot.item(for: many).json?["acknowledged_safety_checks"]?.rawText
                == #"[{"id":"k","code":"x","message":"m"}]"#)
    }

    @Test(arguments: [
        (#"{"type":"click","x":1}"#, "y"), (#"{"type":"click","button":"middle","x":1,"y":1}"#, "button"),
        (#"{"type":"drag","path":[{"x":1,"y":2}]}"#, "two points"), (#"{"type":"keypress","keys":[]}"#, "keys"),
        (#"{"type":"type"}"#, "text"), (#"{"type":"fly"}"#, #"no action "fly""#),
        (#"{"type":"move","x":1e300,"y":0}"#, "x"),
    ])
    func `an action that lacks something is answered with what it lacks`(_ action: String, _ words: String) throws {
        let call = try call(#"{"type":"computer_call","call_id":"c","actions":[\#(action)]}"#)
        guard case .malformed(let reason) = call.request else { return #expect(Bool(false), "it was read") }
        #expect(reason.contains(words))
        // The answer must hold a picture; the words come beside it.
        let answer = ToolAnswer.text(reason)
        #expect(answer.item(for: call).json?["output"]?["image_url"]?.string?.hasPrefix("data:image/png") == true)
        #expect(answer.note(for: call)?.messageText?.contains(words) == true)
    }

    @Test func `a picture counts as what a model makes of it, and is left out whole`() throws {
        let call = try call(#"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#)
        let url = "data:image/png;base64," + String(repeating: "A", count: 400_000)
        let item = ToolAnswer.content([.text("Look:"), .image(url: url), .image(url: url)]).item(for: call)
        #expect((3000...3200).contains(item.tokenEstimate))
        let parts = try #require(item.shortened(toBytes: 2000).json?["output"])
        #expect(parts.elements.map { $0["type"]?.string } == ["input_text", "input_image", "input_image"])
        #expect(parts.elements.allSatisfy { ($0["image_url"]?.string?.count ?? 0) < 200 })
        let words = try #require(ProviderProfile.compatible.replayed(item)?.json?["output"]?.string)
        #expect(words.hasPrefix("Look:\n[a picture"))
    }
}
