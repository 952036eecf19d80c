import Responses
import Session
import Terminal
import Text

/// What a run is waiting for, as its events tell it.
struct RunProgress {
    private var isOrdering = false
    private var command: String?
    /// The item whose output is shown.
    private var item: String?
    private var patch = (path: String?.none, added: 0)

    /// What an event means for the line that says what is waited for.
    mutating func change(after event: RunEvent) -> (inout StatusLine) -> Void {
        switch event {
        case .threadStarted: return { $0.wait(for: "preparing the working tree") }
        case .runStarted(let start):
            command = start.command
            return { $0.wait(for: "connecting to the model") }
        case .turnStarted(let turn):
            let label = isOrdering ? "ordering the commits (turn \(turn))" : "thinking (turn \(turn))"
            isOrdering = false
            return { $0.wait(for: label) }
        case .itemStarted(let item), .itemUpdated(let item):
            if case .todoList(let list) = item.content {
                let rows = TodoText(list).rows
                return { $0.keep(rows) }
            }
            if case .itemUpdated = event { return idle() }
            guard let label = Self.label(of: item) else { return { _ in } }
            self.item = item.id
            return { $0.wait(for: label) }
        case .itemCompleted, .turnCompleted, .baseline, .taskClaimed, .commitCreated, .windowCompacted:
            return idle()
        case .verified: return { $0.wait(for: "removing the working tree") }
        case .runFinished: return { $0.end() }
        default: return { _ in }
        }
    }

    private mutating func idle() -> (inout StatusLine) -> Void {
        item = nil
        return { if $0.isActive { $0.wait(for: "working") } }
    }

    /// What progress means for that line.
    mutating func change(after progress: Progress) -> (inout StatusLine) -> Void {
        switch progress {
        case .drafting(let draft):
            if case .patch(let path) = draft {
                let isSame = patch.path == nil || patch.path == path
                patch = (path, isSame ? patch.added : 0)
                let label = patchLabel
                return {
                    let goesOn = isSame && $0.label?.hasPrefix("writing a patch") == true
                    if goesOn { $0.rename(label) } else { $0.wait(for: label) }
                }
            }
            patch = (nil, 0)
            let label = Self.label(of: draft)
            return { if $0.label != label { $0.wait(for: label) } }
        case .added(let lines):
            patch.added += lines
            let label = patchLabel
            return { $0.rename(label) }
        case .output(let item, let bytes):
            guard item == self.item else { return { _ in } }
            return { $0.take(bytes) }
        case .runningBaseline:
            let label = "$ \(command?.marked ?? "")"
            return { $0.wait(for: label) }
        case .ordering:
            isOrdering = true
            return { $0.wait(for: "ordering the commits") }
        case .compacting: return { $0.wait(for: "compacting the conversation") }
        case .verifying(let commit, let how):
            item = nil
            let place = "\(commit.prefix(10)) on a clean checkout\(how.map { ", " + $0 } ?? "")"
            let label = "verifying \(place): $ \(command?.marked ?? "")"
            return { $0.wait(for: label) }
        }
    }

    private var patchLabel: String {
        var label = "writing a patch"
        if patch.path != nil || patch.added > 0 { label += " ·" }
        if let path = patch.path { label += " \(path.markedLine)" }
        if patch.added > 0 { label += " +\(patch.added)" }
        return label
    }

    private static func label(of draft: Progress.Draft) -> String {
        switch draft {
        case .reasoning: "thinking"
        case .message: "writing"
        case .patch: "writing a patch"
        case .command: "writing a command"
        case .call(let name): "writing a call of \(name.markedLine)"
        case .hosted(let tool, let subject, let status): label(of: tool, subject?.markedLine, status)
        }
    }

    private static func label(of tool: HostedType, _ subject: String?, _ status: String) -> String {
        switch tool {
        case .webSearch: "searching the web"
        case .fileSearch: "searching files"
        case .codeInterpreter: status == "interpreting" ? "running Python on the server" : "writing Python"
        case .imageGeneration: "making a picture"
        case .mcpCall: "calling \(subject ?? "an MCP server")"
        case .mcpTools: "asking \(subject ?? "an MCP server") for its tools"
        }
    }

    private static func label(of item: RunItem) -> String? {
        switch item.content {
        case .commandExecution(let command, _): "$ \(command.marked)"
        case .startedCommand(let started): "\(started.handle) $ \(started.command.marked)"
        case .computer(let report): report.line().markedLine
        case .tool(let report): report.title.markedLine
        default: nil
        }
    }
}
