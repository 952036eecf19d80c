import JSON
import Testing

@testable import Responses

/// The definitions of the tools that run on the server, and what requests say of them.
@Suite struct HostedToolTests {
    private func text(_ tool: HostedTool) -> String { String(decoding: tool.definition.raw, as: UTF8.self) }

    @Test func `a tool without parameters is its type alone`() {
        #expect(text(.webSearch(WebSearch())) == #"{"type":"web_search"}"#)
        #expect(text(.imageGeneration(ImageGeneration())) == #"{"type":"image_generation"}"#)
        #expect(
            text(.codeInterpreter(CodeInterpreter())) == #"{"type":"code_interpreter","container":{"type":"auto"}}"#)
    }

    @Test func `parameters have the names of the API`() {
        var web = WebSearch()
        (web.allowedDomains, web.contextSize, web.fetchesPages) = (["a.org"], .low, false)
        web.location = .place(country: "DE", city: "Köln")
        #expect(
            text(.webSearch(web))
                == #"{"type":"web_search","filters":{"allowed_domains":["a.org"]},"search_context_size":"low","#
                + #""user_location":{"type":"approximate","country":"DE","city":"Köln"},"external_web_access":false}"#)
        web = WebSearch()
        web.location = .untold
        #expect(text(.webSearch(web)) == #"{"type":"web_search","user_location":{"type":"approximate"}}"#)
        var files = FileSearch()
        (files.stores, files.resultLimit, files.scoreThreshold) = (["vs_1"], 5, 0.5)
        #expect(
            text(.fileSearch(files))
                == #"{"type":"file_search","vector_store_ids":["vs_1"],"max_num_results":5,"#
                + #""ranking_options":{"score_threshold":0.5}}"#)
        var python = CodeInterpreter()
        (python.memory, python.hosts, python.files) = (.medium, [], ["file-1"])
        #expect(
            text(.codeInterpreter(python))
                == #"{"type":"code_interpreter","container":{"type":"auto","file_ids":["file-1"],"#
                + #""memory_limit":"4g","network_policy":{"type":"disabled"}}}"#)
        python.hosts = ["pypi.org"]
        #expect(text(.codeInterpreter(python)).contains(#"{"type":"allowlist","allowed_domains":["pypi.org"]}"#))
        python.container = "cntr_1"
        #expect(text(.codeInterpreter(python)) == #"{"type":"code_interpreter","container":"cntr_1"}"#)
    }

    @Test func `a server has one place, its secrets, and says when it asks`() {
        var server = HostedServer(label: "docs", address: .url("https://a.org/mcp"))
        #expect(text(.mcp(server)) == #"{"type":"mcp","server_label":"docs","server_url":"https://a.org/mcp"}"#)
        (server.authorization, server.headers) = ("t0ken", [("X-A", "s3cret")])
        (server.allowedTools, server.asking) = (["search"], .perTool(always: ["write"], never: []))
        let json = text(.mcp(server))
        #expect(json.contains(#""authorization":"t0ken","headers":{"X-A":"s3cret"},"allowed_tools":["search"]"#))
        #expect(json.hasSuffix(#""require_approval":{"always":{"tool_names":["write"]}}}"#))
        #expect(server.secrets == ["s3cret", "t0ken"])
        server = HostedServer(label: "gmail", address: .connector("connector_gmail"))
        server.asking = .never
        #expect(text(.mcp(server)).hasSuffix(#""connector_id":"connector_gmail","require_approval":"never"}"#))
    }

    /// What `include` says after a server has refused one parameter.
    private func included(after refusals: String...) throws -> [String?]? {
        var parameters = RequestParameters(model: "m")
        parameters.inclusions = HostedTool.inclusions
        var encoder = RequestEncoder(parameters, profile: .openai)
        for refusal in refusals {
            let isDropped = encoder.drop(refusal)
            #expect(isDropped)
        }
        let json = try JSON(encoder.body(input: []))
        return json["include"].map { $0.elements.map(\.string) }
    }

    @Test func `a value of include that a server refuses is left out, and nothing else`() throws {
        let reasoning = "reasoning.encrypted_content"
        let (web, files, code) = (HostedTool.inclusions[0], HostedTool.inclusions[1], HostedTool.inclusions[2])
        #expect(try included() == [reasoning, web, files, code])
        #expect(try included(after: "include[1]") == [reasoning, files, code])
        #expect(try included(after: "include." + files) == [reasoning, web, code])
        #expect(try included(after: "include", "include") == [reasoning, web])
        #expect(try included(after: "include", "include", "include", "include") == nil)
    }

