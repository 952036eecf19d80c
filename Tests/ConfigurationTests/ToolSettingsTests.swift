import Responses
import TestSupport
import Testing

@testable import Configuration

/// Tools that are turned on by flags and configuration.
@Suite struct ToolSettingsTests {
    private func settings(_ toml: String, flags words: String...) throws -> Settings {
        var flags = Settings()
        flags.tools = try ToolSelection(spelled: words)
        return flags.over(try Settings(toml: toml, name: "f"))
    }

    private func definitions(_ settings: Settings, environment: [String: String] = [:]) throws -> [String] {
        try settings.hostedTools(environment: environment).map { String(decoding: $0.definition.raw, as: UTF8.self) }
    }

    @Test(arguments: [
        "web_search", "file_search", "file_search=vs_1,vs_2", "code_interpreter", "image_generation", "computer",
        "mcp=docs", "mcp=docs=https://a.org/mcp", "mcp=docs=https://a.org/mcp?b=c", "mcp=mail=connector_gmail",
        "mcp=t=tunnel_1",
    ])
    func `a tool is written as it is read`(_ word: String) throws {
        #expect(try ToolChoice(spelled: word).description == word)
    }

    @Test(arguments: [
        ("https://mcp.a-b.org:8443/x?y=z", "mcp_a-b_org"), ("connector_gmail", "gmail"),
        ("http://10.0.0.1/", "mcp_10_0_0_1"),
    ])
    func `a server without a label gets one`(_ address: String, _ label: String) throws {
        #expect(try ToolChoice(spelled: "mcp=" + address).description == "mcp=\(label)=\(address)")
    }

    @Test(arguments: [
        ("websearch", "there is no tool \"websearch\"; did you mean web_search?; there are web_search, file_search="),
        ("", "there is no tool \"\""), ("web_search=x", "takes no value; its parameters are in [tools.web_search]"),
        ("file_search=", "takes ids of vector stores"), ("file_search=a,,b", "takes ids of vector stores"),
        ("file_search=a b", "takes ids of vector stores"), ("mcp", "needs a server"), ("mcp=", "is no address"),
        ("mcp=ftp://a.org", "is no address"), ("mcp=https://", "is no address"), ("mcp=https://a b/", "is no address"),
        ("mcp=connector_gmial", "did you mean connector_gmail?"),
        ("mcp=https://user:pass@a.org/", "at a.org has a secret in it; put it into an environment variable"),
        ("mcp=https://a.org/?api_key=x", "has a secret in it"), ("mcp=x=https://a.org/?x=1&token=x", "has a secret"),
    ])
    func `what is no tool is refused with what there is`(_ word: String, _ complaint: String) throws {
        let error = try #require(#expect(throws: ConfigurationError.self) { try ToolChoice(spelled: word) })
        #expect(error.description.contains(complaint), "\(error)")
        #expect(!error.description.contains("pass"))
    }

    @Test func `the browser has a limit, and is turned on like the others`() throws {
        let file = try settings("[tools.computer]\nenabled = true\nmax_actions = 7")
        #expect(file.tools.choices == [.computer] && file.toolSettings.computer?.actionLimit == 7)
        #expect(try definitions(file).isEmpty)
        #expect(try settings("[tools.computer]\nmax_actions = 7", flags: "computer").tools.choices == [.computer])
        #expect(file.narrowedToRepository.tools.choices.isEmpty)
        #expect(throws: ConfigurationError.self) { try settings("[tools.computer]\nmax_actions = 'many'") }
    }

    @Test func `flags add to what the configuration turns on, and none clears it`() throws {
        let file = "tools.web_search.enabled = true\n[tools.file_search]\nvector_store_ids = ['vs_1']"
        #expect(try definitions(settings(file)) == [#"{"type":"web_search"}"#])
        let both = try definitions(settings(file, flags: "file_search"))
        #expect(both == [#"{"type":"web_search"}"#, #"{"type":"file_search","vector_store_ids":["vs_1"]}"#])
        #expect(try definitions(settings(file, flags: "file_search=vs_2")).last?.contains("vs_2") == true)
        #expect(try definitions(settings(file, flags: "none")) == [])
        #expect(try definitions(settings(file, flags: "none", "image_generation")).count == 1)
    }

