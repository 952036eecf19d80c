import JSON
import Responses
import Synchronization

/// The tools that are not known at the start: those of sources, with what the model has got of them.
///
/// All sources begin side by side. What they have is given to the model between its turns, behind what it knows
/// already, so that the beginning of the history stays the same.
public final class ToolShelf: ToolFinder {
    private struct Row {
        let source: any ToolSource
        var tools: [any Tool] = []
        /// Whether there was a first list, or will be none.
        var isKnown = false
        /// Whether the model has got what there is.
        var isGiven = false
        /// The names that the model knows.
        var given: Set<String> = []
    }

    private struct State {
        var rows: [Row]
        var placing: ToolPlacing
        var index: (tools: [any Tool], index: ToolIndex)?
        var waiters: [CheckedContinuation<Void, Never>] = []
        var tasks: [Task<Void, Never>] = []
    }

    private let state: Mutex<State>

    /// Makes a shelf of sources; nothing begins before `start`.
    ///
    /// - Parameter given: The items of the history that have added tools, if a session goes on.
    init(_ sources: [any ToolSource], _ placing: ToolPlacing, given: [Item]) {
        var placing = placing
        var names: Set<String> = []
        for item in given {
            placing.count(item)
            for tool in item.json?["tools"].map({ Array($0.elements) }) ?? [] {
                let space = tool["name"]?.string ?? ""
                names.insert(space)
                for member in tool["tools"].map({ Array($0.elements) }) ?? [] {
                    names.insert("\(space) \(member["name"]?.string ?? "")")
                }
            }
        }
        state = Mutex(State(rows: sources.map { Row(source: $0, given: names) }, placing: placing))
    }

    /// Begins all sources; does not wait.
    public func start() {
        let sources = state.withLock { $0.rows.map(\.source) }
        let tasks = sources.enumerated().map { index, source in
            Task {
                for await tools in source.lists() { put(tools, at: index) }
                finish(index)
            }
        }
        state.withLock { $0.tasks = tasks }
    }

    /// Ends all sources.
    public func close() async {
        let (sources, tasks) = state.withLock { ($0.rows.map(\.source), $0.tasks) }
        for task in tasks { task.cancel() }
        await withTaskGroup(of: Void.self) { group in
            for source in sources { group.addTask { await source.close() } }
        }
        for index in sources.indices { finish(index) }
    }

    /// What has come since the last time, as definitions for the history.
    ///
    /// - Parameter waitsForAll: Whether to wait for all sources and not only for those that are awaited.
    func takeNew(waitsForAll: Bool) async -> [ToolDefinition] {
        await wait { rows in rows.allSatisfy { $0.isKnown || !(waitsForAll || $0.source.isAwaited) } }
        return state.withLock { state in
            var definitions: [ToolDefinition] = []
            for index in state.rows.indices where state.rows[index].isKnown && !state.rows[index].isGiven {
                state.rows[index].isGiven = true
                let row = state.rows[index]
                for tools in ToolPlacing.grouped(row.tools) {
                    let names = state.placing.names(of: tools)
                    guard !names.isSubset(of: row.given) else { continue }
                    state.rows[index].given.formUnion(names)
                    definitions += state.placing.place(tools)
                }
            }
            return definitions
        }
    }

    /// The tool that a call names, after a wait for a source that may still bring it; nil if there is none.
    func tool(_ name: String, in space: String?) async -> (any Tool)? {
        if let tool = known(name, in: space) { return tool }
        let mayCome = { @Sendable (row: Row) in
            !row.isKnown && (space ?? name).hasPrefix(row.source.name)
        }
        guard state.withLock({ $0.rows.contains(where: mayCome) }) else { return nil }
        await wait { rows in !rows.contains(where: mayCome) }
        return known(name, in: space)
    }

    /// The tool of a name among those that have come.
    func known(_ name: String, in space: String?) -> (any Tool)? {
        let tools = state.withLock { $0.rows.flatMap(\.tools) }
        return tools.first { tool in
            guard let own = tool.namespace?.name else { return space == nil && tool.name == name }
            // A part of a divided namespace begins with the whole one's name.
            if let space { return tool.name == name && (space == own || space.hasPrefix(own + "__")) }
            return ToolPlacing.joinedName(own, tool.name) == name || "\(own).\(tool.name)" == name
        }
    }

    /// The tools that fit a search, best first, after a wait for all sources.
    func search(_ query: String, limit: Int) async -> [any Tool] {
        await wait { rows in rows.allSatisfy(\.isKnown) }
        let (tools, index) = state.withLock { state -> ([any Tool], ToolIndex) in
            if let made = state.index { return made }
            let tools = state.rows.flatMap(\.tools)
            let made = (tools, ToolIndex(tools))
            state.index = made
            return made
        }
        return index.search(query, limit: limit).map { tools[$0] }
    }

    /// All names that have come, for a message.
    var names: [String] { state.withLock { $0.rows.flatMap(\.tools).map(\.name) } }

    private func put(_ tools: [any Tool], at index: Int) {
        let waiters = state.withLock { state in
            state.rows[index].tools = tools
            (state.rows[index].isKnown, state.rows[index].isGiven) = (true, false)
            state.index = nil
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// No list will come any more.
    private func finish(_ index: Int) {
        let waiters = state.withLock { state in
            state.rows[index].isKnown = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until the rows are so, or the task is cancelled.
    private func wait(until isSo: @escaping @Sendable ([Row]) -> Bool) async {
        while !Task.isCancelled {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isDone = state.withLock { state in
                        if isSo(state.rows) || Task.isCancelled { return true }
                        state.waiters.append(continuation)
                        return false
                    }
                    if isDone { continuation.resume() }
                }
            } onCancel: {
                let waiters = state.withLock { state in
                    defer { state.waiters = [] }
                    return state.waiters
                }
                for waiter in waiters { waiter.resume() }
            }
            if state.withLock({ isSo($0.rows) }) { return }
        }
    }
}
