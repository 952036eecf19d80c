import JSON
import Responses
import Testing

@testable import Simulator

/// Requests that the API refuses.
struct CheckTests {
    private static let script = #"{"after_last":"repeat-last","turns":[{"items":[{"type":"message","content":"a"}]}]}"#

    private static func function(_ rest: String) -> String { #""tools":[{"type":"function","name":"f",\#(rest)}]"# }

    @Test(
        arguments: [
            (#""surprise":1"#, "unknown_parameter", "surprise"),
            (#""client_metadata":{}"#, "unknown_parameter", "client_metadata"),
            (#""input":3"#, "invalid_type", "input"), (#""store":"no""#, "invalid_type", "store"),
            (#""background":true"#, "unsupported_parameter", "background"),
            (#""previous_response_id":"resp_x""#, "previous_response_not_found", "previous_response_id"),
            (
                #""previous_response_id":"r","conversation":"c""#, "mutually_exclusive_parameters",
                "previous_response_id"
            ),
            (#""max_output_tokens":15"#, "integer_below_min_value", "max_output_tokens"),
            (#""stream_id":"""#, "invalid_stream_id", "stream_id"),
            (#""stream_id":"a b""#, "invalid_stream_id", "stream_id"),
            (#""tools":[{"type":"teapot"}]"#, "invalid_value", "tools[0].type"),
            (#""tools":[{}]"#, "missing_required_parameter", "tools[0].type"),
            (#""tools":[{"type":"function","function":{"name":"f"}}]"#, "unknown_parameter", "tools[0].function"),
            (#""tools":[{"type":"custom","name":"a b"}]"#, "invalid_value", "tools[0].name"),
            (#""tools":[{"type":"custom","name":"a"},{"type":"custom","name":"a"}]"#, "invalid_value", "tools[1].name"),
            (
                #""tools":[{"type":"shell","environment":{"type":"moon"}}]"#, "invalid_value",
                "tools[0].environment.type"
            ),
            (function(#""parameters":{"type":"array"}"#), "invalid_function_parameters", "tools[0].parameters"),
            (
                function(#""strict":true,"parameters":{"type":"object","properties":{}}"#),
                "invalid_function_parameters", "tools[0].parameters"
            ),
            (#""tools":[{"type":"file_search"}]"#, "missing_required_parameter", "tools[0].vector_store_ids"),
            (#""tools":[{"type":"code_interpreter"}]"#, "missing_required_parameter", "tools[0].container"),
            (#""tools":[{"type":"mcp","server_url":"u"}]"#, "missing_required_parameter", "tools[0].server_label"),
            (#""tools":[{"type":"mcp","server_label":"s"}]"#, "invalid_value", "tools[0].server_url"),
            (
                #""tools":[{"type":"mcp","server_label":"s","server_url":"u","tunnel_id":"t"}]"#, "invalid_value",
                "tools[0].server_url"
            ),
            (#""context_management":[{"type":"x"}]"#, "invalid_value", "context_management[0].type"),
        ])
    func `a wrong parameter is named`(members: String, code: String, param: String) throws {
        var driver = try SessionDriver(Self.script)
        let error = try driver.ask(members).error
        #expect(error?.status == 400)
        #expect(error?.code == code)
        #expect(error?.param == param)
    }

    @Test(
        arguments: [
            (#"{"type":"teapot"}"#, "input[0].type"), (#"{"role":"user"}"#, "input[0].content"),
            (#"{"role":"boss","content":""}"#, "input[0].role"),
            (#"{"role":"assistant","content":[{"type":"input_text","text":""}]}"#, "input[0].content[0].type"),
            (#"{"role":"user","content":"","phase":"commentary"}"#, "input[0].phase"),
            (#"{"role":"assistant","content":"","phase":"x"}"#, "input[0].phase"),
            (
                #"{"type":"shell_call_output","call_id":"c","output":[{"stdout":"","stderr":""}]}"#,
                "input[0].output[0].outcome.type"
            ),
            (#"{"type":"shell_call_output","call_id":"c","output":[{"stdout":""}]}"#, "input[0].output[0].stderr"),
            (#"{"type":"apply_patch_call_output","call_id":"c","status":"maybe"}"#, "input[0].status"),
            (#"{"type":"function_call_output","call_id":"c"}"#, "input[0].output"),
            (#"{"type":"function_call_output","call_id":"","output":""}"#, "input[0].call_id"),
            (#"{"type":"message","role":"user","content":"","created_by":"x"}"#, "input[0].created_by"),
            (#"{"type":"function_call","id":"msg_1","call_id":"c","name":"f","arguments":""}"#, "input[0].id"),
            (#"{"type":"function_call","call_id":"c","name":"f","arguments":{}}"#, "input[0].arguments"),
            (#"{"type":"compaction_trigger"},{"role":"user","content":""}"#, "input[0]"),
            (#"{"type":"compaction","encrypted_content":"forged"}"#, "input[0].encrypted_content"),
        ])
    func `a wrong item is named`(items: String, param: String) throws {
        var driver = try SessionDriver(Self.script)
        #expect(try driver.ask("\"input\":[\(items)]").error?.param == param)
    }

    @Test func `a lenient scenario takes members that the API does not know`() throws {
        var driver = try SessionDriver(#"{"lenient":true,"turns":[{"items":[{"type":"message","content":"a"}]}]}"#)
        #expect(try driver.ask(#""input":"x","client_metadata":{}"#).text == "a")
    }

    @Test func `a request needs a model`() throws {
        var driver = try SessionDriver(Self.script)
        let error = try driver.ask(try JSON(#"{"input":"x"}"#), connection: 0).error
        #expect(error?.message == "Missing required parameter: 'model'.")
    }

    @Test func `what a real client sends beside is tolerated`() throws {
        var driver = try SessionDriver(Self.script)
        #expect(try driver.ask(#""type":"response.create","stream":true,"input":"x","tools":null"#).error == nil)
        #expect(try driver.ask(#""generate":true,"input":"x""#, connection: nil).error?.param == "generate")
    }

    private static let call = #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#
    private static let answer = #"{"type":"function_call_output","call_id":"c","output":"x"}"#

    @Test(
        arguments: [
            (call, "No tool output found for function call c."),
            (answer, "No tool call found for function call output with call_id c."),
            ("\(answer),\(call)", "No tool call found for function call output with call_id c."),
            ("\(call),\(answer),\(answer)", "Duplicate tool output found for function call with call_id c."),
            (#"{"type":"shell_call","call_id":"s","action":{}}"#, "No tool output found for shell call s."),
            (
                #"{"type":"custom_tool_call_output","call_id":"c","output":"x"}"#,
                "No tool call found for custom tool call output with call_id c."
            ),
        ])
    func `a call and its output belong together`(items: String, message: String) throws {
        var driver = try SessionDriver(Self.script)
        #expect(try driver.ask("\"input\":[\(items)]").error?.message == message)
    }

    @Test(
        arguments: [
            "\(call),\(answer)", #"{"type":"function_call","async":true,"call_id":"c","name":"f","arguments":""}"#,
            #"{"type":"shell_call","call_id":"s","action":{},"environment":{"type":"container_reference"}}"#,
        ])
    func `a call that is answered or need not be is fine`(items: String) throws {
        var driver = try SessionDriver(Self.script)
        #expect(try driver.ask("\"input\":[\(items)]").error == nil)
    }
}
