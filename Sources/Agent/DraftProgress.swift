import JSON
import Responses
import Session
import Synchronization

/// Tells what a response is writing while it comes, from the events of the server.
final class DraftProgress: Sendable {
    private struct State {
        var kind = Progress.Draft.message
        /// Whether the text is the JSON of a call's arguments, with escapes for its line ends.
        var isEscaped = false
        var line = PatchLine()
        var hasDeltas = false
        /// What tools of the server are about, by the place of their items.
        var subjects: [Int: String] = [:]
    }

    private let events: any EventSink
    private let state = Mutex(State())

    init(_ events: any EventSink) {
        self.events = events
    }

    /// Takes an event that brings no text to show.
    func take(_ event: ServerEvent) {
        switch event {
        case .itemStarted(let index, let type, let subject, _): begin(type, subject, index)
        case .hosted(let index, let tool, let status):
            let subject = state.withLock { $0.subjects[index] }
            tell(.drafting(.hosted(tool, subject: subject, status: status)))
        case .callDelta(_, let text): add(text)
        case .itemDone(_, let item) where item.type == "apply_patch_call":
            // Servers stream the text of this one or send it whole.
            guard !state.withLock({ $0.hasDeltas }), let operation = item.json?["operation"] else { break }
            let lines = operation["diff"]?.string?.utf8.split(separator: 0x0A).count { $0.first == UInt8(ascii: "+") }
            tell(.drafting(.patch(path: operation["path"]?.string)))
            tell(.added(lines: lines ?? 0))
        default: break
        }
    }

    private func begin(_ type: String, _ subject: String?, _ index: Int) {
        if let tool = HostedType(rawValue: type) {
            state.withLock { $0.subjects[index] = subject }
            return tell(.drafting(.hosted(tool, subject: subject, status: "in_progress")))
        }
        let kind: Progress.Draft =
            switch type {
            case "reasoning": .reasoning
            case "message": .message
            case "apply_patch_call": .patch(path: subject)
            case "shell_call", "local_shell_call": .command
            default: Self.call(subject ?? type)
            }
        state.withLock { state in
            state = State(kind: kind, isEscaped: type == "function_call", subjects: state.subjects)
        }
        tell(.drafting(kind))
    }

    private static func call(_ name: String) -> Progress.Draft {
        switch name {
        case "apply_patch": .patch(path: nil)
        case "shell": .command
        default: .call(name)
        }
    }

    private func add(_ text: String) {
        let (added, path) = state.withLock { state -> (Int, String?) in
            state.hasDeltas = true
            guard case .patch = state.kind else { return (0, nil) }
            return state.line.add(text, isEscaped: state.isEscaped)
        }
        if let path { tell(.drafting(.patch(path: path))) }
        if added > 0 { tell(.added(lines: added)) }
    }

    private func tell(_ progress: Progress) { events.record(.progress(progress)) }
}

/// The line of a patch that is being written.
private struct PatchLine {
    private static let longest = 512

    private var bytes: [UInt8] = []
    private var isAfterBackslash = false

    /// Takes text; returns how many added lines begin in it, and the file whose section began last.
    mutating func add(_ text: String, isEscaped: Bool) -> (added: Int, path: String?) {
        var (added, path): (Int, String?) = (0, nil)
        for byte in text.utf8 {
            if isEscaped, isAfterBackslash || byte == UInt8(ascii: "\\") {
                let isEnd = isAfterBackslash && byte == UInt8(ascii: "n")
                isAfterBackslash.toggle()
                if isEnd { path = end() ?? path }
                continue
            }
            if byte == 0x0A {
                path = end() ?? path
                continue
            }
            if bytes.isEmpty, byte == UInt8(ascii: "+") { added += 1 }
            if bytes.count < Self.longest { bytes.append(byte) }
        }
        return (added, path)
    }

    /// Ends the line; returns the path if it begins a file.
    private mutating func end() -> String? {
        defer { bytes = [] }
        let line = String(decoding: bytes, as: UTF8.self)
        for mark in ["*** Update File: ", "*** Add File: ", "*** Delete File: "] where line.hasPrefix(mark) {
            return String(line.dropFirst(mark.count))
        }
        return nil
    }
}
