import Configuration
import JSON
import Responses

/// Decides which definitions the model gets, and which it finds by a search; pure.
struct ToolPlacing {
    /// The most tools of a namespace: with more, a model picks worse.
    static let namespaceLimit = 10
    private static let descriptionLimit = 400

    let settings: ToolSearchSettings
    /// Whether the server knows namespaces; else names are joined.
    let hasNamespaces: Bool
    /// The tokens of what has been given so far.
    private(set) var spent: Int

    init(_ settings: ToolSearchSettings, hasNamespaces: Bool, spent: Int) {
        self.settings = settings
        self.hasNamespaces = hasNamespaces
        self.spent = spent
    }

    /// What goes into the history for the tools of one namespace; nothing where they are found by a search that Graft
    /// answers itself.
    mutating func place(_ tools: [any Tool]) -> [ToolDefinition] {
        let whole = definitions(of: tools)
        let cost = whole.reduce(0) { $0 + $1.tokenEstimate }
        if spent + cost <= settings.budget {
            spent += cost
            return whole
        }
        return settings.mode == .server ? whole.map(\.deferred) : []
    }

    /// Counts what the history has of an earlier process.
    mutating func count(_ given: Item) {
        guard let tools = given.json?["tools"] else { return }
        for tool in tools.elements where tool["tools"]?.elements.contains(where: Self.isDeferred) != true {
            spent += tool.raw.count / 4 + 1
        }
    }

    private static func isDeferred(_ tool: JSON) -> Bool { tool["defer_loading"]?.bool == true }

    /// All definitions of tools, in the form that the server knows.
    func definitions(of tools: [any Tool]) -> [ToolDefinition] {
        guard hasNamespaces else { return tools.map { Self.joined($0) } }
        var result: [ToolDefinition] = []
        for (space, members) in Self.spaces(of: tools) {
            let functions = members.map(\.definition)
            guard let space else {
                result += functions
                continue
            }
            result.append(.namespace(name: space.name, description: space.description, tools: functions))
        }
        return result
    }

    /// The names under which the history has tools: those of functions behind their namespaces'.
    func names(of tools: [any Tool]) -> Set<String> {
        guard hasNamespaces else {
            return Set(tools.map { tool in tool.namespace.map { Self.joinedName($0.name, tool.name) } ?? tool.name })
        }
        return Set(
            Self.spaces(of: tools).flatMap { space, tools in
                tools.map { tool in space.map { "\($0.name) \(tool.name)" } ?? tool.name }
            })
    }

    /// The definition under the name with its namespace.
    static func joined(_ tool: any Tool) -> ToolDefinition {
        guard let space = tool.namespace,
            case .function(let name, let description, let parameters, let isStrict, _) = tool.definition
        else { return tool.definition }
        return .function(
            name: joinedName(space.name, name), description: description, parameters: parameters, isStrict: isStrict)
    }

    /// A function's name with its namespace, for servers that know none.
    static func joinedName(_ space: String, _ name: String) -> String { String("\(space)__\(name)".prefix(64)) }

    /// The tools by namespace, in their order.
    static func grouped(_ tools: [any Tool]) -> [[any Tool]] {
        var order: [ToolNamespace?] = []
        var members: [ToolNamespace?: [any Tool]] = [:]
        for tool in tools {
            if members[tool.namespace] == nil { order.append(tool.namespace) }
            members[tool.namespace, default: []].append(tool)
        }
        return order.compactMap { members[$0] }
    }

    /// The tools by namespace, in their order; a namespace with many is divided by what the tools work on.
    static func spaces(of tools: [any Tool]) -> [(space: ToolNamespace?, tools: [any Tool])] {
        grouped(tools).flatMap { all -> [(ToolNamespace?, [any Tool])] in
            let space = all.first?.namespace
            guard let space, all.count > namespaceLimit else { return [(space.map { described($0, all) }, all)] }
            return divided(all).map { topic, tools in
                let part = ToolNamespace(
                    name: String("\(space.name)__\(topic)".prefix(64)), description: space.description)
                return (described(part, tools), tools)
            }
        }
    }

    /// Says what is in a namespace, as that is all that the model sees of deferred tools.
    private static func described(_ space: ToolNamespace, _ tools: [any Tool]) -> ToolNamespace {
        let names = tools.map(\.name).joined(separator: ", ")
        let text = space.description.isEmpty ? names : "\(space.description) Tools: \(names)"
        return ToolNamespace(name: space.name, description: short(text))
    }

    private static func short(_ text: String) -> String {
        text.count > descriptionLimit ? text.prefix(descriptionLimit) + "…" : text
    }

    /// Divides tools by the word that most of those share which are not placed yet, such as `issue` or `branch`; what is
    /// left over, and what is still too many, is numbered.
    private static func divided(_ tools: [any Tool]) -> [(topic: String, tools: [any Tool])] {
        var rest = tools
        var parts: [(String, [any Tool])] = []
        while rest.count > namespaceLimit {
            var counts: [String: Int] = [:]
            for tool in rest { for word in Set(ToolIndex.words(of: tool.name)) { counts[word, default: 0] += 1 } }
            let usable = counts.filter { $0.value > 1 && $0.value < rest.count }
            guard let topic = usable.min(by: { ($1.value, $0.key) < ($0.value, $1.key) })?.key else { break }
            let isMember = { (tool: any Tool) in ToolIndex.words(of: tool.name).contains(topic) }
            parts.append((name(topic), rest.filter(isMember)))
            rest.removeAll(where: isMember)
        }
        if !rest.isEmpty { parts.append(("more", rest)) }
        return parts.flatMap { topic, tools -> [(String, [any Tool])] in
            guard tools.count > namespaceLimit else { return [(topic, tools)] }
            return stride(from: 0, to: tools.count, by: namespaceLimit).enumerated().map { number, start in
                ("\(topic)\(number + 1)", Array(tools[start..<min(start + namespaceLimit, tools.count)]))
            }
        }
    }

    /// A word as a part of a name.
    private static func name(_ word: String) -> String {
        let plain = word.utf8.filter { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        return plain.isEmpty ? "part" : String(decoding: plain, as: UTF8.self)
    }
}
