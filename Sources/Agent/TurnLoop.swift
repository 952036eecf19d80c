import Evidence
import JSON
import Prompts
import Repository
import Responses
import Session
import Text

/// The loop: ask, do what is asked, answer, until the task is done or a limit is reached.
///
/// What the model says is never taken for success: when it stops, the judge runs the command, and a command that
/// fails sends it back to work.
struct TurnLoop {
    let client: ModelClient
    let bench: Workbench
    let journal: Journal
    let record: RunRecord
    /// Runs the deciding command on a clean checkout of a commit; absent for a task without one.
    let judge: (@Sendable (CommitID) async throws -> CheckResult)?
    var window: Window
    var budget: Budget
    /// Whether the model is asked to order its steps when it is done; it is not asked again once that went wrong.
    var ordersSteps: Bool

    private var lastEvent: ContinuousClock.Instant?
    private var judged: CommitID?
    private var silentTurns = 0
    private var idleClaims = 0

    /// How often the model may say nothing, or claim success without a change, before the run ends.
    private static let patience = 3

    init(
        client: ModelClient, bench: Workbench, journal: Journal, record: RunRecord, window: Window, budget: Budget,
        ordersSteps: Bool, judge: (@Sendable (CommitID) async throws -> CheckResult)?
    ) {
        self.client = client
        self.bench = bench
        self.journal = journal
        self.record = record
        self.window = window
        self.budget = budget
        self.ordersSteps = ordersSteps
        self.judge = judge
    }

    /// Runs turns until there is a verdict.
    ///
    /// - Throws: `CancellationError` when interrupted, and the errors of provider, repository and sandbox.
    mutating func run() async throws -> Ending {
        while true {
            // Without a journal the run can only end badly: no more tokens for it.
            if let failure = journal.failure { throw failure }
            if let limit = budget.exhausted() { return try await endOfBudget(limit) }
            let items = try await respond()
            let calls = items.compactMap(ToolCall.init)
            if !calls.isEmpty {
                silentTurns = 0
                let answers = try await bench.answer(calls, commentary: items.lastText(in: [.commentary, nil]))
                for answer in answers { journal.record(.inputItem(answer, turn: budget.turns)) }
                window.append(contentsOf: answers)
            } else if let text = items.lastText(in: [.finalAnswer, nil, .commentary]) {
                silentTurns = 0
                if let ending = try await conclude(summary: text) { return ending }
            } else {
                silentTurns += 1
                guard silentTurns < Self.patience else {
                    return Ending(
                        .provider,
                        "the model answered nothing \(silentTurns) times in a row; try another model or effort")
                }
                say(Prompt.nothingSaid)
            }
            journal.sync()
        }
    }

    /// One request and its response; what commands changed before is committed meanwhile.
    ///
    /// - Parameter limit: How long it may take with all that is tried again; nil where only the run's own limit counts.
    mutating func respond(within limit: Duration? = nil) async throws -> [Item] {
        let turn = budget.turns + 1
        journal.record(.turnStarted(turn))
        async let settled: Void = bench.settle()
        let response: ModelResponse
        do {
            response = try await exchange(turn: turn, within: limit)
        } catch {
            await settled
            if !(error is CancellationError) {
                journal.record(.turnFailed((error as? ConnectionMachine.Failure)?.error.message ?? "\(error)"))
            }
            throw error
        }
        await settled
        lastEvent = response.lastEvent
        budget.spend(response.end.usage)
        record.note { [budget] in
            $0.turns = budget.turns
            $0.usage = budget.usage
        }
        for item in response.items { keep(item, turn: turn) }
        journal.record(
            .turnCompleted(
                TurnReport(
                    turn: turn, response: response.end.id, usage: response.end.usage, duration: response.duration)))
        if case .incomplete("content_filter") = response.end.outcome {
            throw Ending(.provider, "the provider's content filter cut the response off")
        }
        return response.items
    }

