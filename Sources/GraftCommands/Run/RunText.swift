import Agent
import Evidence
import Session
import Terminal
import Text

/// The events of a run as text for a person.
struct RunText {
    /// So many lines of what a command printed are shown: of one that passed, of one that failed, and of the command
    /// that decides.
    private static let (passedLines, failedLines, decidingLines) = (6, 15, 10)
    private static let diffLines = 200

    private let style: TerminalStyle
    private let prose: @Sendable (String) -> String
    private var start: RunStart?
    /// How much of a started command's output has been shown, by handle.
    private var shown: [String: Int] = [:]
    private var retries = Retries()
    /// The model's plan as it was last told.
    private var todoList: TodoList?

    /// - Parameter prose: Makes the model's words fit the output.
    init(style: TerminalStyle, prose: @escaping @Sendable (String) -> String) {
        self.style = style
        self.prose = prose
    }

    /// What an event adds to the text; nil for nothing.
    mutating func render(_ event: RunEvent) -> String? {
        switch event {
        case .runStarted(let start):
            self.start = start
            return RunHeader(start, style: style).text
        case .runResumed(let resumption):
            let end =
                resumption.verdict.map { "it had ended with the verdict \($0.rawValue)" }
                ?? "its process was killed"
            return style(.faint, filled("  the session goes on; \(end)", 2)) + "\n"
        case .baseline(let report, let failures): return deciding(report, failures, "before")
        case .itemStarted(let item):
            if case .todoList(let list) = item.content { return render(list, isOver: false) }
            guard case .startedCommand(let started) = item.content else { return nil }
            return "\n" + heading("\(started.handle) $ ", started.command) + "\n"
        case .itemUpdated(let item):
            if case .todoList(let list) = item.content { return render(list, isOver: false) }
            return render(item)
        case .itemCompleted(let item): return render(item)
        case .commitCreated(let commit):
            return style(.faint, filled("  commit \(commit.id.prefix(10))  \(commit.subject.markedLine)", 21)) + "\n"
        case .seriesOrdered(let series):
            let steps = series.stepCount == 1 ? "1 step" : "\(series.stepCount) steps"
            let count = series.commits.count == 1 ? "1 commit" : "\(series.commits.count) commits"
            return style(.faint, "  \(steps) ordered as \(count)") + "\n"
        case .milestoneReported(let milestone, _): return text(of: milestone)
        case .windowCompacted(let report): return style(.faint, filled("  \(report.line)", 4)) + "\n"
        case .verified(let verification):
            let place = "on a clean checkout of \(verification.commit.prefix(10))"
            let report = verification.report
            let proof = ProofText(style: style).lines(verification).map { filled("  \($0)", 4) + "\n" }
            return deciding(report, [], report.isSuccess ? "verified \(place)" : "fails \(place)") + proof.joined()
        case .baselineRepeated(let repetitions):
            return filled("  passed \(repetitions.passed) of \(repetitions.total) times on the same files", 4) + "\n"
        case .approvalDecided(let request, let decision): return approval(request, decision)
        case .notice(let message): return warning(retries.shortened(message).marked)
        case .eventsMissed:
            return warning("this terminal was too slow: a part is left out here, the journal has it")
        case .turnFailed(let message): return failure(message.marked)
        case .runFinished(let result): return Summary(result, start: start, style: style).text
        case .approvalRequested, .threadStarted, .turnStarted, .requestSent, .responseInBackground, .textDelta,
            .reasoningDelta, .progress,
            .responseItem, .inputItem, .callStarted, .turnCompleted, .branchChanged, .taskClaimed, .compactionFailed,
            .unknown:
            return nil
        }
    }

