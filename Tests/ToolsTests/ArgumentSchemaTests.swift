import JSON
import Testing

@testable import Tools

/// What is said of arguments that do not fit.
@Suite struct ArgumentSchemaTests {
    private static let schema =
        #"{"type":"object","required":["path","mode"],"properties":{"path":{"type":"string"},"#
        + #""mode":{"enum":["fast","slow"]},"lines":{"type":"array","items":{"type":"integer"}},"#
        + ##""limit":{"type":["integer","null"]},"at":{"$ref":"#/$defs/place"},"key":{"const":"k"},"##
        + #""who":{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]}},"#
        + #""$defs":{"place":{"type":"object","required":["x"],"properties":{"x":{"type":"number"}},"#
        + #""additionalProperties":false}}}"#

    private func fault(_ arguments: String, _ schema: String = schema) throws -> String? {
        ArgumentSchema(try JSON(schema)).fault(in: try JSON(arguments))
    }

    @Test(arguments: [
        (#"{"path":"a"}"#, #""mode" is missing"#), (#"{"path":1,"mode":"fast"}"#, #""path" must be a string"#),
        (#"{"path":"a","mode":"quick"}"#, #""mode" must be one of "fast", "slow""#),
        (#"{"path":"a","mode":"fast","lines":[1,"2"]}"#, #""lines[1]" must be a whole number"#),
        (#"{"path":"a","mode":"fast","limit":1.5}"#, #""limit" must be a whole number or null"#),
        (#"{"path":"a","mode":"fast","at":{}}"#, #""at.x" is missing"#),
        (#"{"path":"a","mode":"fast","at":{"x":1,"y":2}}"#, #"there is no "at.y"; there are x"#),
        (#"{"path":"a","mode":"fast","who":3}"#, #""who" must be a string, or "who" must be an array"#),
        (#"{"path":"a","mode":"fast","key":"l"}"#, #""key" must be "k""#), (#"[1]"#, "the arguments must be an object"),
        (#"{"path":null,"mode":"fast"}"#, #""path" must be a string"#),
    ])
    func `the first fault is named with its place`(_ arguments: String, _ words: String) throws {
        #expect(try fault(arguments) == words)
    }

    @Test(arguments: [
        #"{"path":"a","mode":"fast"}"#, #"{"path":"a","mode":"slow","lines":[1,2],"limit":null,"other":1}"#,
        #"{"path":"a","mode":"fast","at":{"x":1.5},"who":["b"],"lines":null,"limit":3.0}"#,
    ])
    func `what fits, and null for what may be missing, is no fault`(_ arguments: String) throws {
        #expect(try fault(arguments) == nil)
    }

    @Test(arguments: [
        "true", "[]", "{}", #"{"type":"strange"}"#, #"{"$ref":"https://example.org/x"}"#, ##"{"$ref":"#/nowhere"}"##,
        ##"{"$ref":"#"}"##, #"{"properties":7,"required":"x"}"#, #"{"enum":[]}"#,
    ])
    func `a schema that is none hides no call, and does not run in circles`(_ schema: String) throws {
        #expect(try fault(#"{"a":{"b":1}}"#, schema) == nil)
    }
}
