import Agent
import Evidence
import Responses
import Session
import Synchronization
import Terminal
import Text

/// Shows a run to a person while it happens.
final class TerminalView: Sendable {
    private struct State {
        var status: StatusLine
        /// What has been streamed of the message that is being written.
        var streamed = ""
        /// What has come meanwhile and stands below that message.
        var held = ""
        /// How much of a started command's output has been shown, by handle.
        var shown: [String: Int] = [:]
        /// The commit with the user's uncommitted work.
        var ownWork: String?
        /// Whether somebody is being asked something: the screen is theirs.
        var isPaused = false
    }

    private let output: StandardOutput
    private let style: TerminalStyle
    private let state: Mutex<State>

    init(output: StandardOutput, style: TerminalStyle) {
        self.output = output
        self.style = style
        state = Mutex(State(status: StatusLine(isLive: style.isLive)))
    }

    /// Shows one event.
    func show(_ event: RunEvent) {
        state.withLock { state in
            let text = inOrder(render(event, &state), event, &state)
            let status = status(after: event, &state)
            guard text != nil || status != nil else { return }
            output.write(state.status.clear() + (text ?? "") + (status ?? state.status.text))
        }
    }

    /// Draws the status line again, with the time that has passed.
    func tick() {
        state.withLock { state in
            guard !state.isPaused, let line = state.status.redraw() else { return }
            output.write(line)
        }
    }

    /// Keeps the status line away until `resume`.
    func pause() {
        state.withLock { state in
            state.isPaused = true
            _ = state.status.hide()
            output.write(state.status.clear())
        }
    }

    /// Lets the status line come again.
    func resume() {
        state.withLock { $0.isPaused = false }
    }

    /// Keeps a commit from standing in the middle of a message: what commands have changed is committed while it comes.
    private func inOrder(_ text: String?, _ event: RunEvent, _ state: inout State) -> String? {
        if case .commitCreated = event, !state.streamed.isEmpty {
            state.held += text ?? ""
            return nil
        }
        if case .runFinished = event { state.streamed = "" }
        guard state.streamed.isEmpty, !state.held.isEmpty else { return text }
        defer { state.held = "" }
        if case .runFinished = event { return "\n" + state.held + (text ?? "") }
        return (text ?? "") + state.held
    }

    private func status(after event: RunEvent, _ state: inout State) -> String? {
        switch event {
        case .turnStarted(let turn): state.status.show("thinking (turn \(turn))")
        case .itemStarted(let item):
            switch item.content {
            case .commandExecution(let command, _): state.status.show("$ \(command.marked)")
            case .startedCommand(let started): state.status.show("\(started.handle) $ \(started.command.marked)")
            default: nil
            }
        case .runStarted: state.status.show("running the command")
        case .baseline, .itemUpdated, .itemCompleted, .turnCompleted, .runFinished: state.status.hide()
        case .textDelta: state.status.hide()
        default: nil
        }
    }

    private func render(_ event: RunEvent, _ state: inout State) -> String? {
        switch event {
        case .runStarted(let start):
            if start.start != start.base { state.ownWork = start.start }
            return header(start)
        case .baseline(let report, let failures):
            let names = failures.prefix(5).map { "\n    \($0.markedLine)" }.joined()
            let more = failures.count > 5 ? "\n    and \(failures.count - 5) more" : ""
            let ending = "\(report.ending.markedLine) in \(report.duration.spelled)"
            return paragraph(mark(report) + " before: \(ending)" + names + more)
        case .textDelta(let text, _):
            let start = state.streamed.isEmpty ? "\n" : ""
            state.streamed += text
            return start + text.marked
        case .itemStarted(let item):
            guard case .startedCommand(let started) = item.content else { return nil }
            return "\n" + style(.strong, "\(started.handle) $ \(started.command.marked)") + "\n"
        case .itemUpdated(let item), .itemCompleted(let item):
            return render(item, &state)
        case .commitCreated(let commit):
            return style(.faint, "  commit \(commit.id.prefix(10))  \(commit.subject.markedLine)") + "\n"
        case .seriesOrdered(let series):
            let count = series.commits.count == 1 ? "1 commit" : "\(series.commits.count) commits"
            return style(.faint, "  \(series.stepCount) steps ordered as \(count)") + "\n"
        case .verified(let verification):
            let report = verification.report
            return paragraph(
                mark(report)
                    + " verified on a clean checkout of \(verification.commit.prefix(10)): \(report.ending.markedLine) in "
                    + report.duration.spelled)
        case .approvalDecided(let request, let decision):
            return approval(request, decision)
        case .notice(let message):
            return style(.warning, "! \(message.marked)") + "\n"
        case .eventsMissed:
            // What was streamed is not whole any more: the message comes at its end.
            state.streamed = ""
            return style(.warning, "! this terminal was too slow: a part is left out here, the journal has it") + "\n"
        case .turnFailed(let message):
            return style(.bad, "✗ \(message.marked)") + "\n"
        case .runFinished(let result):
            return Summary(result, ownWork: state.ownWork, style: style).text
        case .approvalRequested, .threadStarted, .turnStarted, .requestSent, .reasoningDelta, .responseItem, .inputItem,
            .callStarted, .turnCompleted, .branchChanged, .taskClaimed, .unknown:
            return nil
        }
    }

