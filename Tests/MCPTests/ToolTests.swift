import JSON
import Testing
import Text

@testable import MCP

struct ToolTests {
    @Test(arguments: [
        (
            #"{"type":"object","title":"T","properties":{"title":{"type":"string","title":"X"}}}"#,
            #"{"type":"object","properties":{"title":{"type":"string"}}}"#
        ),
        (#"{}"#, #"{"type":"object","properties":{}}"#),
        (#"{"type":"object","anyOf":[{"type":"object"}],"$schema":"x"}"#, #"{"type":"object","properties":{}}"#),
        (
            ##"{"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"enum":[1,"b"],"title":"A"}}}"##,
            ##"{"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"enum":[1,"b"]}},"type":"object"}"##
        ),
        (
            #"{"type":"object","properties":{"a":{"items":[{"type":"string"}],"additionalProperties":false}}}"#,
            #"{"type":"object","properties":{"a":{"items":[{"type":"string"}],"additionalProperties":false}}}"#
        ),
        (#"{"type":"object","type":"array","properties":{}}"#, #"{"type":"object","properties":{}}"#),
    ])
    func `A schema loses titles and what a model's server refuses`(given: String, expected: String) throws {
        let schema = ToolSchema(try JSON(given))
        #expect(schema.json == expected)
        #expect(!schema.isReplaced)
    }

    @Test(arguments: [
        "null", "7", "[]", #""text""#, "true", #"{"type":"array"}"#, #"{"type":["object"]}"#, #"{"type":7}"#,
        #"{"properties":[]}"#, #"{"properties":{"a":3}}"#, #"{"required":"a"}"#, #"{"required":[1]}"#,
        #"{"properties":{"a":{"$ref":"https://example.org/a"}}}"#, #"{"properties":{"a":{"anyOf":{}}}}"#,
        #"{"properties":{"a":{"type":"banana"}}}"#, #"{"properties":{"a":{"description":{}}}}"#,
    ])
    func `What is no schema is replaced by one for any object`(given: String) throws {
        let schema = ToolSchema(try JSON(given))
        #expect(schema.json == ToolSchema.open && schema.isReplaced)
    }

    @Test func `A schema that is too deep, too large or missing is replaced`() throws {
        let deep = String(repeating: #"{"properties":{"a":"#, count: 60) + "{}" + String(repeating: "}}", count: 60)
        let large = #"{"description":"\#(String(repeating: "x", count: ToolSchema.byteLimit))"}"#
        for schema in [ToolSchema(nil), ToolSchema(try JSON(deep)), ToolSchema(try JSON(large))] {
            #expect(schema.isReplaced)
        }
    }

    @Test func `Properties become headers where their names are legal`() throws {
        let schema = ToolSchema(
            try JSON(
                #"{"properties":{"a":{"x-mcp-header":"Region"},"b":{"x-mcp-header":"Bad\nName"},"c":{"x-mcp-header":7}}}"#
            ))
        #expect(schema.headers == ["a": "Mcp-Param-Region"])
        #expect(
            "plain".asHeader == "plain" && "süß".asHeader == "=?base64?c8O8w58=?="
                && " x".asHeader.hasPrefix("=?base64?"))
    }

    @Test(arguments: [
        ("git.status", "git_status"), ("a b/c", "a_b_c"), ("", "tool"), ("ok-1_2", "ok-1_2"), ("größe", "gr____e"),
    ])
    func `Names are legal`(given: String, expected: String) {
        #expect(ToolNames.legal(given) == expected)
    }

    @Test func `Names that are alike stay apart, also where they are cut`() {
        #expect(ToolNames.legal("a.b", taken: ["a_b", "a_b_2"]) == "a_b_3")
        let long = String(repeating: "x", count: 100)
        let first = ToolNames.legal(long, longest: 20)
        let second = ToolNames.legal(long, longest: 20, taken: [first])
        #expect(first.count == 20 && second.count == 20 && second.hasSuffix("_2"))
    }

    private func content(_ json: String) throws -> ResultContent {
        ResultContent(try JSON(json), mask: SecretMask([(name: "TOKEN", value: "tok-4711-0815")]))
    }

    @Test(arguments: [
        (#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#, "a\nb"),
        (#"{"content":[],"structuredContent":{"a":1}}"#, #"{"a":1}"#),
        (#"{"content":[{"type":"text","text":"{\"a\":1}"}],"structuredContent":{"a":1}}"#, #"{"a":1}"#),
        (#"{"content":[{"type":"text","text":"one"}],"structuredContent":{"result":"one"}}"#, "one"),
        (#"{"content":[{"type":"text","text":"see"}],"structuredContent":{"a":1}}"#, "see\n" + #"{"a":1}"#),
        (#"{"content":[{"type":"text","text":"it is tok-4711-0815!"}]}"#, "it is [TOKEN]!"),
        (#"{"content":[{"type":"resource","resource":{"uri":"x","text":"words"}}]}"#, "words"),
        (#"{"content":[{"type":"hologram"}]}"#, #"[content of the kind "hologram", which is not known]"#),
        (#"{"content":"no list"}"#, "[done; it says nothing]"), ("{}", "[done; it says nothing]"),
        (#"{"isError":true}"#, "the tool failed, and says nothing"),
    ])
    func `A result is read as what a model can use`(json: String, expected: String) throws {
        #expect(try content(json).text == expected)
    }

    @Test func `An image is what its bytes are`() throws {
        let gif = Base64.encoded(Array("GIF89a and so on".utf8))
        let result = try content(
            #"{"content":[{"type":"image","data":"\#(gif)","mimeType":"image/png"},{"type":"image","data":"AAAA"},"#
                + #"{"type":"image","data":"R0lGOD lhh"},{"type":"image"}]}"#)
        #expect(result.parts[0] == .image("data:image/gif;base64,\(gif)"))
        for part in result.parts.dropFirst() {
            if case .image = part { Issue.record("\(part) is no image") }
        }
    }

    @Test func `A text that nobody reads to its end is cut, and that is told`() throws {
        let result = try content(
            #"{"content":[{"type":"text","text":"\#(String(repeating: "x", count: 2 << 20))"},{"type":"text","text":"y"}]}"#
        )
        #expect(result.text.utf8.count < ResultContent.textLimit + 200)
        #expect(result.text.contains("were left out"))
    }
}
