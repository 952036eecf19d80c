import Configuration
import Foundation
import JSON
import Responses
import Sandbox
import Session
import Synchronization
import TestSupport
import Testing

@testable import Tools

private func request(
    _ command: String = "npm ci", _ hosts: [String] = [], all: Bool = false, write: [String] = []
) -> ApprovalRequest {
    let network: CommandRights.Network? = all ? .all : hosts.isEmpty ? nil : .hosts(hosts.compactMap(HostPattern.init))
    return ApprovalRequest(
        command: command, reason: "r", rights: CommandRights(network: network, writablePaths: write))
}

@Suite struct ApprovalTests {
    private static func rule(_ text: String) throws -> ApprovalRule {
        try #require(try Settings(toml: text, name: "f").rules.first)
    }

    @Test(
        arguments: [
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci", ["registry.npmjs.org"]), true),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci --omit=dev", ["a.npmjs.org"]), true),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm cinema", ["a.npmjs.org"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci; curl x", ["a.npmjs.org"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci\ncurl x", ["a.npmjs.org"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci $(id)", ["a.npmjs.org"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci `id`", ["a.npmjs.org"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci | sh", ["a.npmjs.org"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci > x", ["a.npmjs.org"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("X=1 npm ci", ["a.npmjs.org"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci", ["evil.com"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci", ["a.npmjs.org", "b.com"]), false),
            ("command = \"npm ci\"\nnetwork = [\"*.npmjs.org\"]", request("npm ci", all: true), false),
            ("command = \"npm ci\"\nnetwork = [\"a.org\"]", request("npm ci", ["a.org"], write: ["/srv"]), false),
            ("network = [\"a.org:443\"]", request("x; y", ["a.org:443"]), true),
            ("network = [\"a.org:443\"]", request("x", ["a.org"]), false),
            ("network = \"all\"", request("x | y", all: true), true),
            ("write = [\"/srv\"]", request("x", write: ["/srv/a"]), true),
            ("write = [\"/srv\"]", request("x", write: ["/srvx"]), false),
            ("write = [\"~/c\"]", request("x", write: ["/h/c/d"]), true),
        ])
    func `a rule that approves covers all that is asked for`(
        _ text: String, _ wanted: ApprovalRequest, _ takes: Bool
    )
        throws
    {
        #expect(try Self.rule("[[approve]]\n" + text).decides(wanted.command, with: wanted.rights, home: "/h") == takes)
    }

    @Test(
        arguments: [
            ("command = \"curl\"", request("curl x", ["a.org"]), true),
            ("command = \"curl\"", request("cd a && /usr/bin/curl x", ["a.org"]), true),
            ("command = \"curl\"", request("sh -c 'curl x'", ["a.org"]), true),
            ("command = \"curl\"", request("$(curl x)", ["a.org"]), true),
            ("command = \"curl\"", request("c\\u''rl x", ["a.org"]), true),
            ("command = \"curl\"", request("curly x", ["a.org"]), false),
            ("network = [\"*.evil.com\"]", request("x", ["a.evil.com:443"]), true),
            ("network = [\"a.evil.com:443\"]", request("x", ["*.evil.com"]), true),
            ("network = [\"a.evil.com:443\"]", request("x", ["a.evil.com:80"]), false),
            ("network = [\"*.evil.com\"]", request("x", all: true), true),
            ("network = \"all\"", request("x", ["a.org"]), true),
            ("network = \"all\"", request("x", write: ["/srv"]), false),
            ("write = [\"/srv/a\"]", request("x", write: ["/srv"]), true),
            ("write = [\"/srv/a\"]", request("x", write: ["/srv/b"]), false),
            ("command = \"curl\"\nnetwork = [\"a.org\"]", request("curl x", ["b.org"]), false),
        ])
    func `a rule that denies is met by any part`(_ text: String, _ wanted: ApprovalRequest, _ takes: Bool) throws {
        #expect(try Self.rule("[[deny]]\n" + text).decides(wanted.command, with: wanted.rights, home: "/h") == takes)
    }

    @Test(arguments: [
        ("[[approve]]\ncommand = \"x\"", "f: approve must name what it is about"),
        ("[[approve]]\nnetwork = [\"a b\"]", "f: approve.network must be"),
        ("[[approve]]\nnetwork = []", "f: approve.network must be"),
        ("[[approve]]\nwrite = [\"x\"]", "f: approve.write must be"),
        ("[[deny]]\ncommand = \"\"", "f: deny.command must be"), ("[[deny]]\nhosts = 1", "f: unknown key deny.hosts"),
        ("[[deny]]", "f: deny must name"), ("deny = 1", "f: deny must be written as [[deny]]"),
        ("approvals = \"yes\"", "f: approvals must be"), ("policy = 1", "f: policy must be a string"),
        ("[sandbox]\nnetwork = \"x\"", "f: sandbox.network must be"), ("sandbox = 1", "f: sandbox must be a table"),
        ("policy = \"network\"\n[sandbox]", "f: policy and [sandbox] exclude each other"),
    ])
    func `a slip in a rule or policy is an error with its place`(_ text: String, _ message: String) {
        let error = #expect(throws: ConfigurationError.self) { try Settings(toml: text, name: "f") }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    private func desk(
        _ rules: String = "", _ log: EventLog = EventLog(), earlier: [ApprovalReport] = [],
        patience: Duration = .seconds(300), ask: ApprovalQuestion? = nil
    ) async throws -> ApprovalGate {
        let sandbox = try await Sandbox.probe(mode: .off, policy: SandboxPolicy(workingTree: "/tmp"), searchPath: "")
        return ApprovalGate(
            bounds: ApprovalBounds(sandbox, home: "/h", folders: []), rules: try Settings(toml: rules, name: "f").rules,
            ask: ask, earlier: earlier, patience: patience, events: log.journal)
    }

    @Test func `without anybody to ask the answer is no at once, and both events are there`() async throws {
        let log = EventLog()
        #expect(try await desk("", log).decide(request()) == ApprovalDecision(.no, by: .headless))
        #expect(log.names == ["approval.requested", "approval.decided"])
    }

    @Test func `a rule that denies wins over one that approves, and over the person`() async throws {
        let rules = "[[approve]]\nnetwork = \"all\"\n[[deny]]\nnetwork = [\"evil.com\"]"
        let desk = try await desk(rules) { _ in .session }
        #expect(await desk.decide(request("x", ["evil.com"])) == ApprovalDecision(.no, by: .rule))
        #expect(await desk.decide(request("x", ["a.org"])) == ApprovalDecision(.once, by: .rule))
        #expect(await desk.decide(request("x", write: ["/srv"])) == ApprovalDecision(.session, by: .person))
    }

    @Test func `what is allowed for the session is not asked again, and nothing wider is`() async throws {
        let asked = Mutex(0)
        let desk = try await desk { _ in
            asked.withLock { $0 += 1 }
            return .session
        }
        for _ in 0..<3 { _ = await desk.decide(request("x", ["a.org", "b.org"])) }
        _ = await desk.decide(request("x", ["a.org"]))
        #expect(asked.withLock { $0 } == 1)
        _ = await desk.decide(request("y", ["a.org"]))
        _ = await desk.decide(request("x", all: true))
        #expect(asked.withLock { $0 } == 3)
    }

    @Test(arguments: [
        (request("x", ["a.org", "b.org:443"]), request("x", ["a.org"]), true),
        (request("x", ["a.org"]), request("x", ["a.org", "c.org"]), false),
        (request("x", ["a.org"]), request("y", ["a.org"]), false),
        (request("x", all: true), request("x", ["c.org"]), true),
        (request("x", write: ["/srv"]), request("x", write: ["/srv/a"]), true),
        (request("x", write: ["/srv"]), request("x", ["a.org"], write: ["/srv"]), false),
    ])
    func `what was allowed for the session before it was stopped holds, and nothing wider`(
        _ allowed: ApprovalRequest, _ wanted: ApprovalRequest, _ holds: Bool
    ) async throws {
        let decision = try await desk("", earlier: [allowed.report]).decide(wanted)
        #expect(decision == (holds ? ApprovalDecision(.session, by: .person) : ApprovalDecision(.no, by: .headless)))
        let denying = try await desk("[[deny]]\nnetwork = \"all\"\nwrite = [\"/\"]", earlier: [allowed.report])
        #expect(await denying.decide(wanted).answer == .no)
    }

    /// Waits as the prompt does: until it is cancelled.
    private static func silent() async -> ApprovalAnswer? {
        let (end, continuation) = AsyncStream<Void>.makeStream()
        await withTaskCancellationHandler {
            for await _ in end {}
        } onCancel: {
            continuation.finish()
        }
        return .no
    }

    @Test(.timeLimit(.minutes(1)))
    func `without an answer in time nobody is there, and the question is closed`() async throws {
        final class End: Sendable { let isThere = Mutex(false) }
        let end = End()
        let log = EventLog()
        let desk = try await desk("", log, patience: .milliseconds(20)) { _ in
            let answer = await Self.silent()
            end.isThere.withLock { $0 = true }
            return answer
        }
        #expect(await desk.decide(request()) == ApprovalDecision(.no, by: .headless))
        #expect(end.isThere.withLock { $0 })
        #expect(log.names == ["approval.requested", "approval.decided"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `an answer in time ends the waiting`() async throws {
        let desk = try await desk { _ in .once }
        #expect(await desk.decide(request()) == ApprovalDecision(.once, by: .person))
    }

    @Test(.timeLimit(.minutes(1)))
    func `a question that is interrupted is the person's no`() async throws {
        let (begun, continuation) = AsyncStream<Void>.makeStream()
        let desk = try await desk { _ in
            continuation.finish()
            return await Self.silent()
        }
        let decision = Task { await desk.decide(request()) }
        for await _ in begun {}
        decision.cancel()
        #expect(await decision.value == ApprovalDecision(.no, by: .person))
    }

    @Test func `five minutes is how long a person has`() {
        #expect(ApprovalGate.patience == .seconds(300))
    }

    @Test func `what was allowed once is asked again`() async throws {
        let asked = Mutex(0)
        let desk = try await desk { _ in
            asked.withLock { $0 += 1 }
            return .once
        }
        for _ in 0..<2 { _ = await desk.decide(request()) }
        #expect(asked.withLock { $0 } == 2)
    }

    @Test(arguments: [
        #"{}"#, #"{"command":"x"}"#, #"{"command":"","reason":"r","network":"all"}"#,
        #"{"command":"x","reason":"r"}"#, #"{"command":"x","reason":"r","network":[]}"#,
        #"{"command":"x","reason":"r","network":["http://a.org/"]}"#, #"{"command":"x","reason":"r","network":[1]}"#,
        #"{"command":"x","reason":"r","network":{}}"#, #"{"command":"x","reason":"r","network":7,"write":["/a"]}"#,
        #"{"command":"x","reason":"r","write":[1]}"#, #"{"command":"x","reason":"r","write":{"a":"/b"}}"#,
        #"{"command":"x\u0000","reason":"r","network":"all"}"#, #"{"command":["x"],"reason":"r","network":"all"}"#,
    ])
    func `a call that cannot be meant is refused with a reason`(_ arguments: String) throws {
        let json = try JSON(arguments)
        let refusal = #expect(throws: ToolRefusal.self) { try PermissionCall(json) }
        #expect(refusal?.message.isEmpty == false)
    }

    @Test func `the tool is the same bytes for every kind of server`() {
        for profile in [ProviderProfile.openai, .compatible] {
            let tools = ToolCatalog(ToolCatalog.standard(ordersSteps: true), for: profile)
            let definition = RunWithPermission().definition
            #expect((tools.always + tools.history).filter { "\($0)" == "\(definition)" }.count == 1)
        }
    }
}
