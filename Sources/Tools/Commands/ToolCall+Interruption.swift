public import Responses
public import Session
import Text

extension ShellOutcome {
    /// A line that was not run any more.
    static let notRun = ShellOutcome(stderr: "[not run: Graft was stopped before]\n", ending: .exit(130))

    /// A line that was cut off with its process, of which nothing is known.
    static let cutOff = ShellOutcome(
        stderr:
            "[interrupted: Graft was stopped while this ran; what it has done is not known, and it is not run again "
            + "by itself. Look before you go on.]\n", ending: .exit(130))

    /// A line that had ended, as it is recorded.
    init(recorded report: CommandReport) {
        let status = report.exitCode.map(Int.init)
        self.init(
            stdout: report.output, ending: status.map { .exit($0) } ?? (report.signal == nil ? .timeout : .exit(137)))
    }
}

extension ToolCall {
    /// The shell lines that the call asks for; nil for a call of another tool.
    public var shellLines: [String]? { shellRequest?.commands }

    /// The file of a patch of one file.
    private var patchedPath: BytePath? { if case .patch(let patch) = request { BytePath(patch.path) } else { nil } }

    /// Lines that cannot be read are none.
    private var shellRequest: ShellCall? { name == "shell" ? try? Shell.request(of: self) : nil }

    /// Whether the call is a patch.
    public var isPatch: Bool { name == ApplyPatch.name && !isMalformed }

    /// The answer to a call that nobody will run to its end, because Graft was stopped; what is recorded of it counts.
    ///
    /// A patch is in a commit or nothing of it is anywhere, so that there is always something certain to say of it.
    ///
    /// - Parameters:
    ///   - open: What is known of the call.
    ///   - committed: The commit that holds the patch, which is not recorded.
    ///   - series: The series that the steps are ordered into, if they are.
    public func answer(interrupted open: OpenCall, committed: CommitReport?, series: SeriesReport?) -> [Item] {
        var answer: ToolAnswer
        if isPatch {
            if let patch = open.trace.patch {
                answer = .patch(isApplied: patch.isApplied, patch.message)
            } else if open.isStarted, let committed {
                // The commit has all patches of the response.
                let own = committed.files.filter { $0.path == patchedPath }
                let files = (own.isEmpty ? committed.files : own).map { "\($0.kind.letter) \($0.path)" }
                answer = .patch(isApplied: true, "Done: " + files.joined(separator: ", "))
            } else {
                answer = .patch(isApplied: false, "not applied: Graft was stopped before; nothing of it is in the tree")
            }
        } else if let text = open.trace.text {
            answer = .text(text)
        } else if name == OrderCommits().name, open.isStarted, let series {
            answer = .text(OrderCommits.done(series))
        } else if !open.isStarted {
            answer =
                shellLines.map { .shell($0.map { _ in .notRun }, outputLimit: nil) }
                ?? .text("not run: Graft was stopped before")
        } else if let lines = shellLines {
            let done = open.trace.commands.prefix(lines.count).map(ShellOutcome.init(recorded:))
            let rest = lines.count - done.count
            let cut = rest > 0 ? [ShellOutcome.cutOff] + Array(repeating: .notRun, count: rest - 1) : []
            answer = .shell(done + cut, outputLimit: shellRequest?.outputLimit)
        } else {
            answer = .text(
                "interrupted: Graft was stopped while this ran; what it has done is not known, and it is not run again by "
                    + "itself. Look before you go on.")
        }
        if case .computer(let call) = request, !call.pendingSafetyChecks.isEmpty {
            answer = .screenshot(
                url: ContentPart.emptyPicture, acknowledged: call.pendingSafetyChecks, note: answer.text)
        }
        return [answer.item(for: self)] + (answer.note(for: self).map { [$0] } ?? [])
    }
}
