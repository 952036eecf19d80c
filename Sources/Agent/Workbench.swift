import Patching
import Repository
import Responses
import Sandbox

/// Does the work that the model asks for: commands in the sandbox, patches as commits on the session's branch.
///
/// The patches of one response become one commit. What commands have changed is found after the response has been
/// answered, while the model thinks, and becomes a commit of its own.
actor Workbench {
    private let tree: WorkingTree
    private let shell: ShellRunner
    private let messages: StepMessage
    private let journal: Journal
    private let signature: @Sendable () -> Signature
    private var step = 0
    private var unsettled: [String] = []
    /// The commits of the session, oldest first.
    private(set) var commits: [CommitReport] = []

    init(
        tree: WorkingTree, shell: ShellRunner, messages: StepMessage, journal: Journal,
        signature: @escaping @Sendable () -> Signature
    ) {
        self.tree = tree
        self.shell = shell
        self.messages = messages
        self.journal = journal
        self.signature = signature
    }

    /// The last commit on the branch.
    var head: CommitID { tree.head }

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
                prepare([patch.operation], dialect: .native, for: index, &batch, &answers)
            case .envelope(let text):
                do throws(PatchError) {
                    prepare(try PatchEnvelope.parse(text), dialect: .envelope, for: index, &batch, &answers)
                } catch {
                    answers[index] = refuse(error.message, files: [])
                }
            case .shell(let request):
                apply(&batch, commentary, &answers)
                answers[index] = try await run(request)
            case .refuse(let reason):
                journal.record(.itemCompleted(RunItem(id: journal.nextItemID(), content: .error(reason))))
                answers[index] = .text(reason)
            }
        }
        apply(&batch, commentary, &answers)
        return calls.enumerated().map { index, call in
            (answers[index] ?? .text("this call was not run")).item(for: call)
        }
    }

    /// Commits what commands have changed since the last time.
    func settle() {
        guard !unsettled.isEmpty else { return }
        let commands = unsettled
        unsettled = []
        do throws(RepositoryError) {
            let found = try tree.scan()
            for skipped in found.skipped {
                journal.record(.notice("not committed: \(skipped.path) (\(skipped.reason))"))
            }
            guard !found.isEmpty else { return }
            let files = found.files.map { FileSummary(path: $0.path, kind: FileSummary.Kind($0.kind)) }
            let message = messages.message(commands: commands, files: files, step: step)
            note(try tree.commit(found, message: message, author: signature()), message, files)
        } catch {
            if error.code != .nothingChanged {
                journal.record(.notice("cannot commit what commands changed: \(error)"))
            }
        }
    }

    private func run(_ request: ShellCall) async throws -> ToolAnswer {
        unsettled += request.commands
        var outcomes: [ShellOutcome] = []
        for command in request.commands {
            try Task.checkCancellation()
            outcomes.append(try await shell.run(command, request: request))
        }
        return .shell(outcomes, outputLimit: request.outputLimit)
    }

    /// Works out what a patch would change, without changing anything yet.
    private func prepare(
        _ operations: [FileOperation], dialect: PatchDialect, for index: Int, _ batch: inout PatchBatch,
        _ answers: inout [Int: ToolAnswer]
    ) {
        settle()
        let files = operations.map(FileSummary.init)
        do throws(PatchError) {
            let changes = try PatchEngine.changes(operations, dialect: dialect) { path in
                if let change = batch.changes[path] { return change.contents }
                do throws(RepositoryError) { return try tree.read(path) } catch {
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
        for (position, call) in batch.calls.enumerated() {
            let text = "Done: " + call.files.map { "\($0.kind.letter) \($0.path)" }.joined(separator: ", ")
            answers[call.index] = .patch(isApplied: true, text)
            let report = PatchReport(isApplied: true, message: text, diff: position == 0 ? diff : "")
            journal.record(.itemCompleted(RunItem(id: journal.nextItemID(), content: .fileChange(call.files, report))))
        }
        if let commit { note(commit, message, batch.files) }
    }

    private func refuse(_ message: String, files: [FileSummary]) -> ToolAnswer {
        let report = PatchReport(isApplied: false, message: message)
        journal.record(.itemCompleted(RunItem(id: journal.nextItemID(), content: .fileChange(files, report))))
        return .patch(isApplied: false, message)
    }

    private func note(_ id: CommitID, _ message: CommitMessage, _ files: [FileSummary]) {
        let commit = CommitReport(id: id.hex, subject: message.subject, files: files)
        commits.append(commit)
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

extension FileSummary.Kind {
    /// `A`, `M` or `D`, as git says it.
    public var letter: String {
        switch self {
        case .add: "A"
        case .update: "M"
        case .delete: "D"
        }
    }

    fileprivate init(_ kind: FileChangeKind) {
        switch kind {
        case .added: self = .add
        case .deleted: self = .delete
        default: self = .update
        }
    }
}