    @Test func `the refused value is read from the message where the parameter does not name it`() {
        func remedy(_ message: String, _ parameter: String) -> ProviderError.Remedy {
            let text =
                #"{"error":{"type":"invalid_request_error","code":"invalid_value","message":"\#(message)","#
                + #""param":"\#(parameter)"}}"#
            return ProviderError(status: 400, body: Array(text.utf8)).remedy
        }
        #expect(
            remedy("Invalid value: 'file_search_call.results'.", "include[2]")
                == .dropParameter("include.file_search_call.results"))
        #expect(remedy("Unsupported.", "include[2]") == .dropParameter("include[2]"))
        #expect(remedy("Invalid value: 'x'.", "model") == .none)
    }

    private func drawn(_ result: String) throws -> Item {
        try Item(
            Array(
                #"{"id":"ig_1","type":"image_generation_call","status":"completed","result":\#(result),"n":1.0}"#.utf8))
    }

    /// A picture of one pixel.
    private let pixel = String(ContentPart.emptyPicture.split(separator: ",").last ?? "")

    @Test func `a picture is left out of a history that is sent whole, and nowhere else`() throws {
        let item = try drawn("\"\(pixel)\"")
        var encoder = RequestEncoder(RequestParameters(model: "m"), profile: .openai)
        let whole = try JSON(encoder.body(input: [item]))
        #expect(
            whole["input"]?.elements.first { _ in true }?.rawText
                == #"{"id":"ig_1","type":"image_generation_call","status":"completed","result":null,"n":1.0}"#)
        let next = encoder.event(input: [item], continuing: ResponseID("resp_1"))
        #expect(String(decoding: next, as: UTF8.self).contains(pixel))
        #expect(!String(decoding: encoder.compaction(of: [item]), as: UTF8.self).contains(pixel))
        let refusal = ProviderError(
            status: 400,
            body: Array(#"{"error":{"code":"invalid_type","message":"x","param":"input[3].result"}}"#.utf8))
        guard case .dropParameter(let name) = refusal.remedy else {
            Issue.record("\(refusal.remedy)")
            return
        }
        let isDropped = encoder.drop(name)
        #expect(isDropped)
        #expect(String(decoding: encoder.body(input: [item]), as: UTF8.self).contains(pixel))
    }

    @Test func `a picture counts as one, not as text`() throws {
        let large = try drawn("\"" + String(repeating: "QUJD", count: 500_000) + "\"")
        #expect(1500...1600 ~= large.tokenEstimate)
        #expect(try drawn("null").tokenEstimate < 50)
    }

    @Test(arguments: ["", "QQ==", "QUI=", "QUJD", "QUI", "QQ", "QU\nJD"])
    func `base64 is read as it is written`(_ text: String) {
        let lengths = ["": 0, "QQ==": 1, "QQ": 1, "QUI=": 2, "QUI": 2]
        #expect(Base64.bytes(of: text) == Array("ABC".utf8.prefix(lengths[text] ?? 3)))
    }

    @Test(arguments: ["Q", "QQ=", "Q===", "QU*D", "QQ==QQ==", "é"])
    func `what is no base64 is nothing`(_ text: String) {
        #expect(Base64.bytes(of: text) == nil)
    }

    @Test func `every length survives base64`() {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(Base64.bytes(of: Base64.text(of: bytes)) == bytes)
        }
    }

    @Test func `pictures are known by their bytes`() throws {
        let svg = Base64.text(of: Array("<?xml version='1.0'?><svg xmlns='x'/>".utf8))
        let outputs = [#"{"type":"logs","logs":"x"}"#, #"{"type":"image","url":"data:image/png;base64,\#(pixel)"}"#]
        let python = try Item(
            Array(#"{"type":"code_interpreter_call","outputs":[\#(outputs.joined(separator: ","))]}"#.utf8))
        for (item, type) in [(try drawn("\"\(pixel)\""), "png"), (try drawn("\"\(svg)\""), "svg"), (python, "png")] {
            let all = MadePicture.all(in: item)
            #expect(try all.map { try $0.get().fileType } == [type])
        }
        #expect(MadePicture.all(in: try drawn("null")).isEmpty)
        for text in ["*", Base64.text(of: Array("plain".utf8)), "iVBORw0KGgo="] {
            guard case .failure? = MadePicture.all(in: try drawn("\"\(text)\"")).first else {
                Issue.record("\(text) was taken for a picture")
                continue
            }
        }
    }

    @Test(arguments: [
        ("response.web_search_call.searching", HostedType.webSearch, "searching"),
        ("response.code_interpreter_call_code.delta", .codeInterpreter, "in_progress"),
        ("response.mcp_call_arguments.done", .mcpCall, "in_progress"),
        ("response.mcp_list_tools.failed", .mcpTools, "failed"),
        ("response.image_generation_call.partial_image", .imageGeneration, "partial_image"),
    ])
    func `an event tells how far a tool is`(_ type: String, _ tool: HostedType, _ status: String) throws {
        guard case .hosted(3, tool, status) = try ServerEvent(Array(#"{"type":"\#(type)","output_index":3}"#.utf8))
        else {
            Issue.record("another event")
            return
        }
    }

    @Test(arguments: [
        "response.web_search_call", "response.new_call.searching", "x.web_search_call.searching", "a.b.c.d",
    ])
    func `an event of no such tool is another`(_ type: String) throws {
        guard case .other = try ServerEvent(Array(#"{"type":"\#(type)"}"#.utf8)) else {
            Issue.record("taken for one")
            return
        }
    }
}
