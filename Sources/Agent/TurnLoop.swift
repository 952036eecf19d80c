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
    let model: any Model
    let tools: any TurnTools
    let events: any RunJournal
    /// Runs the deciding command on a clean checkout of a commit; absent for a task without one.
    let judge: Judge?
    let clock: RunClock
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
        model: any Model, tools: any TurnTools, events: any RunJournal, window: Window, budget: Budget,
        ordersSteps: Bool, clock: RunClock = .system, judge: Judge?
    ) {
        self.model = model
        self.tools = tools
        self.events = events
        self.window = window
        self.budget = budget
        self.ordersSteps = ordersSteps
        self.clock = clock
        self.judge = judge
    }

    /// Runs turns until there is a verdict.
    ///
    /// - Throws: `CancellationError` when interrupted, and the errors of provider, repository and sandbox.
    mutating func run() async throws -> RunEnding {
        while true {
            // Without a journal the run can only end badly: no more tokens for it.
            if let failure = events.failure { throw failure }
            if let limit = budget.exhausted { return RunEnding(.budget, "\(limit), and the task is not done") }
            switch Turn(try await respond()) {
            case .calls(let calls, let commentary):
                silentTurns = 0
                try await answer(calls, commentary: commentary)
            case .claim(let text):
                silentTurns = 0
                if let ending = try await conclude(text) { return ending }
            case .silence:
                if let ending = remindOrEnd() { return ending }
            }
        }
    }

    /// One request and its response; what commands changed before is committed meanwhile.
    ///
    /// - Parameter limit: How long it may take with all that is tried again; nil where only the run's own limit counts.
    mutating func respond(within limit: Duration? = nil) async throws -> [Item] {
        let turn = budget.turns + 1
        events.record(.turnStarted(turn))
        async let settled: Void = tools.settle()
        let response: ModelResponse
        do {
            response = try await exchange(turn: turn, within: limit)
        } catch {
            await settled
            if !(error is CancellationError) { events.record(.turnFailed(Self.words(of: error))) }
            throw error
        }
        await settled
        lastEvent = response.lastEvent
        budget.spend(response.end.usage)
        for item in response.items { keep(item, turn: turn) }
        events.record(
            .turnCompleted(
                TurnReport(
                    turn: turn, response: response.end.id, usage: response.end.usage, duration: response.duration)))
        if case .incomplete("content_filter") = response.end.outcome {
            throw RunEnding(.provider, "the provider's content filter cut the response off")
        }
        return response.items
    }

    /// Has calls run, and takes their answers into the history.
    ///
    /// What is in the journal before and after reaches the disk while tools and model work.
    @discardableResult
    mutating func answer(_ calls: [ToolCall], commentary: String?, only: String? = nil) async throws -> [Item] {
        events.sync()
        defer { events.sync() }
        let answers = try await tools.answer(calls, commentary: commentary, turn: budget.turns, only: only)
        window.append(contentsOf: answers)
        return answers
    }

    private func exchange(turn: Int, within limit: Duration?) async throws -> ModelResponse {
        let (model, window, observer, clock) = (model, window, observer(turn: turn), clock)
        guard let limit else { return try await model.respond(to: window, observer: observer) }
        return try await withThrowingTaskGroup(of: ModelResponse.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await model.respond(to: window, observer: observer) }
            group.addTask {
                try await clock.sleep(limit)
                throw RunEnding(.temporary, "no answer within \(limit.spelled)")
            }
            guard let response = try await group.next() else { throw CancellationError() }
            return response
        }
    }

    private func observer(turn: Int) -> ModelObserver {
        let (events, lastEvent, clock) = (events, lastEvent, clock)
        return ModelObserver(
            sent: { transport, byteCount, itemByteCount in
                events.record(
                    .requestSent(
                        RequestReport(
                            turn: turn, transport: transport, byteCount: byteCount, itemByteCount: itemByteCount,
                            sinceLastEvent: lastEvent.map { clock.now() - $0 })))
            },
            event: { event in
                switch event {
                case .textDelta(_, let text): events.record(.textDelta(text, phase: nil))
                case .reasoningDelta(_, let text): events.record(.reasoningDelta(text))
                default: break
                }
            },
            notice: { events.record(.notice($0)) })
    }

    private static func words(of error: any Error) -> String {
        switch error {
        case let failure as ConnectionMachine.Failure: failure.error.message
        case let ending as RunEnding: ending.message
        default: "\(error)"
        }
    }

    private mutating func keep(_ item: Item, turn: Int) {
        window.append(item)
        events.record(.responseItem(item, turn: turn))
        if item.type == "message", let text = item.messageText, !text.isEmpty {
            let content = RunItem.Content.agentMessage(text: text, phase: item.phase)
            events.record(.itemCompleted(RunItem(id: events.nextItemID(), content: content)))
        } else if item.type == "reasoning", let text = item.reasoningSummary {
            events.record(.itemCompleted(RunItem(id: events.nextItemID(), content: .reasoning(text))))
        }
    }

    /// The model says that it is done: nil if that is not so and it has been told.
    private mutating func conclude(_ text: String) async throws -> RunEnding? {
        events.record(.taskClaimed(summary: text))
        // What is verified must be the last there is, so nothing may go on changing files.
        let stopped = await tools.windUp()
        try await order()
        try Task.checkCancellation()
        guard let judge else {
            return RunEnding(.unverified, "the task ended; no command was given to prove it (--verify)")
        }
        let standing = await tools.standing
        if standing.head == judged {
            idleClaims += 1
            guard idleClaims < Self.patience else {
                return RunEnding(.notFixed, "the model stopped, and the command still fails")
            }
        } else {
            idleClaims = 0
        }
        let judgement = try await judge(standing.tip)
        judged = standing.head
        if judgement.isPassing { return RunEnding(passingOn: standing.tip) }
        let note = stopped.isEmpty ? "" : "Stopped before that: \(stopped.joined(separator: ", ")).\n"
        say(Prompt.stillFailing + "\n" + note + judgement.text)
        return nil
    }

    /// The model has said nothing: it is told so, some times.
    private mutating func remindOrEnd() -> RunEnding? {
        silentTurns += 1
        guard silentTurns < Self.patience else {
            return RunEnding(
                .provider, "the model answered nothing \(silentTurns) times in a row; try another model or effort")
        }
        say(Prompt.nothingSaid)
        return nil
    }

    mutating func say(_ text: String) {
        let message = Item.message(role: "user", text: text)
        window.append(message)
        events.record(.inputItem(message, turn: budget.turns))
    }
}

/// What a response asks of the loop.
private enum Turn {
    /// Calls to run, and what the model said before them.
    case calls([ToolCall], commentary: String?)
    /// A message without calls: the model says that it is done.
    case claim(String)
    /// Nothing.
    case silence

    init(_ items: [Item]) {
        let calls = items.compactMap(ToolCall.init)
        if !calls.isEmpty {
            self = .calls(calls, commentary: items.lastText(in: [.commentary, nil]))
        } else if let text = items.lastText(in: [.finalAnswer, nil, .commentary]) {
            self = .claim(text)
        } else {
            self = .silence
        }
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
