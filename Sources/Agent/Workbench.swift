import Patching
import Repository
import Responses
import Sandbox
public import Session
import Workspace

/// Does the work that the model asks for: commands in the sandbox, patches as commits on the session's steps.
///
/// The patches of one response become one commit. What commands have changed is found after the response has been
/// answered, while the model thinks, and becomes a commit of its own; the branch follows then, too.
actor Workbench {
    let tree: WorkingTree
    let shell: ShellRunner
    private let running: RunningCommands
    let approvals: ApprovalDesk?
    let messages: StepMessage
    let journal: Journal
    private let record: RunRecord
    let signature: @Sendable () -> Signature
    /// The commit that the first step stands on.
    let start: CommitID
    private var step = 0
    private var unsettled: [String] = []
    /// Files that were left out and have been named.
    private var named: Set<String> = []
    /// The raw steps, oldest first.
    private(set) var steps: [CommitReport] = []
    /// The steps in another order, until there is a further one.
    private var series: (tip: CommitID, commits: [CommitReport])?
    private(set) var branch: SessionBranch

    init(
        tree: WorkingTree, session: SessionID, shell: ShellRunner, messages: StepMessage, journal: Journal,
        record: RunRecord, signature: @escaping @Sendable () -> Signature,
        approvals: ApprovalDesk? = nil
    ) {
        self.tree = tree
        self.shell = shell
        running = RunningCommands(shell)
        self.messages = messages
        self.journal = journal
        self.record = record
        self.signature = signature
        self.approvals = approvals
        start = tree.head
        branch = SessionBranch(of: session, in: tree.repository, at: tree.head)
    }

    /// The last step.
    var head: CommitID { tree.head }

    /// The commit that stands for the session's work: the end of the series if the steps are ordered, else the last
    /// step; both have the same files.
    var tip: CommitID { series?.tip ?? tree.head }

    /// The commits from the start to `tip`, oldest first.
    var commits: [CommitReport] { series?.commits ?? steps }

    /// Whether the steps are in order as they are: few, ordered already, or not on a branch of this run's.
    var isOrdered: Bool { steps.count < 2 || series != nil || !branch.isOurs }

    /// Answers the calls of one response, in order.
    ///
    /// - Parameter commentary: What the model said before the calls; it becomes the commit's message.
    /// - Throws: `CancellationError` when interrupted. Trouble with a call is an answer, never an error.
    func answer(_ calls: [ToolCall], commentary: String?) async throws -> [Item] {
        step += 1
        var answers: [Int: ToolAnswer] = [:]
        var batch = PatchBatch()
        for (index, call) in calls.enumerated() {
            switch Toolset.work(of: call) {
            case .patch(let patch):
                let operation = patch.operation
                prepare(for: index, [FileSummary(operation)], &batch, &answers) { files throws(PatchError) in
                    try PatchEngine.changes([operation], dialect: .native, reading: files)
                }
            case .envelope(let text):
                do throws(PatchError) {
                    let patch = try Patch(Array(text.utf8), form: .envelope)
                    prepare(for: index, patch.lines.map(FileSummary.init), &batch, &answers) {
                        files throws(PatchError) in try patch.changes(reading: files)
                    }
                } catch {
                    answers[index] = refuse(error.message, files: [])
                }
            case .shell(let request):
                apply(&batch, commentary, &answers)
                answers[index] = try await run(request)
            case .command(let request):
                apply(&batch, commentary, &answers)
                answers[index] = .text(try await run(request))
            case .approval(let request):
                apply(&batch, commentary, &answers)
                answers[index] = try await run(request)
            case .refuse(let reason): answers[index] = .text(refuse(reason))
            }
        }
        apply(&batch, commentary, &answers)
        return calls.enumerated().map { index, call in
            (answers[index] ?? .text("this call was not run")).item(for: call)
        }
    }

    /// Ends the commands that still run, and settles: what is there then stays as it is.
    ///
    /// - Returns: The handles of the commands that were stopped.
    @discardableResult
    func windUp() async -> [String] {
        let stopped = await running.stopAll()
        settle()
        return stopped
    }

    /// Commits what commands have changed since the last time, and lets branch and index follow.
    func settle() {
        commitUnsettled()
        follow()
    }

    /// Puts a series in the place of the steps: the branch moves to its end.
    func adopt(_ commits: [CommitReport], tip: CommitID) throws(RepositoryError) {
        try branch.move(to: tip, why: "order the steps")
        series = (tip, commits)
        record.note {
            $0.commits = commits
            $0.commit = tip.hex
        }
    }

    /// Lets the branch follow the steps, and what git commands in the tree see.
    private func follow() {
        do throws(RepositoryError) {
            if series == nil { try branch.move(to: tree.head, why: "follow the steps") }
        } catch {
            let name = branch.name
            journal.record(.notice(branch.isOurs ? "\(error)" : "\(error); it is left alone, and \(name) has the work"))
            record.note { if $0.branch != nil { $0.branch = name } }
        }
        do throws(RepositoryError) { try tree.publishIndex() } catch {
            journal.record(.notice("git commands in the working tree see an older state: \(error)"))
        }
    }

    private func commitUnsettled() {
        let commands = unsettled + running.takeUnsettled()
        unsettled = []
        guard !commands.isEmpty else { return }
        do throws(RepositoryError) {
            let found = try tree.scan()
            let skipped = found.skipped.filter { named.insert($0.path).inserted }.map(\.description)
            for file in skipped { journal.record(.notice("not stored: \(file)")) }
            guard !found.isEmpty else { return }
            let files = found.files.map { FileSummary(path: $0.path, kind: FileSummary.Kind($0.kind)) }
            let message = messages.message(commands: commands, files: files, notStored: skipped, step: step)
            note(try tree.commit(found, message: message, author: signature()), message, files)
        } catch {
            if error.code != .nothingChanged {
                journal.record(.notice("cannot commit what commands changed: \(error)"))
            }
        }
    }

    private func run(_ request: ShellCall) async throws -> ToolAnswer {
        begin(request.commands)
        var outcomes: [ShellOutcome] = []
        for command in request.commands {
            try Task.checkCancellation()
            outcomes.append(try await shell.run(command, request: request))
        }
        return .shell(outcomes, outputLimit: request.outputLimit)
    }

    private func run(_ request: CommandCall) async throws -> String {
        follow()
        let text: String
        do throws(CommandCall.Flaw) { text = try await running.answer(request) } catch { text = refuse(error.message) }
        try Task.checkCancellation()
        return text
    }

    /// Gets ready for commands: git is up to date, and what they change is looked for later.
    func begin(_ commands: [String]) {
        follow()
        unsettled += commands
    }

    /// Works out what a patch would change, without changing anything yet.
    private func prepare(
        for index: Int, _ files: [FileSummary], _ batch: inout PatchBatch, _ answers: inout [Int: ToolAnswer],
        changes: ((String) throws -> StoredFile?) throws(PatchError) -> ChangeSet
    ) {
        commitUnsettled()
        do throws(PatchError) {
            let changes = try changes { path in
                if let change = batch.changes[path] {
                    return change.contents.map { StoredFile($0, isLink: change.mode == .link) }
                }
                do throws(RepositoryError) { return try tree.stored(path) } catch {
                    // A folder in the way is for the patch engine to explain.
                    throw error.code == .notARegularFile ? PatchError.isDirectory(path) : error
                }
            }
            batch.add(changes, files: files, call: index)
        } catch {
            answers[index] = refuse((error.underlying as? RepositoryError)?.message ?? error.message, files: files)
        }
    }

    /// Writes and commits what has been prepared; the calls get their answers.
    private func apply(_ batch: inout PatchBatch, _ commentary: String?, _ answers: inout [Int: ToolAnswer]) {
        guard !batch.calls.isEmpty else { return }
        defer { batch = PatchBatch() }
        let before = tree.head
        let message = messages.message(commentary: commentary, files: batch.files, step: step)
        var commit: CommitID?
        do throws(RepositoryError) {
            if !batch.changes.isEmpty {
                commit = try tree.commit(batch.changes, message: message, author: signature())
            }
        } catch  where error.code == .nothingChanged {
            // The files are as the patch wants them: that is success, only without a commit.
        } catch {
            for call in batch.calls { answers[call.index] = refuse(error.message, files: call.files) }
            return
        }
        let diff = (try? tree.repository.diff(from: before, to: tree.head)) ?? ""  // Only shown.
        var sections = DiffSections(diff)
        for (position, call) in batch.calls.enumerated() {
            let text = "Done: " + call.files.map { "\($0.kind.letter) \($0.path)" }.joined(separator: ", ")
            answers[call.index] = .patch(isApplied: true, text)
            let isLast = position == batch.calls.count - 1
            let own = sections.take(call.files.map(\.path)) + (isLast ? sections.takeRest() : "")
            let report = PatchReport(isApplied: true, message: text, diff: own)
            journal.record(.itemCompleted(RunItem(id: journal.nextItemID(), content: .fileChange(call.files, report))))
        }
        if let commit { note(commit, message, batch.files) }
    }

    private func refuse(_ reason: String) -> String {
        journal.record(.itemCompleted(RunItem(id: journal.nextItemID(), content: .error(reason))))
        return reason
    }

    private func refuse(_ message: String, files: [FileSummary]) -> ToolAnswer {
        let report = PatchReport(isApplied: false, message: message)
        journal.record(.itemCompleted(RunItem(id: journal.nextItemID(), content: .fileChange(files, report))))
        return .patch(isApplied: false, message)
    }

    private func note(_ id: CommitID, _ message: CommitMessage, _ files: [FileSummary]) {
        let commit = CommitReport(id: id.hex, subject: message.subject, files: files)
        steps.append(commit)
        series = nil
        record.note { [steps, name = branch.name] in
            $0.commits = steps
            $0.branch = name
            $0.commit = id.hex
        }
        journal.record(.commitCreated(commit))
    }
}

