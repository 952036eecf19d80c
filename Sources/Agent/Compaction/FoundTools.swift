import JSON
import Responses
import Tools

/// What a compaction keeps of the tools that came on the way: without their definitions they cannot be called again.
///
/// What Graft has answered to a search itself becomes an item that adds the tools. A search of the server's, and one by
/// a function, stay as they were, with the reasoning that led to them.
struct FoundTools {
    private let kept: Set<Int>

    /// Looks through the part of a history that is compacted.
    init(in items: [Item]) {
        let answered = Set(items.filter(\.isOutput).compactMap(\.callID))
        let calls = Set(items.filter { Self.isFunctionSearch($0) }.compactMap(\.callID)).intersection(answered)
        var kept: Set<Int> = []
        for (index, item) in items.enumerated() {
            let isServers = item.callID == nil && ["tool_search_call", "tool_search_output"].contains(item.type)
            guard isServers || calls.contains(item.callID ?? "") else { continue }
            kept.insert(index)
            var before = index - 1
            while before >= 0, items[before].type == "reasoning" {
                kept.insert(before)
                before -= 1
            }
        }
        self.kept = kept
    }

    /// What becomes of an item; nil for one that the compaction stands for.
    func kept(_ item: Item, at index: Int) -> Item? {
        // Without the list of an MCP server's tools, the model's server would ask for it again with every request.
        if [Item.toolsType, HostedType.mcpTools.rawValue].contains(item.type) || kept.contains(index) { return item }
        guard item.type == "tool_search_output", item.callID != nil, let tools = item.json?["tools"] else { return nil }
        return tools.elements.first { _ in true } == nil ? nil : Self.adding(tools)
    }

    private static func isFunctionSearch(_ item: Item) -> Bool {
        item.type == "function_call" && item.json?["name"]?.string == ToolCatalog.searchFunction
    }

    /// Adds tools that were found, which need not be found again.
    private static func adding(_ tools: JSON) -> Item {
        Item(type: Item.toolsType) {
            $0.member("role", "developer")
            $0.key("tools")
            write(tools, into: &$0)
        }
    }

    private static func write(_ json: JSON, into writer: inout JSONWriter) {
        switch json.kind {
        case .array: writer.array { for element in json.elements { write(element, into: &$0) } }
        case .object:
            writer.object {
                for member in json.members where member.key != "defer_loading" {
                    $0.key(member.key)
                    // A schema may have a property of that name.
                    if member.key == "tools" { write(member.value, into: &$0) } else { $0.value(member.value) }
                }
            }
        default: writer.value(json)
        }
    }
}
