import Foundation
import Repository
import Responses
import Sandbox
import Session
import TestSupport
import Testing
import Workspace

@testable import Tools

/// A command that was allowed more, on every rung: it has just these rights, and the next one has none of them.
@Suite(.serialized) struct ApprovalRungTests {
    // In the home folder: a sandbox has a /tmp of its own.
    private let fixture: GitFixture
    private var root: String { fixture.folder }
    private var tree: String { fixture.root }

    init() throws {
        fixture = try GitFixture(["README": ""], in: ProcessInfo.processInfo.environment["HOME"] ?? "/root")
    }

    private func context(
        _ rung: Rung, answer: ApprovalAnswer, change: (inout SandboxPolicy) throws -> Void = { _ in }
    ) async throws -> ToolContext {
        for folder in ["outside", "home/.ssh"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        try fixture.write("id", "private", at: root + "/home/.ssh")
        let session = SessionID("s")
        let (repository, base, folder) = try ToolWorld.open(fixture, session)
        let working = try repository.addWorkingTree(at: folder.tree, reference: session.steps, commit: base)
        let search = fixture.environment["PATH"] ?? ""
        var policy = SandboxPolicy(workingTree: working.root)
        policy.readOnlyPaths = [tree + "/.git"]
        policy.hiddenPaths = [root + "/home/.ssh"]
        try change(&policy)
        let sandbox = try await Sandbox.probe(policy: policy, searchPath: search, rungs: [rung])
        let events = RecordedEvents()
        let shell = ShellRunner(
            sandbox: sandbox, environment: SandboxEnvironment.build(from: ["PATH": search], home: root + "/home"),
            folder: folder, events: events, longestTimeout: .seconds(60))
        let desk = ApprovalGate(
            bounds: ApprovalBounds(sandbox, home: root + "/home", folders: [root + "/state"]), rules: [],
            ask: { _ in answer }, patience: .seconds(60), events: events)
        let steps = StepWriter(
            tree: working, session: session,
            messages: StepMessage(session: session, model: "m", hasAttribution: false), events: events,
            signature: { [author = fixture.author] in author }, known: [])
        return ToolContext(
            callID: "c", turn: 1, shell: shell, commands: RunningCommands(shell), approvals: desk, steps: steps,
            events: events, shelf: nil, itemID: nil)
    }

    /// What the model reads of a call.
    private func answer(_ call: PermissionCall, _ context: ToolContext) async throws -> String {
        do throws(ToolRefusal) { return text(try await RunWithPermission().run(call, in: context)) } catch {
            return error.message
        }
    }

    private func text(_ answer: ToolAnswer) -> String {
        guard case .shell(let reports, _) = answer else { return "\(answer)" }
        return "\(reports)"
    }

    private func allowed(_ line: String, all: Bool = false, paths: [String] = []) -> PermissionCall {
        PermissionCall(command: line, reason: "r", wantsAllNetwork: all, paths: paths)
    }

    @Test(arguments: await Rung.tested)
    func `it may read what it was allowed to, and the next one may not`(_ rung: Rung) async throws {
        let context = try await context(rung, answer: .once) { policy in
            try fixture.write("settings", "open", at: root + "/home/tool")
            try fixture.write("token", "closed", at: root + "/home/tool")
            policy.closedFolders = [root + "/home"]
        }
        let home = root + "/home"
        let line = "cat \(home)/tool/settings; cat \(home)/tool/token \(home)/.ssh/id 2>/dev/null; true"
        func call(_ path: String) -> PermissionCall {
            var call = PermissionCall(command: line, reason: "r")
            call.readablePaths = [path]
            return call
        }
        let allowed = try await answer(call("~/tool/settings"), context)
        #expect(allowed.contains("open") && !allowed.contains("closed") && !allowed.contains("private"), "\(allowed)")
        let without = await context.shell.run(line, request: ShellCall(commands: [line]))
        #expect(without.stdout.isEmpty)
        for path in ["~/.ssh", "~/.ssh/id", "~", "~/..", "/", "~/missing", "relative"] {
            #expect(throws: ToolRefusal.self) { try context.approvals?.bounds?.request(call(path)) }
        }
        // A folder is opened but for its secrets.
        let folder = try await answer(call("~/tool"), context)
        #expect(folder.contains("open") && folder.contains("closed") && !folder.contains("private"), "\(folder)")
    }

    @Test(arguments: await Rung.tested)
    func `it may write where it was allowed to, and nowhere else`(_ rung: Rung) async throws {
        let context = try await context(rung, answer: .once)
        let outside = root + "/outside"
        let line =
            "echo x > \(outside)/a; echo x > \(root)/b; echo x > \(tree)/.git/c; cat \(root)/home/.ssh/id; echo over"
        let answer = try await answer(allowed(line, paths: [outside]), context)
        #expect(answer.contains("over") && !answer.contains("private"), "\(answer)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["a"])
        #expect(!FileManager.default.fileExists(atPath: root + "/b"))
        #expect(!FileManager.default.fileExists(atPath: tree + "/.git/c"))
        // The session's own sandbox is as it was.
        let request = ShellCall(commands: [], timeout: nil)
        _ = await context.shell.run("echo x > \(outside)/d", request: request)
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["a"])
    }

    @Test(arguments: await Rung.tested)
    func `it may use the network when it was allowed to, and the next may not`(_ rung: Rung) async throws {
        let listener = try Listener()
        let context = try await context(rung, answer: .once)
        let line =
            "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", \(listener.port)), 5); print(\"reached\")'"
        #expect(try await answer(allowed(line, all: true), context).contains("reached\\n"))
        let report = await context.shell.run(line, request: ShellCall(commands: [], timeout: nil))
        #expect(!"\(report)".contains("reached\\n"))
    }

    @Test(arguments: await Rung.tested)
    func `refused it does not run`(_ rung: Rung) async throws {
        let context = try await context(rung, answer: .no)
        let answer = try await answer(allowed("echo x > \(root)/outside/a", paths: [root + "/outside"]), context)
        #expect(answer.contains("The person at the terminal refused"), "\(answer)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/outside") == [])
    }

    @Test(arguments: await Rung.tested.filter { $0 != .namespaces })
    func `single hosts are refused where there is no way to them`(_ rung: Rung) async throws {
        let context = try await context(rung, answer: .once)
        var call = allowed("true")
        call.hosts = [try #require(HostPattern("example.org"))]
        #expect(try await answer(call, context).contains("cannot open the way to single hosts"))
    }
}

/// A server on this machine that is never asked for more than its port.
private final class Listener {
    let port: Int
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw CancellationError() }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}
