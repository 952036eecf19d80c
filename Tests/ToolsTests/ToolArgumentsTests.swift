import JSON
import Responses
import Sandbox
import Testing

@testable import Tools

@Suite struct ToolArgumentsTests {
    private func arguments(_ name: String, _ json: String) throws -> ToolArguments {
        ToolArguments(try JSON(json), tool: name)
    }

    /// What the model reads of arguments that cannot be used.
    private func refusal(_ read: () throws(ToolRefusal) -> Void) -> String? {
        do throws(ToolRefusal) {
            try read()
            return nil
        } catch {
            return error.message
        }
    }

    @Test func `what is not said has its usual value`() throws {
        let arguments = try arguments("start_command", #"{"command":"ls","offset":null}"#)
        let wait = try arguments.wait()
        #expect(wait.limit == .milliseconds(1000) && wait.text == nil)
        #expect(try arguments.flag("terminal") == false && arguments.count("offset") == nil)
    }

    @Test func `waits are bounded, and an empty text is none`() throws {
        let wait = try arguments("poll_command", #"{"handle":"p1","wait_ms":86400000,"until":""}"#).wait()
        #expect(wait.limit == .seconds(60) && wait.text == nil)
    }

    @Test func `arguments that cannot be used are named in one line`() throws {
        let nothing = try arguments("start_command", "{}")
        #expect(
            refusal { () throws(ToolRefusal) in _ = try nothing.text("command") }
                == #"start_command: "command" must be a string"#)
        let wrong = try arguments("poll_command", #"{"handle":1,"wait_ms":-1,"offset":1e99,"limit":"0","close":1}"#)
        #expect(
            refusal { () throws(ToolRefusal) in _ = try wrong.text("handle") }
                == #"poll_command: "handle" must be a string"#)
        for name in ["wait_ms", "offset", "limit"] {
            #expect(
                refusal { () throws(ToolRefusal) in _ = try wrong.count(name) }
                    == "poll_command: \"\(name)\" must be a whole number from 0 on")
        }
        #expect(
            refusal { () throws(ToolRefusal) in _ = try wrong.flag("close") }
                == #"poll_command: "close" must be true or false"#)
    }

    @Test(
        arguments: [
            (nil, .seconds(600), "2 min: the usual limit, timeout_ms can ask for up to 10 min"),
            (.seconds(5), .seconds(600), "5 s: its timeout_ms"),
            (.seconds(700), .seconds(600), "10 min: the most a command gets"),
            (nil, .seconds(60), "1 min: the most a command gets"),
            (.zero, .seconds(60), "1 ms: its timeout_ms"),
        ] as [(Duration?, Duration, String)])
    func `a time limit says where it comes from`(_ asked: Duration?, _ longest: Duration, _ words: String) {
        let limit = TimeLimit(asked: asked, usual: .seconds(120), longest: longest)
        #expect(limit.explained == "timed out after " + words)
    }
}

@Suite struct ToolCatalogTests {
    private func call(_ json: String) throws -> ToolCall { try #require(ToolCall(try Item(Array(json.utf8)))) }

    private let catalog = ToolCatalog(ToolCatalog.standard(ordersSteps: true), for: .openai)

    /// A server keeps what stands in the history; what goes with every request is paid for each time, and a change of a
    /// byte of either loses the cached prefix of all.
    @Test(arguments: [(ProviderProfile.openai, 72, 4011), (.compatible, 4567, 0)])
    func `the definitions are small and known to the byte`(_ profile: ProviderProfile, _ each: Int, _ once: Int) throws
    {
        func sizes() throws -> (each: Int, once: Int) {
            let tools = ToolCatalog(ToolCatalog.standard(ordersSteps: true), for: profile)
            let parameters = RequestParameters(model: "m", tools: tools.always, historyTools: tools.history)
            let request = try JSON(RequestEncoder(parameters, profile: profile).body(input: []))
            let items = Array(try #require(request["input"]).elements)
            return (try #require(request["tools"]).rawText.utf8.count, items.first?["tools"]?.rawText.utf8.count ?? 0)
        }
        let found = try sizes()
        #expect(try found == sizes())
        #expect([found.each, found.once] == [each, once])
    }

    @Test func `an unknown name is answered with all that there are`() async throws {
        let call = try call(#"{"type":"function_call","call_id":"c","name":"edit\u001b","arguments":"{}"}"#)
        let refusal = await #expect(throws: ToolRefusal.self) { try await catalog.tool(for: call, on: nil) }
        let names = ToolCatalog.standard(ordersSteps: true).map(\.name).joined(separator: ", ")
        #expect(refusal?.message.hasSuffix("; there are \(names)") == true)
        #expect(refusal?.message.contains("\u{1B}") == false)
    }

    @Test func `only a tool that takes text is called with text`() async throws {
        let patch = try call(#"{"type":"custom_tool_call","call_id":"c","name":"apply_patch","input":"x"}"#)
        #expect(try await catalog.tool(for: patch, on: nil).name == "apply_patch")
        let shell = try call(#"{"type":"custom_tool_call","call_id":"c","name":"stop_command","input":"x"}"#)
        await #expect(throws: ToolRefusal.self) { try await catalog.tool(for: shell, on: nil) }
    }

    @Test func `without the order there is no tool for it`() {
        #expect(!ToolCatalog.standard(ordersSteps: false).contains { $0.name == "order_commits" })
    }
}