    private mutating func render(_ item: RunItem) -> String? {
        switch item.content {
        case .agentMessage(let text, _): return paragraph(prose(text.marked)) + (sources(of: item) ?? "")
        case .reasoning(let text):
            let lines = text.marked.split(separator: "\n", omittingEmptySubsequences: false)
            return paragraph(lines.map { style(.faint, filled(String($0), nil)) }.joined(separator: "\n"))
        case .commandExecution(let command, let report?): return "\n" + heading("$ ", command) + "\n" + ending(report)
        case .startedCommand(let started): return render(started)
        case .fileChange(let files, let report?): return render(files, report)
        case .todoList(let list): return render(list, isOver: true)
        case .computer(let report):
            guard report.status != .inProgress else { return nil }
            let isDone = report.status == .completed
            let picture = report.screenshot.map { "  " + $0 } ?? ""
            let title = filled((isDone ? "· " : "✗ ") + report.line().markedLine, 2)
            let note = report.note.map { style(.faint, filled("  " + $0.marked.onOneLine, 2)) + "\n" } ?? ""
            return "\n" + style(isDone ? .strong : .bad, title) + style(.faint, picture) + "\n" + note
        case .tool(let report):
            guard report.status != .inProgress else { return nil }
            let mark = report.status == .completed ? "· " : "✗ "
            let title = filled(mark + report.title.markedLine, 2)
            return "\n" + style(report.status == .completed ? .strong : .bad, title) + "\n"
                + lines(report.output, Self.passedLines)
        case .hosted(let report):
            let mark = report.status == .completed ? "· " : "✗ "
            let line = filled(mark + report.line.markedLine, 2)
            return style(report.status == .completed ? .strong : .bad, line) + "\n"
        case .error(let message): return failure(message.marked)
        case .commandExecution(_, nil), .fileChange(_, nil): return nil
        }
    }

    /// What a message names as its sources; nil where it names none.
    func sources(of item: RunItem) -> String? { SourceList(item.citations).text(style) }

    /// What of the model's plan stays on the screen: a live one shows the whole of it below, until the run is over.
    private mutating func render(_ list: TodoList, isOver: Bool) -> String? {
        defer { todoList = list }
        let text = TodoText(list)
        if isOver { return list.isDone ? nil : text.text(style) }
        let hasOtherSteps = list.steps.map(\.text) != todoList?.steps.map(\.text)
        if hasOtherSteps, !style.isLive { return text.text(style) }
        return text.newlyDone(since: todoList ?? TodoList([]), style)
    }

    /// What is new of a command that goes on, or how it ended with what was not shown before.
    private mutating func render(_ started: StartedCommand) -> String {
        let name =
            style(.strong, started.handle)
            + style(.faint, filled(" $ \(started.command.marked.onOneLine)", 5)) + "\n"
        guard let report = started.report else {
            shown[started.handle] = started.outputRange.upperBound
            return "\n" + name + lines(started.output, Self.passedLines)
        }
        let isShown = shown[started.handle] ?? 0 >= report.outputByteCount
        return "\n" + name + ending(report, hasOutput: !isShown)
    }

    private func render(_ files: [FileSummary], _ report: PatchReport) -> String {
        guard report.isApplied else {
            // The reason begins with the name of the file it is about.
            let others = files.map(\.path.description).filter { !report.message.utf8.contains($0.utf8) }
            let names = others.isEmpty ? "" : " " + others.joined(separator: ", ").markedLine
            let reason = report.message.marked.split(separator: "\n", omittingEmptySubsequences: false)
                .map { filled("  " + $0, nil) }.joined(separator: "\n")
            return paragraph(filled(style(.bad, "✗ patch refused") + names, 2) + "\n" + reason)
        }
        let sections = ShownDiff(report.diff, of: files).lines
        var text = ""
        for line in sections.prefix(Self.diffLines) {
            switch line {
            case .file(let name): text += "\n" + style(.strong, filled(name.markedLine, 2)) + "\n"
            case .line(let line): text += style.diffLine(line.marked) + "\n"
            }
        }
        let left = sections.count - Self.diffLines
        return text + (left > 0 ? style(.faint, "  … \(left) more lines") + "\n" : "")
    }

