import JSON
import Responses
import Session
import Synchronization

@testable import Tools

/// A source whose lists a test puts in.
final class StockedSource: ToolSource {
    /// A tool that answers with its name and arguments.
    struct Echo: Tool {
        let name: String
        let namespace: ToolNamespace?
        let effect = ToolEffect.none
        let placement = ToolPlacement.onDemand
        let reach = ToolReach.network
        let definition: ToolDefinition
        let argumentSchema: JSON?

        init(_ name: String, in space: String, _ description: String = "", _ schema: String = #"{"type":"object"}"#) {
            self.name = name
            namespace = ToolNamespace(name: space, description: "Tools of \(space).")
            definition = .function(name: name, description: description, parameters: schema, isStrict: false)
            argumentSchema = try? JSON(schema)
        }

        func title(of call: ToolCall) -> String? { name }

        func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
            guard case .function(_, let arguments) = call.request else { throw ToolRefusal("no function") }
            return .text("\(name) \(arguments.rawText)")
        }
    }

    let name: String
    let isAwaited: Bool
    private let stream: AsyncStream<[any Tool]>
    private let put: AsyncStream<[any Tool]>.Continuation
    private let closings = Mutex(0)

    init(_ name: String, isAwaited: Bool = false, _ tools: [any Tool]? = nil) {
        self.name = name
        self.isAwaited = isAwaited
        (stream, put) = AsyncStream.makeStream()
        if let tools { put.yield(tools) }
    }

    var closeCount: Int { closings.withLock { $0 } }

    func lists() -> AsyncStream<[any Tool]> { stream }

    /// The next list.
    func bring(_ tools: [any Tool]) { put.yield(tools) }

    /// No further list comes.
    func end() { put.finish() }

    func close() async { closings.withLock { $0 += 1 } }
}
