import Configuration
import Responses
import Session
import Synchronization
import TestSupport
import Testing

@testable import Tools

/// The answers to the model's server when it asks whether it may call a tool of an MCP server.
@Suite struct ServerApprovalTests {
    private final class Recorder: EventSink {
        let events = Mutex<[RunEvent]>([])
        func record(_ event: RunEvent) { events.withLock { $0.append(event) } }
        func nextItemID() -> String { "item" }
        var kinds: [RunEvent.Kind?] { events.withLock { $0.map(\.kind) } }
    }

    private let recorder = Recorder()

    private func call(_ tool: String, server: String = "docs", arguments: String = "{}") throws -> ToolCall {
        let json = #"{"type":"mcp_approval_request","id":"mcpr_1","server_label":"\#(server)","name":"\#(tool)","#
        return try #require(ToolCall(try Item(Array((json + #""arguments":"\#(arguments)"}"#).utf8))))
    }

    private var approval: ServerApproval {
        var docs = RemoteServer()
        (docs.approved, docs.denied) = (.all, .some(["write"]))
        return ServerApproval(["docs": docs])
    }

    private func answer(
        _ approval: ServerApproval, _ call: ToolCall, gate: ApprovalGate? = nil
    ) async -> (isApproved: Bool, reason: String?) {
        guard case .approval(let isApproved, let reason) = await approval.answer(call, gate: gate, events: recorder)
        else {
            return (false, "another answer")
        }
        return (isApproved, reason)
    }

    @Test func `the configuration decides by server and tool, and a no wins`() async throws {
        #expect(await answer(approval, try call("search")) == (true, nil))
        let refused = await answer(approval, try call("write"))
        #expect(!refused.isApproved && refused.reason?.hasPrefix("The user's configuration refuses") == true)
        let unknown = await answer(approval, try call("search", server: "other"))
        #expect(!unknown.isApproved && unknown.reason?.hasPrefix("Nobody is there") == true)
        #expect(recorder.kinds == [.approvalRequested, .approvalDecided, .approvalRequested, .approvalDecided])
    }

    @Test func `an answer for the session is about all calls of the tool, and no other`() async throws {
        let asked = Mutex<[ApprovalRequest]>([])
        let ask: ApprovalQuestion = { request in
            asked.withLock { $0.append(request) }
            return request.tool == "docs.search" ? .session : .once
        }
        let gate = ApprovalGate(bounds: nil, rules: [], ask: ask, events: recorder)
        let plain = ServerApproval([:])
        for tool in ["search", "search", "read", "read"] {
            #expect(
                await answer(plain, try call(tool, arguments: "\(asked.withLock { $0.count })"), gate: gate).isApproved)
        }
        #expect(asked.withLock { $0.map(\.tool) } == ["docs.search", "docs.read", "docs.read"])
    }

    @Test func `what a person is shown is bounded`() async throws {
        let shown = Mutex("")
        let ask: ApprovalQuestion = { request in
            shown.withLock { $0 = request.command }
            return .no
        }
        let gate = ApprovalGate(bounds: nil, rules: [], ask: ask, events: recorder)
        let long = String(repeating: "x", count: 100_000)
        let answer = await answer(ServerApproval([:]), try call(long, arguments: long), gate: gate)
        #expect(!answer.isApproved && answer.reason?.hasPrefix("The person at the terminal refused") == true)
        #expect(shown.withLock { $0.count } < 2000)
    }

    @Test func `no rule about commands approves a call`() async throws {
        let settings = try Settings(toml: "[[approve]]\nnetwork = 'all'\nwrite = ['/x']", name: "f")
        let gate = ApprovalGate(bounds: nil, rules: settings.rules, ask: nil, events: recorder)
        #expect(await !answer(ServerApproval([:]), try call("search"), gate: gate).isApproved)
    }
}
