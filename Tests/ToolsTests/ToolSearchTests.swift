import Configuration
import JSON
import Responses
import TestSupport
import Testing

@testable import Tools

/// How tools that come later reach the model, by their definitions or by a search.
@Suite struct ToolSearchTests {
    private typealias Echo = StockedSource.Echo

    private static let schema =
        #"{"type":"object","properties":{"repository":{"type":"string","description":"Which one."}},"#
        + #""required":["repository"]}"#

    /// Tools of a size that passes any budget.
    private static func many(_ space: String) -> [any Tool] {
        ["issue", "branch", "release", "label"].flatMap { thing in
            ["create", "list", "get", "delete"].map { verb in
                Echo(
                    "\(verb)_\(thing)", in: space,
                    "Can \(verb) one \(thing) of a repository. " + String(repeating: "Words. ", count: 60),
                    schema)
            }
        }
    }

    private func catalog(
        _ mode: ToolSearchMode, _ profile: ProviderProfile = .openai, budget: Int = 2000
    ) -> ToolCatalog {
        ToolCatalog(
            ToolCatalog.standard(ordersSteps: true), for: profile, sources: ["forge"],
            search: ToolSearchSettings(mode: mode, budget: budget))
    }

    private func taken(_ catalog: ToolCatalog, _ tools: [any Tool], given: [Item] = []) async -> [ToolDefinition] {
        let source = StockedSource("forge", isAwaited: true, tools)
        let shelf = catalog.shelf(of: [source], given: given)
        shelf.start()
        return await shelf.takeNew(waitsForAll: true)
    }

    @Test func `a few tools are given whole`() async throws {
        let tools = await taken(catalog(.server), [Echo("ping", in: "forge", "Pings.")])
        guard case .namespace("forge", let description, let functions) = tools.first else {
            return #expect(Bool(false), "no namespace")
        }
        #expect(tools.count == 1 && functions.count == 1)
        #expect(description == "Tools of forge. Tools: ping")
        #expect(functions[0] != functions[0].deferred)
    }

    @Test func `many tools are deferred where the server searches, ten at most in a namespace`() async throws {
        let tools = await taken(catalog(.server), Self.many("forge"))
        let spaces = tools.compactMap { definition -> (name: String, functions: [ToolDefinition])? in
            if case .namespace(let name, _, let functions) = definition { (name, functions) } else { nil }
        }
        #expect(spaces.count == tools.count && spaces.count > 1)
        #expect(spaces.allSatisfy { $0.functions.count <= 10 && $0.name.hasPrefix("forge__") })
        #expect(spaces.reduce(0) { $0 + $1.functions.count } == 16)
        #expect(spaces.flatMap(\.functions).allSatisfy { $0 == $0.deferred })
        // The order and the names are the same each time.
        #expect(await taken(catalog(.server), Self.many("forge")) == tools)
    }

    @Test(arguments: [ToolSearchMode.client, .function])
    func `many tools stay away from the model where Graft searches`(_ mode: ToolSearchMode) async {
        #expect(await taken(catalog(mode), Self.many("forge")).isEmpty)
    }