    private func exchange(turn: Int, within limit: Duration?) async throws -> ModelResponse {
        let (client, window, observer) = (client, window, observer(turn: turn))
        guard let limit else { return try await client.respond(to: window, observer: observer) }
        return try await withThrowingTaskGroup(of: ModelResponse.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await client.respond(to: window, observer: observer) }
            group.addTask {
                try await Task.sleep(for: limit)
                throw Ending(.temporary, "no answer within \(limit.spelled)")
            }
            guard let response = try await group.next() else { throw CancellationError() }
            return response
        }
    }

    private func observer(turn: Int) -> ModelClient.Observer {
        let (journal, lastEvent) = (journal, lastEvent)
        return ModelClient.Observer(
            sent: { transport, byteCount, itemByteCount in
                journal.record(
                    .requestSent(
                        RequestReport(
                            turn: turn, transport: transport, byteCount: byteCount, itemByteCount: itemByteCount,
                            sinceLastEvent: lastEvent.map { .now - $0 })))
            },
            event: { event in
                switch event {
                case .textDelta(_, let text): journal.record(.textDelta(text, phase: nil))
                case .reasoningDelta(_, let text): journal.record(.reasoningDelta(text))
                default: break
                }
            },
            notice: { journal.record(.notice($0)) })
    }

    private mutating func keep(_ item: Item, turn: Int) {
        window.append(item)
        journal.record(.responseItem(item, turn: turn))
        if item.type == "message", let text = item.messageText, !text.isEmpty {
            journal.record(
                .itemCompleted(RunItem(id: journal.nextItemID(), content: .agentMessage(text: text, phase: item.phase)))
            )
        } else if item.type == "reasoning", let text = item.reasoningSummary {
            journal.record(.itemCompleted(RunItem(id: journal.nextItemID(), content: .reasoning(text))))
        }
    }

    /// The model says that it is done: nil if that is not so and it has been told.
    private mutating func conclude(summary: String) async throws -> Ending? {
        record.note { $0.summary = summary }
        // What is verified must be the last there is, so nothing may go on changing files.
        let stopped = await bench.windUp()
        try await order()
        guard let judge else {
            return Ending(.unverified, "the task ended; no command was given to prove it (--verify)")
        }
        let head = await bench.head
        if head == judged {
            idleClaims += 1
            guard idleClaims < Self.patience else {
                return Ending(.notFixed, "the model stopped, and the command still fails")
            }
        } else {
            idleClaims = 0
        }
        let tip = await bench.tip
        let result = try await judge(tip)
        judged = head
        if result.isPassing { return Ending(passingOn: tip) }
        let note = stopped.isEmpty ? "" : "Stopped before that: \(stopped.joined(separator: ", ")).\n"
        say(Prompt.stillFailing + "\n" + note + result.forModel)
        return nil
    }

    /// A limit is reached: what has been done since the last verification may still be enough.
    private mutating func endOfBudget(_ limit: String) async throws -> Ending {
        await bench.windUp()
        let head = await bench.head
        let tip = await bench.tip
        if let judge, head != judged, await !bench.steps.isEmpty, try await judge(tip).isPassing {
            return Ending(passingOn: tip)
        }
        return Ending(.budget, "\(limit), and the task is not done")
    }

    mutating func say(_ text: String) {
        let message = Item.message(role: "user", text: text)
        window.append(message)
        journal.record(.inputItem(message, turn: budget.turns))
    }
}

extension [Item] {
    /// The text of the last message in one of the phases, the first phase first.
    fileprivate func lastText(in phases: [Item.Phase?]) -> String? {
        for phase in phases {
            let message = last { $0.type == "message" && $0.phase == phase && $0.messageText?.isEmpty == false }
            if let message { return message.messageText }
        }
        return nil
    }
}

extension Item {
    /// The summary that came with reasoning, or nil if there is none.
    fileprivate var reasoningSummary: String? {
        let parts = json?["summary"]?.elements.compactMap { $0["text"]?.string } ?? []
        return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
    }
}

extension CheckResult {
    /// The result as the model reads it: how the command ended, what failed, what it printed.
    var forModel: String {
        let list = failures.prefix(20).map { "- \($0.name)\($0.message.isEmpty ? "" : ": \($0.message)")" }
        let failing = list.isEmpty ? "" : "Failures:\n\(list.joined(separator: "\n"))\n\n"
        return "It ended with: \(ending)\n\n\(failing)Output:\n\(output)"
    }
}
