import JSON
import Responses
import Testing

@testable import Session

/// What is told of the items of the server's own tools.
@Suite struct HostedReportTests {
    private func report(_ json: String) throws -> HostedReport {
        try #require(HostedReport(try Item(Array(json.utf8))))
    }

    @Test func `an item of another type is none`() throws {
        for type in ["message", "function_call", "mcp_approval_request", "computer_call", "web_search"] {
            #expect(HostedReport(try Item(Array(#"{"type":"\#(type)","id":"x","call_id":"c"}"#.utf8))) == nil)
        }
    }

    @Test func `an item without anything that it should have is still told`() throws {
        for type in HostedType.allCases {
            for body in ["", #","action":5,"queries":7,"results":{},"outputs":"x","tools":1,"error":[1],"result":{}"#] {
                let report = try report(#"{"type":"\#(type.rawValue)"\#(body)}"#)
                #expect(!report.line.isEmpty)
                _ = report.details
            }
        }
    }

    @Test func `a status that is none of an end is incomplete`() throws {
        #expect(try report(#"{"type":"web_search_call","status":"searching"}"#).status == .incomplete)
        #expect(try report(#"{"type":"web_search_call","status":"failed"}"#).status == .failed)
        #expect(try report(#"{"type":"mcp_list_tools","server_label":"d","tools":[]}"#).status == .completed)
        #expect(
            try report(#"{"type":"mcp_list_tools","server_label":"d","tools":[],"error":"gone"}"#).status == .failed)
    }

    @Test(arguments: [
        (#""gone""#, "gone"), (#"{"type":"http_error","code":502,"message":"bad gateway"}"#, "bad gateway"),
        (
            #"{"type":"mcp_tool_execution_error","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#,
            "a\nb"
        ),
        (#"{"type":"new_kind"}"#, #"{"type":"new_kind"}"#), ("null", nil),
    ])
    func `the error of a call is read in each of its forms`(_ error: String, _ words: String?) throws {
        let json = #"{"type":"mcp_call","server_label":"d","name":"t","arguments":"{}","error":\#(error)}"#
        guard case .mcpCall(let call) = try report(json).work else {
            Issue.record("no call")
            return
        }
        #expect(call.error == words)
    }

    @Test func `long texts and lists are cut`() throws {
        let long = String(repeating: "é", count: 50_000)
        let tools = (0..<5000).map { #"{"name":"t\#($0)"}"# }.joined(separator: ",")
        guard case .mcpTools(let list) = try report(#"{"type":"mcp_list_tools","tools":[\#(tools)]}"#).work,
            case .codeInterpreter(let code) = try report(#"{"type":"code_interpreter_call","code":"\#(long)"}"#).work
        else {
            Issue.record("other kinds")
            return
        }
        #expect(list.tools.count == 100)
        #expect(code.code.count == 16_385 && code.code.hasSuffix("…"))
    }

    @Test func `an old search has one query, and a new one several`() throws {
        guard
            case .webSearch(let old) = try report(
                #"{"type":"web_search_call","action":{"type":"search","query":"a"}}"#
            ).work,
            case .webSearch(let new) = try report(
                #"{"type":"web_search_call","action":{"type":"search","query":"a","queries":["a","b"]}}"#
            ).work
        else {
            Issue.record("other kinds")
            return
        }
        #expect(old.queries == ["a"] && new.queries == ["a", "b"])
    }

    @Test func `citations are one source for one page, whatever part of it they mean`() throws {
        func page(_ url: String) -> String { #"{"type":"url_citation","url":"\#(url)","title":"T"}"# }
        let notes = [
            page("https://a.org/x"), page("https://a.org/x#y"), page("https://a.org/x?utm_source=openai"),
            page("https://a.org/x?b=1&utm_source=openai"), page("https://a.org/x?b=1"), #"{"type":"url_citation"}"#,
            #"{"type":"file_path","file_id":"f"}"#, #"{"type":"file_citation","file_id":"f","filename":"","index":3}"#,
            "5",
        ].joined(separator: ",")
        let item = try Item(
            Array(
                #"{"type":"message","content":[{"type":"output_text","text":"t","annotations":[\#(notes)]}]}"#.utf8))
        let citations = Citation.all(in: item)
        #expect(citations.count == 6)
        #expect(
            citations.sources.map { $0.place ?? $0.title }
                == ["https://a.org/x", "https://a.org/x?b=1&utm_source=openai", "f"])
    }
}
