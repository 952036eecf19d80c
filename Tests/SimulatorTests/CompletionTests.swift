import JSON
import Responses
import Testing

@testable import Simulator

struct CompletionTests {
    private func complete(_ item: String) throws -> JSON {
        var completion = ItemCompletion(mint: IdentifierMint(seed: 1))
        return completion.output(try JSON(item))
    }

    @Test(
        arguments: [
            ("reasoning", "rs_"), ("message", "msg_"), ("function_call", "fc_"), ("shell_call", "sh_"),
            ("apply_patch_call", "apc_"), ("custom_tool_call", "ctc_"), ("compaction", "cmp_"),
        ])
    func `an id has the prefix of its type`(type: String, prefix: String) throws {
        #expect(try complete("{\"type\":\"\(type)\"}")["id"]?.string?.hasPrefix(prefix) == true)
    }

    @Test func `what the author wrote stays byte for byte`() throws {
        let item = #"{"type":"function_call","name":"f\u00e4", "arguments":"{ }","n":1.50,"id":"fc_1","call_id":"c"}"#
        let completed = try complete(item).rawText
        #expect(completed == item.dropLast() + #","status":"completed"}"#)
        let whole = #"{ "type":"x_unknown" , "v":-0.0 }"#
        #expect(try complete(whole).rawText == whole)
    }

    @Test func `missing members are filled in`() throws {
        let message = try complete(#"{"type":"message","content":"hi \n"}"#)
        #expect(message["content"]?.rawText == #"[{"type":"output_text","text":"hi \n","annotations":[]}]"#)
        #expect(message["role"]?.string == "assistant")
        let call = try complete(#"{"type":"function_call","name":"f","arguments":{"a":1}}"#)
        #expect(call["arguments"]?.string == #"{"a":1}"#)
        #expect(call["call_id"]?.string?.hasPrefix("call_") == true)
        #expect(
            try complete(#"{"type":"shell_call","action":{"commands":[]}}"#)["environment"]?["type"]?.string == "local")
        #expect(try complete(#"{"type":"reasoning"}"#)["encrypted_content"] != nil)
        #expect(try complete(#"{"type":"custom_tool_call","name":"c","input":""}"#)["status"] == nil)
    }

    @Test func `identifiers do not repeat`() {
        var mint = IdentifierMint(seed: 9)
        #expect(Set((0..<1000).map { _ in mint.next("a") }).count == 1000)
    }

    @Test func `a fingerprint is the content, whatever its order`() throws {
        let first = Fingerprint(try JSON(#"{"id":"a","type":"m","status":"completed","x":1}"#))
        #expect(first == Fingerprint(try JSON(#"{"x":1,"type":"m"}"#)))
        #expect(first != Fingerprint(try JSON(#"{"x":2,"type":"m"}"#)))
        #expect(first != Fingerprint(try JSON(#"{"x":1,"typem":""}"#)))
    }
}