    @Test func `the order of flags does not change the definitions`() throws {
        let words = ["mcp=b=https://b.org", "image_generation", "mcp=a=https://a.org", "web_search"]
        let one = try definitions(settings("", flags: words[0], words[1], words[2], words[3]))
        let other = try definitions(settings("", flags: words[3], words[2], words[1], words[0]))
        #expect(one == other && one.count == 4)
    }

    @Test func `a repository turns nothing on and describes no server`() throws {
        let theirs = try Settings(
            toml: "tools.web_search.enabled = true\n[tools.mcp.x]\nserver_url = 'https://a.org'\napprove = 'all'",
            name: "f")
        let merged = try Settings().completed(by: theirs)
        #expect(merged.tools == ToolSelection() && merged.toolSettings == ToolSettings())
    }

    @Test func `every key reaches the definition`() throws {
        let settings = try settings(
            """
            [tools.web_search]
            enabled = true
            allowed_domains = ["a.org"]
            search_context_size = "high"
            user_location = { country = "de", timezone = "Europe/Berlin" }
            external_web_access = false
            [tools.file_search]
            enabled = true
            vector_store_ids = ["vs_1"]
            max_num_results = 7
            score_threshold = 0.25
            [tools.code_interpreter]
            enabled = true
            memory_limit = "4g"
            network = "none"
            file_ids = ["file-1"]
            [tools.image_generation]
            enabled = true
            model = "gpt-image-2"
            size = "1024x1024"
            quality = "low"
            output_format = "webp"
            background = "opaque"
            [tools.mcp.docs]
            enabled = true
            server_url = "https://a.org/mcp"
            description = "Docs."
            bearer_token_env_var = "DOCS_TOKEN"
            env_headers = { X-Key = "DOCS_KEY" }
            allowed_tools = ["search"]
            require_approval = { never = ["search"] }
            approve = ["search"]
            deny = "all"
            """)
        let definitions = try definitions(settings, environment: ["DOCS_TOKEN": "t0", "DOCS_KEY": "k0"])
        #expect(
            definitions == [
                #"{"type":"web_search","filters":{"allowed_domains":["a.org"]},"search_context_size":"high","#
                    + #""user_location":{"type":"approximate","country":"DE","timezone":"Europe/Berlin"},"#
                    + #""external_web_access":false}"#,
                #"{"type":"file_search","vector_store_ids":["vs_1"],"max_num_results":7,"#
                    + #""ranking_options":{"score_threshold":0.25}}"#,
                #"{"type":"code_interpreter","container":{"type":"auto","file_ids":["file-1"],"memory_limit":"4g","#
                    + #""network_policy":{"type":"disabled"}}}"#,
                #"{"type":"image_generation","model":"gpt-image-2","size":"1024x1024","quality":"low","#
                    + #""output_format":"webp","background":"opaque"}"#,
                #"{"type":"mcp","server_label":"docs","server_url":"https://a.org/mcp","server_description":"Docs.","#
                    + #""authorization":"t0","headers":{"X-Key":"k0"},"allowed_tools":["search"],"#
                    + #""require_approval":{"never":{"tool_names":["search"]}}}"#,
            ])
        #expect(settings.secretVariables == ["DOCS_TOKEN", "DOCS_KEY"])
        let server = try #require(settings.toolSettings.servers["docs"])
        #expect(server.approved.contains("search") && !server.approved.contains("write"))
        #expect(server.denied.contains("anything"))
    }

    @Test(arguments: [
        ("web_serch = {}", "unknown key tools.web_serch; did you mean tools.web_search?"),
        ("web_search.enabld = true", "did you mean tools.web_search.enabled?"),
        ("web_search.search_context_size = 'big'", "must be \"low\", \"medium\" or \"high\""),
        ("web_search.allowed_domains = ['https://a.org']", "must be a list of domains such as"),
        ("web_search.user_location = 'Berlin'", "must be \"none\", or a table"),
        ("web_search.user_location = { country = 'Germany' }", "must be two letters"),
        ("web_search.user_location = { cuontry = 'DE' }", "did you mean tools.web_search.user_location.country?"),
        ("file_search.max_num_results = 51", "must be 1 to 50"), ("file_search.score_threshold = 2", "from 0 to 1"),
        ("file_search.vector_store_ids = ['a b']", "must be a list of ids of vector stores"),
        ("code_interpreter.memory_limit = '2g'", "must be \"1g\", \"4g\", \"16g\" or \"64g\""),
        ("code_interpreter = { container = 'cntr_1', memory_limit = '4g' }", "names a container that is there"),
        ("image_generation.size = 'big'", "must be \"auto\", or a size"), ("image_generation.quality = 1", "must be"),
        ("mcp.1x.server_url = 'https://a.org'", "must be a table whose name"),
        ("mcp.x.server_url = 'connector_gmail'", "must be an address such as"),
        ("mcp.x.connector_id = 'connector_x'", "there is no connector"),
        ("mcp.x = { server_url = 'https://a.org', connector_id = 'connector_gmail' }", "must be in one place"),
        ("mcp.x.authorization = 'secret'", "unknown key tools.mcp.x.authorization"),
        ("mcp.x.bearer_token_env_var = 'sk-1234 secret'", "must be the name of an environment variable"),
        ("mcp.x.bearer_token_env_var = 'OPENAI_API_KEY'", "must be the name of an environment variable"),
        ("mcp.x.require_approval = 'sometimes'", "must be \"always\", \"never\""),
        ("mcp.x.approve = 'some'", "must be \"all\""),
    ])
    func `a key that cannot be used is named with what it takes`(_ line: String, _ complaint: String) throws {
        let error = try #require(
            #expect(throws: ConfigurationError.self) { try Settings(toml: "[tools]\n" + line, name: "f") })
        #expect(error.message.contains(complaint), "\(error)")
    }

    @Test(arguments: [
        ("", "mcp=docs", "there is no [tools.mcp.docs] in your configuration; give the address"),
        ("[tools.mcp.a]\n[tools.mcp.b]", "mcp=docs", "there are a, b"),
        ("", "file_search", "file_search needs the stores to search"),
        ("provider = 'compatible'", "web_search", "servers of the kind compatible have no tools of their own"),
    ])
    func `a tool that lacks what it needs is refused before anything begins`(
        _ file: String, _ word: String, _ complaint: String
    ) throws {
        let settings = try settings(file, flags: word)
        let error = try #require(#expect(throws: ConfigurationError.self) { try settings.completed() })
        #expect(error.description.contains(complaint), "\(error)")
    }

    @Test func `a secret is taken from the environment, and sent to its own server only`() throws {
        let file = "[tools.mcp.docs]\nserver_url = 'https://a.org'\nbearer_token_env_var = 'DOCS_TOKEN'"
        let known = try settings(file, flags: "mcp=docs")
        let error = try #require(#expect(throws: ConfigurationError.self) { try known.hostedTools(environment: [:]) })
        #expect(error.description.contains("DOCS_TOKEN, which [tools.mcp.docs] names, is not set"))
        #expect(try definitions(known, environment: ["DOCS_TOKEN": "t0"])[0].contains("t0"))
        let elsewhere = try settings(file, flags: "mcp=docs=https://b.org")
        #expect(try !definitions(elsewhere, environment: ["DOCS_TOKEN": "t0"])[0].contains("t0"))
        let plain = try settings(file.replacing("https", with: "http"), flags: "mcp=docs")
        #expect(throws: ConfigurationError.self) { try plain.hostedTools(environment: ["DOCS_TOKEN": "t0"]) }
    }
}
