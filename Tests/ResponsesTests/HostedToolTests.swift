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
}