/// Patches of one response that are worked out and not yet applied.
private struct PatchBatch {
    private(set) var changes = ChangeSet()
    private(set) var calls: [(index: Int, files: [FileSummary])] = []

    var files: [FileSummary] {
        var seen: Set<String> = []
        return calls.flatMap(\.files).filter { seen.insert($0.path).inserted }
    }

    mutating func add(_ more: ChangeSet, files: [FileSummary], call index: Int) {
        changes.merge(more)
        calls.append((index, files))
    }
}

extension PatchCall {
    fileprivate var operation: FileOperation {
        switch kind {
        case .create(let diff): .create(path: path, diff: diff)
        case .update(let diff): .update(path: path, diff: diff, moveTo: nil)
        case .delete: .delete(path: path)
        }
    }
}

extension FileSummary {
    fileprivate init(_ operation: FileOperation) {
        switch operation {
        case .create(let path, _): self.init(path: path, kind: .add)
        case .update(let path, _, let destination): self.init(path: destination ?? path, kind: .update)
        case .delete(let path): self.init(path: path, kind: .delete)
        }
    }
}

extension FileSummary {
    fileprivate init(_ line: Patch.Line) {
        let kind: Kind = line.letter == "A" ? .add : line.letter == "D" ? .delete : .update
        self.init(path: line.path, kind: kind)
    }
}

extension FileSummary.Kind {
    /// `A`, `M` or `D`, as git says it.
    public var letter: String {
        switch self {
        case .add: "A"
        case .update: "M"
        case .delete: "D"
        }
    }

    init(_ kind: FileChangeKind) {
        switch kind {
        case .added: self = .add
        case .deleted: self = .delete
        default: self = .update
        }
    }
}
