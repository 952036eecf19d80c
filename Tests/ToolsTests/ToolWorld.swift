import Foundation
import JSON
import Repository
import Responses
import Sandbox
import Session
import TestSupport
import Testing
import Text
import Workspace

@testable import Tools

/// The built-in tools over a real repository, without a sandbox.
struct ToolWorld {
    let fixture: GitFixture
    let tree: WorkingTree
    let events = RecordedEvents()
    let tools: ToolDispatcher
    let steps: StepWriter

    /// - Parameter more: Tools beside the built-in ones.
    init(
        _ files: [String: String] = ["answer.txt": "wrong\n"], untrackedByteLimit: Int64 = 8 << 20,
        more: [any Tool] = [], sources: [any ToolSource] = [], search: ToolSearchSettings? = nil
    ) async throws {
        fixture = try GitFixture(files)
        let session = SessionID("s")
        let (repository, base, folder) = try Self.open(fixture, session)
        tree = try repository.addWorkingTree(at: folder.tree, reference: session.steps, commit: base)
        tree.untrackedByteLimit = untrackedByteLimit
        tree.defersIndex = true
        let sandbox = try await Sandbox.probe(mode: .off, policy: SandboxPolicy(workingTree: tree.root), searchPath: "")
        let shell = ShellRunner(
            sandbox: sandbox,
            environment: SandboxEnvironment.build(from: fixture.environment, home: fixture.folder), folder: folder,
            events: events, longestTimeout: .seconds(60))
        let commands = RunningCommands(shell)
        steps = StepWriter(
            tree: tree, session: session,
            messages: StepMessage(session: session, model: "m", hasAttribution: false), events: events,
            signature: { [author = fixture.author] in author }, known: [],
            runningCommands: { commands.takeUnsettled() })
        let catalog = ToolCatalog(
            ToolCatalog.standard(ordersSteps: true) + more, for: .openai, sources: sources.map(\.name), search: search)
        let shelf = catalog.shelf(of: sources)
        shelf.start()
        tools = ToolDispatcher(
            catalog: catalog, steps: steps, shell: shell, commands: commands, approvals: nil, events: events,
            shelf: sources.isEmpty ? nil : shelf)
    }

    /// A repository with the branch of a session, and the session's folder.
    static func open(
        _ fixture: GitFixture, _ session: SessionID
    ) throws -> (repository: GitRepository, base: CommitID, folder: SessionFolder) {
        let repository = try fixture.open()
        let base = try #require(try repository.head.commit)
        try repository.createBranch(session.branch, at: base)
        let folder = try SessionFolder(session, environment: ["XDG_STATE_HOME": fixture.folder + "/state"])
        return (repository, base, folder)
    }

    /// Answers calls of one response.
    func answer(_ calls: Call..., commentary: String? = nil, only: String? = nil) async throws -> [Item] {
        try await tools.answer(try calls.map { try $0.parsed }, commentary: commentary, turn: 1, only: only)
    }

    /// The paths that each commit so far has changed.
    var changedFiles: [[String]] { get async { await steps.commits.map { $0.files.map(\.path.text) } } }

    /// A call as the model makes it.
    struct Call {
        let json: String

        var parsed: ToolCall {
            get throws { try #require(ToolCall(try Item(Array(json.utf8)))) }
        }

        static func shell(_ line: String, _ id: String = "c") -> Call {
            let action = #"{"commands":["\#(line)"]}"#
            return Call(
                json: #"{"type":"shell_call","call_id":"\#(id)","status":"completed","action":\#(action)}"#)
        }

        /// A file that is new.
        static func create(_ path: String, _ id: String = "c") -> Call {
            operation(#"{"type":"create_file","path":"\#(path)","diff":"+x\n"}"#, id)
        }

        /// A file in which one line becomes another.
        static func update(_ path: String, _ old: String, _ new: String, _ id: String = "c") -> Call {
            operation(#"{"type":"update_file","path":"\#(path)","diff":"@@\n-\#(old)\n+\#(new)\n"}"#, id)
        }

        static func delete(_ path: String, _ id: String = "c") -> Call {
            operation(#"{"type":"delete_file","path":"\#(path)"}"#, id)
        }

        static func function(
            _ name: String, _ arguments: String, _ id: String = "c", in space: String? = nil
        ) -> Call {
            let space = space.map { #""namespace":"\#($0)","# } ?? ""
            return Call(
                json:
                    #"{"type":"function_call","call_id":"\#(id)",\#(space)"name":"\#(name)","arguments":\#(arguments)}"#
            )
        }

        /// A search that the client answers.
        static func search(_ query: String, _ id: String = "c") -> Call {
            let arguments = #"{"query":"\#(query)","limit":3}"#
            return Call(
                json:
                    #"{"type":"tool_search_call","execution":"client","call_id":"\#(id)","arguments":\#(arguments)}"#)
        }

        private static func operation(_ operation: String, _ id: String) -> Call {
            Call(
                json: #"{"type":"apply_patch_call","call_id":"\#(id)","status":"completed","operation":\#(operation)}"#)
        }
    }
}

extension Item {
    /// An answer's call, status and text.
    var shown: String {
        let text = json?["output"]?.string ?? json?["output"]?.rawText ?? ""
        return [callID, json?["status"]?.string, text].compactMap { $0 }.joined(separator: " ")
    }
}