    @Test func `a server that knows no namespaces gets names that are joined`() async {
        let tools = await taken(catalog(.function, .compatible), [Echo("ping", in: "forge", "Pings.")])
        guard case .function(let name, _, _, _, _) = tools.first else { return #expect(Bool(false), "no function") }
        #expect(name == "forge__ping" && tools.count == 1)
    }

    @Test func `what a session has got before is not given again, and counts`() async {
        let ping = [Echo("ping", in: "forge", "Pings.")]
        let first = await taken(catalog(.server), ping)
        #expect(await taken(catalog(.server), ping, given: [.adding(first)]).isEmpty)
        let more = ping + [Echo("pong", in: "forge", "Pongs.")]
        #expect(await taken(catalog(.server), more, given: [.adding(first)]).count == 1)
    }

    @Test func `the search itself is there with sources only`() {
        func types(_ catalog: ToolCatalog) -> [String] {
            (catalog.always + catalog.history).map { String(decoding: $0.raw, as: UTF8.self) }
                .filter { $0.contains("tool_search") || $0.contains("find_tools") || $0.contains("use_tool") }
        }
        #expect(types(ToolCatalog(ToolCatalog.standard(ordersSteps: true), for: .openai)).isEmpty)
        #expect(types(catalog(.server)) == [#"{"type":"tool_search"}"#])
        #expect(types(catalog(.client)).count == 1 && types(catalog(.client))[0].contains("among those of: forge"))
        #expect(types(catalog(.function, .compatible)).count == 2)
    }

    @Test(arguments: [
        ("open a new issue in the tracker", "create_issue"), ("branches", "list_branch"),
        ("deleting labels", "delete_label"),
        ("releases: list", "list_release"),
    ])
    func `the best fit comes first, whatever form its words have`(_ query: String, _ name: String) throws {
        let tools = Self.many("forge")
        let found = ToolIndex(tools).search(query, limit: 4).map { tools[$0].name }
        let thing = try #require(name.split(separator: "_").last)
        #expect(found.contains(name) && found.first?.hasSuffix(thing) == true)
    }

    @Test func `a search knows parameters, other scripts, and when nothing fits`() {
        let tools: [any Tool] = [
            Echo("a", in: "x", "", Self.schema), Echo("b", in: "x", "Ищет ошибки"), Echo("readFile", in: "x"),
        ]
        let index = ToolIndex(tools)
        #expect(index.search("repository", limit: 9) == [0])
        #expect(index.search("ОШИБКИ", limit: 9) == [1])
        #expect(index.search("file", limit: 9) == [2])
        #expect(index.search("weather", limit: 9).isEmpty && index.search("", limit: 9).isEmpty)
        #expect(ToolIndex([]).search("x", limit: 1).isEmpty)
    }

    @Test func `a client's search answers with deferred tools in their namespaces, which can be called then`()
        async throws
    {
        let source = StockedSource("forge", Self.many("forge"))
        let world = try await ToolWorld(sources: [source], search: .init(mode: .client))
        #expect(await world.tools.takeNewTools().isEmpty)
        let answers = try await world.answer(.search("create an issue"))
        let found = try #require(answers.first?.json?["tools"]?.elements.first { _ in true })
        #expect(found["type"]?.string == "namespace" && found["name"]?.string == "forge")
        let functions = try #require(found["tools"])
        #expect(functions.elements.contains { $0["name"]?.string == "create_issue" })
        #expect(functions.elements.allSatisfy { $0["defer_loading"]?.bool == true })
        let called = try await world.answer(
            .function("create_issue", #""{\"repository\":\"r\"}""#, in: "forge"))
        #expect(called[0].json?["output"]?.string == #"create_issue {"repository":"r"}"#)
        #expect(world.events.lines.contains { $0.contains("create_issue") })
    }

    @Test func `by functions a tool is found, and called through another or by its joined name`() async throws {
        let source = StockedSource("forge", Self.many("forge"))
        let world = try await ToolWorld(sources: [source], search: .init(mode: .function))
        func text(_ call: ToolWorld.Call) async throws -> String? {
            try await world.answer(call).first?.json?["output"]?.string
        }
        let found = try #require(try await text(.function("find_tools", #""{\"query\":\"labels\"}""#)))
        #expect(found.hasPrefix("forge__") && found.contains("_label: Can") && found.contains("arguments: {"))
        let use = #""{\"tool\":\"forge__get_label\",\"arguments\":{\"repository\":\"r\"}}""#
        #expect(try await text(.function("use_tool", use)) == #"get_label {"repository":"r"}"#)
        let direct = ToolWorld.Call.function("forge__get_label", #""{\"repository\":\"r\"}""#)
        #expect(try await text(direct) == #"get_label {"repository":"r"}"#)
        let bad = #""{\"tool\":\"forge__get_label\",\"arguments\":{}}""#
        #expect(try await text(.function("use_tool", bad)) == #"get_label was not called: "repository" is missing"#)
        let none = #""{\"tool\":\"forge__fly\",\"arguments\":{}}""#
        #expect(try await text(.function("use_tool", none))?.contains("look for it with find_tools") == true)
    }

    @Test func `a call waits for the source that may still bring the tool`() async throws {
        let source = StockedSource("forge")
        let world = try await ToolWorld(sources: [source])
        async let answer = world.answer(.function("late", #""{}""#, in: "forge"))
        source.bring([Echo("late", in: "forge")])
        #expect(try await answer[0].json?["output"]?.string == "late {}")
        let unknown = try await world.answer(.function("other", #""{}""#, in: "forge"))
        let words = unknown[0].json?["output"]?.string
        #expect(words?.hasPrefix(#"there is no tool named "forge.other"; there are shell"#) == true)
        #expect(words?.hasSuffix("late") == true)
        source.end()
    }

    @Test func `a list that changes is given once more with what is new in it`() async throws {
        let source = StockedSource("forge", isAwaited: true, [Echo("one", in: "forge")])
        let world = try await ToolWorld(sources: [source])
        #expect(await world.tools.takeNewTools().count == 1)
        #expect(await world.tools.takeNewTools().isEmpty)
        source.bring([Echo("one", in: "forge"), Echo("two", in: "forge")])
        // The call waits for nothing, so the list may come a moment later.
        while await world.tools.takeNewTools().isEmpty { await Task.yield() }
        await world.tools.close()
        #expect(source.closeCount == 1)
    }

    @Test func `a source that ends without a list holds nothing up`() async throws {
        let source = StockedSource("forge", isAwaited: true)
        let world = try await ToolWorld(sources: [source])
        source.end()
        #expect(await world.tools.takeNewTools().isEmpty)
        #expect(try await world.answer(.search("x"))[0].json?["tools"]?.rawText == "[]")
    }
}