    /// A run of the command that decides: how it ended, and if it failed, what did or the last that it printed.
    /// The command that decides: how it ended, how many tests there were, and where it failed.
    ///
    /// - Parameter names: The names of what failed, for a report that does not tell more of it.
    private func deciding(_ report: CommandReport, _ names: [String], _ place: String) -> String {
        let mark = report.isSuccess ? style(.good, "✓") : style(.bad, "✗")
        let tally = report.tests?.tally.map { ", \($0.spelled)" } ?? ""
        var text = filled("\(mark) \(place): \(report.endingAndTime(" in ").markedLine)\(tally)", 2)
        if report.isSuccess { return paragraph(text) }
        let room = max(60, 2 * (style.columns ?? 100) - 10)
        let failures = report.tests?.failures.map(\.spelled) ?? names
        if failures.isEmpty {
            let printed = lines(report.output, Self.decidingLines)
            return paragraph(text + (printed.isEmpty ? "" : "\n" + printed.dropLast()))
        }
        for failure in failures.prefix(5) {
            text += "\n" + filled("    " + failure.markedLine.cut(toColumns: room), 6)
        }
        if failures.count > 5 { text += "\n    and \(failures.count - 5) more" }
        return paragraph(text)
    }

    /// A milestone in a line; one that the harness has seen itself bears the mark of what is proved.
    private func text(of milestone: Milestone) -> String {
        let mark = milestone.reporter == .harness ? style(.good, "✓") : "◆"
        return paragraph(filled(milestone.line(marked: mark), 2))
    }

    private func approval(_ request: ApprovalReport, _ decision: ApprovalDecision) -> String {
        let by =
            switch decision.by {
            case .person: "you"
            case .rule: "a rule of your configuration"
            case .headless: "nobody was there to ask"
            }
        let asked =
            request.subject == .screen
            ? "what the provider doubts" : ApprovalPrompt.rights(request.rights).joined(separator: ", ")
        let rights = asked.isEmpty ? "" : asked + ", for "
        let command = request.command.marked.onOneLine
        guard decision.answer == .no else {
            return style(.faint, filled("  allowed (\(by)): \(rights)\(command)", 4)) + "\n"
        }
        return warning("not allowed (\(by)): \(rights)\(command)")
    }

    private func ending(_ report: CommandReport, hasOutput: Bool = true) -> String {
        let limit = report.isSuccess ? Self.passedLines : Self.failedLines
        return (hasOutput ? lines(report.output, limit) : "")
            + style(.faint, filled("  \(report.endingAndTime(", ").markedLine)", 2)) + "\n"
    }

    /// The end of what a command printed: a person sees the model's view shortened.
    private func lines(_ output: String, _ limit: Int) -> String {
        let lines = output.withoutStyling.marked.split(separator: "\n", omittingEmptySubsequences: true)
        let shown = lines.suffix(limit)
        let left = lines.count - shown.count
        let above = left == 1 ? "1 line above" : "\(left) lines above"
        let note = left > 0 ? style(.faint, "  … \(above)") + "\n" : ""
        let room = max(20, (style.columns ?? 203) - 3)
        return note + shown.map { style(.faint, "  \(String($0).cut(toColumns: room))") + "\n" }.joined()
    }

    /// A command as the model wrote it, further lines below its beginning.
    private func heading(_ prompt: String, _ command: String) -> String {
        let lines = command.marked.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.enumerated().map { index, line in
            style(.strong, filled((index == 0 ? prompt : "") + line, index == 0 ? 2 : nil))
        }.joined(separator: "\n")
    }

    private func warning(_ text: String) -> String { style(.warning, filled("! \(text)", 2)) + "\n" }
    private func failure(_ text: String) -> String { style(.bad, filled("✗ \(text)", 2)) + "\n" }
    private func filled(_ text: String, _ indent: Int?) -> String { style.filled(text, indent: indent) }
    private func paragraph(_ text: some StringProtocol) -> String { "\n\(text)\n" }
}

/// The notices of one failure that is tried again: its reason is said once.
private struct Retries {
    private var reason = Substring()
    private var count = 0

    mutating func shortened(_ notice: String) -> String {
        let parts = notice.split(separator: "; trying again", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            reason = ""
            return notice
        }
        guard parts[0] == reason else {
            (reason, count) = (parts[0], 1)
            return notice
        }
        count += 1
        return "the same again; trying again\(parts[1]) (\(count))"
    }
}

extension String {
    /// The lines behind each other, with a mark where they end.
    fileprivate var onOneLine: String { split(separator: "\n").joined(separator: "⏎") }

    func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
