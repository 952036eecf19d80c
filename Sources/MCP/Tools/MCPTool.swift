import Configuration
import JSON
import OS
import Responses
import Sandbox
import Session
import Text
import Tools
import Workspace

/// A tool of a server.
struct MCPTool: Tool {
    let name: String
    let namespace: ToolNamespace?
    let definition: ToolDefinition
    let argumentSchema: JSON?
    let placement = ToolPlacement.onDemand
    let effect: ToolEffect
    let reach: ToolReach
    let timeLimit: Duration?
    private let tool: OfferedTool
    private let caller: ServerCaller

    init(_ name: String, _ tool: OfferedTool, in namespace: ToolNamespace, of caller: ServerCaller) {
        self.name = name
        self.namespace = namespace
        self.tool = tool
        self.caller = caller
        definition = .function(
            name: name, description: tool.description, parameters: tool.parameters, isStrict: false)
        // It was made of JSON.
        argumentSchema = try? JSON(tool.parameters)
        (effect, reach, timeLimit) = (caller.effect, caller.reach, caller.running.callLimit)
    }

    func title(of call: ToolCall) -> String? { caller.title(tool.name, call) }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        guard case .function(_, let arguments) = call.request else {
            throw ToolRefusal("\(name) takes a JSON object of arguments")
        }
        try await caller.requireApproval(of: tool.name, arguments, in: context)
        await caller.begin(tool.name, in: context)
        return try await caller.answer(in: context) { onProgress async throws(MCPError) in
            try await caller.running.call(tool, arguments: arguments, onProgress: onProgress)
        }
    }
}

/// What the tools of one server share.
struct ServerCaller: Sendable {
    let running: RunningServer
    /// The folder for answers that are too long for the model; nil to keep none.
    let logs: String?
    let effect: ToolEffect
    let reach: ToolReach
    private let host: HostPattern?

    /// The most bytes of an answer that the model gets at once.
    private static let textLimit = 16 * 1024

    init(_ running: RunningServer, in place: ServerPlace) {
        self.running = running
        logs = place.logs
        switch running.server.place {
        case .url(let remote):
            (effect, reach) = (.none, .network)
            host = Self.host(of: remote.url)
        case .command:
            // Patches of the same response are in the tree that it reads.
            effect = .runs
            host = nil
            let granted = try? running.server.profile(home: place.home)
            let hasNetwork = (granted?.network ?? SandboxProfile.Network.none) > .loopback
            reach = !Rung.ladder.contains(place.sandbox.rung) ? .machine : hasNetwork ? .network : .tree
        }
    }

    /// A call on one line.
    func title(_ tool: String, _ call: ToolCall) -> String {
        let name = "\(running.server.name).\(tool.bounded(80))"
        guard case .function(_, let arguments) = call.request else { return name }
        return running.masked("\(name) \(arguments.rawText.bounded(200))")
    }

    /// Has a call allowed where the definition asks for that.
    func requireApproval(
        of tool: String, _ arguments: JSON, in context: ToolContext
    ) async throws(ToolRefusal) {
        let server = running.server
        guard server.asksForCalls else { return }
        let reason =
            switch server.origin {
            case .user: "the configuration of the MCP server \(server.name) asks for that"
            case .repository(let file), .otherAgent(let file): "the MCP server \(server.name) is of \(file)"
            }
        try await context.requireApproval(
            of: "\(server.name).\(tool.bounded(80))", arguments.rawText.bounded(1500), reason: reason, host: host)
    }

    /// Prepares for changes of the tree where the server may make some.
    func begin(_ tool: String, in context: ToolContext) async {
        guard effect == .runs else { return }
        let server = running.server
        let mayWrite = (try? server.policy?.profile(home: "/"))?.isTreeWritable == true || reach == .machine
        await context.steps?.begin(mayWrite ? ["mcp \(server.name) \(tool.bounded(80))"] : [])
    }

    /// Asks the server, and makes its answer one for the model.
    func answer(
        in context: ToolContext,
        _ ask: (_ onProgress: @escaping @Sendable (String) -> Void) async throws(MCPError) -> ResultContent
    ) async throws(ToolRefusal) -> ToolAnswer {
        let (events, item, running) = (context.events, context.itemID, running)
        let content: ResultContent
        do throws(MCPError) {
            content = try await ask { words in
                events.record(.progress(.output(of: item, Array((running.masked(words) + "\n").utf8))))
            }
        } catch {
            throw ToolRefusal("the MCP server \(running.server.name): \(error.description)")
        }
        if content.isError { throw ToolRefusal(shortened(content.text, in: context)) }
        var parts = content.parts.map { part -> ContentPart in
            switch part {
            case .text(let text): .text(text)
            case .image(let url): .image(url: url)
            }
        }
        // What is text alone needs no parts.
        guard parts.contains(where: { if case .image = $0 { true } else { false } }) else {
            return .text(shortened(content.text, in: context))
        }
        let texts = content.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
        if texts.reduce(0, { $0 + $1.utf8.count }) > Self.textLimit {
            parts = parts.filter { if case .image = $0 { true } else { false } }
            parts.insert(.text(shortened(texts.joined(separator: "\n"), in: context)), at: 0)
        }
        return .content(parts)
    }

    /// A text within what the model gets at once; the whole one is kept, and read by its name.
    private func shortened(_ text: String, in context: ToolContext) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count > Self.textLimit else { return text }
        var output = CapturedOutput()
        (output.totalBytes, output.head) = (bytes.count, bytes)
        output.lineCount = bytes.reduce(0) { $1 == 0x0A ? $0 + 1 : $0 }
        var handle: String?
        if let logs, let name = context.itemID {
            do throws(SystemError) {
                try FileDraft("\(logs)/\(name).stdout", mode: 0o600).write(bytes)
                handle = name
            } catch {
                context.events.record(.notice("an answer of \(running.server.name) is not kept whole: \(error)"))
            }
        }
        return OutputTruncation(byteLimit: Self.textLimit, handle: handle).render(output)
    }

    private static func host(of url: String) -> HostPattern? {
        let rest = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        return HostPattern(String(rest))
    }
}