    private func render(_ item: RunItem, _ state: inout State) -> String? {
        switch item.content {
        case .agentMessage(let text, _):
            defer { state.streamed = "" }
            return state.streamed.isEmpty ? paragraph(text.marked) : "\n"
        case .reasoning(let text):
            return paragraph(text.marked.split(separator: "\n").map { style(.faint, $0) }.joined(separator: "\n"))
        case .commandExecution(let command, let report?):
            return "\n" + style(.strong, "$ \(command.marked)") + "\n"
                + lines(report.output, report.isSuccess ? 6 : 15)
                + style(.faint, "  \(report.ending.markedLine), \(report.duration.spelled)") + "\n"
        case .startedCommand(let started): return render(started, &state)
        case .fileChange(let files, let report?):
            guard report.isApplied else {
                // The reason begins with the name of the file it is about.
                let others = files.map(\.path.description).filter { !report.message.utf8.contains($0.utf8) }
                let names = others.isEmpty ? "" : " " + others.joined(separator: ", ").markedLine
                return paragraph(style(.bad, "✗ patch refused") + "\(names)\n  \(report.message.marked.indented)")
            }
            let names = files.map { "\($0.kind.letter) \($0.path)" }.joined(separator: ", ").markedLine
            let lines = report.diff.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            let diff = lines.prefix(200).map { style.diffLine(Substring($0).marked) + "\n" }.joined()
            let more = lines.count > 200 ? style(.faint, "  … \(lines.count - 200) more lines") + "\n" : ""
            return "\n" + style(.strong, names) + "\n" + diff + more
        case .tool(let report):
            guard report.status != .inProgress else { return nil }
            let mark =
                report.status == .completed
                ? style(.strong, "· \(report.title.markedLine)") : style(.bad, "✗ \(report.title.markedLine)")
            return "\n" + mark + "\n" + lines(report.output, 6)
        case .error(let message):
            return style(.bad, "✗ \(message.marked)") + "\n"
        case .commandExecution(_, nil), .fileChange(_, nil):
            return nil
        }
    }

    private func approval(_ request: ApprovalReport, _ decision: ApprovalDecision) -> String {
        let by =
            switch decision.by {
            case .person: "you"
            case .rule: "a rule of your configuration"
            case .headless: "nobody was there to ask"
            }
        let rights = ApprovalPrompt.rights(request.rights).joined(separator: ", ")
        let command = request.command.marked.onOneLine
        guard decision.answer == .no else {
            return style(.faint, "  allowed (\(by)): \(rights), for \(command)") + "\n"
        }
        return style(.warning, "! not allowed (\(by)): \(rights), for \(command)") + "\n"
    }

    private func header(_ start: RunStart) -> String {
        let rows = [
            ("repository", "\(start.repository) at \(start.base.prefix(10))"), ("branch", start.branch),
            ("command", start.command ?? "none"), ("model", "\(start.model) at \(start.endpoint)"),
            ("sandbox", start.sandbox),
        ]
        let tree: [(String, String)] =
            switch start.treeKind {
            case .overlay: [("tree", "an overlay of the checkout")]
            case .inPlace: [("tree", "the checkout itself")]
            case .worktree, nil: []
            }
        return (rows + tree).map { style(.faint, $0.padded(to: 11)) + $1.marked + "\n" }.joined()
    }

    /// What is new of a command that goes on, or how it ended with what was not shown before.
    private func render(_ started: StartedCommand, _ state: inout State) -> String {
        let name = style(.strong, started.handle) + style(.faint, " $ \(started.command.marked.onOneLine)") + "\n"
        guard let report = started.report else {
            state.shown[started.handle] = started.outputRange.upperBound
            return "\n" + name + lines(started.output, 6)
        }
        let isShown = state.shown[started.handle] ?? 0 >= report.outputByteCount
        return "\n" + name + (isShown ? "" : lines(report.output, report.isSuccess ? 6 : 15))
            + style(.faint, "  \(report.ending.markedLine), \(report.duration.spelled)") + "\n"
    }

    /// The end of what a command printed: a person sees the model's view shortened.
    private func lines(_ output: String, _ limit: Int) -> String {
        let lines = output.marked.split(separator: "\n", omittingEmptySubsequences: true)
        let shown = lines.suffix(limit)
        let left = lines.count - shown.count
        let note = left > 0 ? style(.faint, "  … \(left) lines above") + "\n" : ""
        return note + shown.map { style(.faint, "  \(String($0).cut(toColumns: 200))") + "\n" }.joined()
    }

    private func mark(_ report: CommandReport) -> String {
        report.isSuccess ? style(.good, "✓") : style(.bad, "✗")
    }

    private func paragraph(_ text: String) -> String { "\n\(text)\n" }
}

extension String {
    /// The lines behind each other, with a mark where they end.
    fileprivate var onOneLine: String { split(separator: "\n").joined(separator: "⏎") }

    func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }

    /// Further lines two columns in.
    fileprivate var indented: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
    }
}
