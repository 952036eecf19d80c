import JSON

extension RequestEncoder {
    /// The name under which the search for tools is dropped.
    static let search = "tool_search"
    /// The name under which the skills of the built-in shell are dropped.
    static let skills = "skills"

    /// An item as a server takes it that has refused the search for tools: nothing of a search, and no tools that only a
    /// search would find; nil if nothing is left.
    func searchable(_ item: Item) -> Item? {
        guard !sends(Self.search) else { return item }
        switch item.type {
        case "tool_search_call", "tool_search_output": return nil
        case Item.toolsType: return Self.withoutDeferred(item)
        default: return item
        }
    }

    /// A definition as such a server takes it, or one that has refused the skills of the shell.
    func searchable(_ tool: ToolDefinition) -> [ToolDefinition] {
        if tool.hasSkills, !sends(Self.skills) { return [.localShell()] + parameters.skillFunctions }
        return tool.isSearch && !sends(Self.search) ? parameters.searchFunctions : [tool]
    }

    private static func withoutDeferred(_ item: Item) -> Item? {
        guard let tools = item.json?["tools"] else { return nil }
        let left = tools.elements.filter { !isDeferred($0) }
        guard !left.isEmpty else { return nil }
        return Item(type: Item.toolsType) {
            $0.member("role", "developer")
            $0.member("tools", array: { for tool in left { $0.value(tool) } })
        }
    }

    /// Whether a tool, or any of a namespace, is there for a search only: a namespace is deferred whole or not at all.
    private static func isDeferred(_ tool: JSON) -> Bool {
        tool["defer_loading"]?.bool == true
            || tool["tools"]?.elements.contains { $0["defer_loading"]?.bool == true } == true
    }
}

extension ToolDefinition {
    /// Whether this is the search for tools.
    var isSearch: Bool { if case .toolSearch = self { true } else { false } }

    /// Whether this is the built-in shell with skills.
    var hasSkills: Bool { if case .localShell(let skills) = self { !skills.isEmpty } else { false } }
}
