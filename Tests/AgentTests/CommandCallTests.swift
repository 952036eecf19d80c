import JSON
import Responses
import Sandbox
import Testing

@testable import Agent

@Suite struct CommandCallTests {
    private func read(_ name: String, _ arguments: String) throws -> CommandCall? {
        try CommandCall(name: name, arguments: try JSON(arguments))
    }

    private func flaw(_ name: String, _ arguments: String) throws -> String? {
        let arguments = try JSON(arguments)
        do throws(CommandCall.Flaw) {
            _ = try CommandCall(name: name, arguments: arguments)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func `what is not said has its usual value`() throws {
        guard case .start(let command, false, nil, let wait) = try read("start_command", #"{"command":"ls"}"#) else {
            Issue.record("not a start")
            return
        }
        #expect(command == "ls" && wait.limit == .milliseconds(1000) && wait.text == nil)
        guard case .read("item_4", 0, 16384) = try read("read_output", #"{"handle":"item_4","offset":null}"#) else {
            Issue.record("not a page")
            return
        }
    }

    @Test func `waits and pages are bounded`() throws {
        guard case .poll("p1", let wait) = try read("poll_command", #"{"handle":"p1","wait_ms":86400000,"until":""}"#)
        else {
            Issue.record("not a look")
            return
        }
        #expect(wait.limit == .seconds(60) && wait.text == nil)
        guard case .read(_, 7, 65536) = try read("read_output", #"{"handle":"p1","offset":7,"limit":1000000000}"#)
        else {
            Issue.record("not a page")
            return
        }
    }

    @Test(arguments: [
        ("start_command", "{}", #"start_command: "command" must be a string"#),
        ("start_command", #"{"command":""}"#, #"start_command needs a "command" that is not empty and holds no NUL"#),
        ("poll_command", #"{"handle":1}"#, #"poll_command: "handle" must be a string"#),
        (
            "poll_command", #"{"handle":"p1","wait_ms":-1}"#,
            #"poll_command: "wait_ms" must be a whole number from 0 on"#
        ),
        (
            "poll_command", #"{"handle":"p1","wait_ms":1e99}"#,
            #"poll_command: "wait_ms" must be a whole number from 0 on"#
        ),
        ("write_stdin", #"{"handle":"p1","text":"","close":1}"#, #"write_stdin: "close" must be true or false"#),
        ("read_output", #"{"handle":"p1","offset":"0"}"#, #"read_output: "offset" must be a whole number from 0 on"#),
    ])
    func `arguments that cannot be used are named in one line`(_ name: String, _ json: String, _ line: String) throws {
        #expect(try flaw(name, json) == line)
    }

    @Test func `other tools are none of these`() throws {
        #expect(try read("shell", "{}") == nil)
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

    /// A server keeps what stands in the history; what goes with every request is paid for each time, and a change of a
    /// byte of either loses the cached prefix of all.
    @Test(arguments: [(ProviderProfile.openai, 72, 2720), (.compatible, 3506, 0)])
    func `the definitions are small and known to the byte`(_ profile: ProviderProfile, _ each: Int, _ once: Int) throws
    {
        func sizes() throws -> (each: Int, once: Int) {
            let tools = Toolset.definitions(for: profile, ordersSteps: true)
            let parameters = RequestParameters(model: "m", tools: tools.always, historyTools: tools.history)
            let request = try JSON(RequestEncoder(parameters, profile: profile).body(input: []))
            let items = Array(try #require(request["input"]).elements)
            return (try #require(request["tools"]).rawText.utf8.count, items.first?["tools"]?.rawText.utf8.count ?? 0)
        }
        #expect(try sizes() == sizes())
        #expect(try sizes() == (each, once))
    }
}
