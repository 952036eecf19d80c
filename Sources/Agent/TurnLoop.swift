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
    /// With which effort and verbosity the model works; nil where both stay as they are.
    var style: PhasedStyle?
    /// Keeps the pictures that the server makes; nil where they are not kept.
    var pictures: PictureFolder?
    /// Measures the session's files, where their size is limited.
    var disk: DiskMeter?

    /// How many responses the session had before, if it goes on.
    private let earlierTurns: Int
    /// What a person says meanwhile.
    private let messages: UserMessages
    /// What people have written for agents.
    private var instructions: Instructions?

    /// Whether the person knows that the server tells no usage.
    var hasNoticedMissingUsage = false
    /// Makes the history shorter; nil where that is not done.
    var compaction: Compaction?
    /// When the last event of the last response came, or the history was made shorter.
    var lastEvent: ContinuousClock.Instant?
    private var judged: (commit: CommitID, judgement: Judgement)?
    /// Whether the model knows that its commits pass without being a proof.
    private var knowsDoubts = false
    private var loops = LoopWatch()
    /// The responses in a row that held neither a call nor a claim.
    private var idleTurns = 0
    private var idleClaims = 0

    /// How often the model may do nothing, or claim success without a change, before the run ends.
    private static let patience = 3

    init(
        model: any Model, tools: any TurnTools, events: any RunJournal, window: Window, budget: Budget,
        ordersSteps: Bool, earlierTurns: Int = 0, messages: UserMessages = UserMessages(),
        instructions: Instructions? = nil, clock: RunClock = .system,
        compaction: Compaction? = nil, judge: Judge?
    ) {
        self.model = model
        self.tools = tools
        self.events = events
        self.window = window
        self.budget = budget
        self.ordersSteps = ordersSteps
        self.earlierTurns = earlierTurns
        self.messages = messages
        self.instructions = instructions
        self.clock = clock
        self.compaction = compaction
        self.judge = judge
    }

    /// Runs turns until there is a verdict.
    ///
    /// - Parameter beginning: Where a session goes on.
    /// - Throws: `CancellationError` when interrupted, and the errors of provider, repository and sandbox.
    mutating func run(from beginning: Continuation = .request) async throws -> RunEnding {
        switch beginning {
        case .request: break
        case .told(let text, let pictures, let skills):
            if let skills { say(skills) }
            say(text, pictures)
        case .claimed(let text, let orderings):
            if let ending = try await conclude(text, orderings: orderings) { return ending }
        case .proved(let commit): return RunEnding(passingOn: commit)
        }
        while true {
            for text in messages.takeAll() { say("\(Prompt.newest)\n\(text)\n") }
            // Without a journal the run can only end badly: no more tokens for it.
            if let failure = events.failure { throw failure }
            if let disk { budget.diskGrowth = disk.growth }
            if let limit = budget.exhausted {
                return RunEnding(
                    .budget, "\(limit), and the task is not done", flagForMore: budget.flagForMore)
            }
            warn()
            await takeNewTools()
            try await makeRoom()
            await followMilestones()
            let response = try await respond()
            switch Turn(response.items, cutOff: response.end.cutOff) {
            case .calls(let calls, let commentary):
                idleTurns = 0
                let answers = try await answer(calls, commentary: commentary)
                try heed(loops.note(response.items, answers: answers))
            case .claim(let text):
                // What a person has said meanwhile is still to be done.
                guard messages.isEmpty else { continue }
                if let ending = try await conclude(text) { return ending }
            case .refusal(let text):
                return RunEnding(.provider, "the model refuses the task: \(text)")
            case .commentary(let text):
                // A model that cannot end in its own form is judged by what it has done.
                if !remind(Prompt.unfinished), let ending = try await conclude(text) { return ending }
            case .cutOff(let reason):
                guard remind(Prompt.cutOff) else {
                    return RunEnding(
                        .provider,
                        "the responses were cut off \(Self.patience) times in a row (\(reason)); "
                            + "try another model or a lower effort")
                }
            case .silence:
                guard remind(Prompt.nothingSaid) else {
                    return RunEnding(
                        .provider,
                        "the model answered nothing \(Self.patience) times in a row; try another model or effort")
                }
            }
        }
    }

    /// One request and its response; what commands changed before is committed meanwhile.
    ///
    /// - Parameter limit: How long it may take with all that is tried again; nil where only the run's own limit counts.
    mutating func respond(within limit: Duration? = nil) async throws -> ModelResponse {
        let turn = turn + 1
        events.record(.turnStarted(turn))
        let size = compaction?.size.tokens(of: window) ?? 0
        async let settled: Void = tools.settle()
        let response: ModelResponse
        do {
            response = try await exchangeMakingRoom(turn: turn, within: limit)
        } catch {
            await settled
            if !(error is CancellationError) { events.record(.turnFailed(Self.words(of: error))) }
            throw error
        }
        await settled
        try await requireStorage()
        lastEvent = response.lastEvent
        budget.spend(response.end.usage)
        noticeMissing(response.end.usage)
        for item in response.items { keep(item, turn: turn) }
        compaction?.note(response, in: window, before: size)
        events.record(
            .turnCompleted(
                TurnReport(
                    turn: turn, response: response.end.id, usage: response.end.usage,
                    cost: response.end.usage.flatMap { budget.price?.cost(of: $0) }, duration: response.duration)))
        if case .incomplete("content_filter") = response.end.outcome {
            throw RunEnding(.provider, "the provider's content filter cut the response off")
        }
        return response
    }

    /// Has calls run, and takes their answers into the history.
    ///
    /// What is in the journal before and after reaches the disk while tools and model work.
    @discardableResult
    mutating func answer(_ calls: [ToolCall], commentary: String?, only: String? = nil) async throws -> [Item] {
        events.sync()
        defer { events.sync() }
        let answers = try await tools.answer(calls, commentary: commentary, turn: turn, only: only)
        window.append(contentsOf: answers)
        if let text = instructions?.text(for: calls) { say(text) }
        disk?.measure()
        try await requireStorage()
        return answers
    }

    /// The number of the session's last response.
    var turn: Int { earlierTurns + budget.turns }

    /// Ends the run where nothing more can be committed: every further turn would be lost.
    private func requireStorage() async throws {
        if let trouble = await tools.standing?.trouble, trouble.storageError != nil { throw trouble }
    }

    func exchange(turn: Int, within limit: Duration?) async throws -> ModelResponse {
        let (model, window, observer) = (model, window, observer(turn: turn))
        guard let limit else { return try await model.respond(to: window, observer: observer) }
        return try await clock.limiting(limit) { try await model.respond(to: window, observer: observer) }
    }

    private func observer(turn: Int) -> ModelObserver {
        let (events, lastEvent, clock) = (events, lastEvent, clock)
        let drafts = DraftProgress(events)
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
                default: drafts.take(event)
                }
            },
            notice: { events.record(.notice($0)) },
            background: { response, sequence in
                events.record(
                    .responseInBackground(BackgroundReport(turn: turn, response: response, sequence: sequence)))
                // Whoever goes on after a crash needs the name.
                if sequence == nil { events.sync() }
            })
    }

    private static func words(of error: any Error) -> String {
        switch error {
        case let failure as ConnectionMachine.Failure: failure.error.message
        case let ending as RunEnding: ending.message
        default: "\(error)"
        }
    }

    /// The model says that it is done: nil if that is not so and it has been told.
    ///
    /// - Parameter orderings: How many responses were to order the steps, if a session goes on there.
    private mutating func conclude(_ text: String, orderings: Int? = nil) async throws -> RunEnding? {
        idleTurns = 0
        if orderings == nil { events.record(.taskClaimed(summary: text)) }
        // What is verified must be the last there is, so nothing may go on changing files.
        let stopped = await tools.windUp()
        // A verdict on commits that lack something of the work would be about something else.
        if let trouble = await tools.standing?.trouble { throw trouble }
        let remarks = await tools.takeRemarks()
        guard remarks.isEmpty else {
            say(Prompt.notStored + "\n" + remarks.map { "- \($0)\n" }.joined())
            return nil
        }
        try await order(after: orderings)
        try Task.checkCancellation()
        guard let judge, let standing = await tools.standing else {
            return RunEnding(.unverified, "the task ended; no command was given to prove it (--verify)")
        }
        if let judged, standing.head == judged.commit {
            idleClaims += 1
            // Nothing has changed: what was judged would be judged the same.
            if let ending = RunEnding(judged.judgement, of: standing.tip) { return ending }
            if let repetitions = judged.judgement.verification.repetitions, repetitions.isMixed {
                return RunEnding(mixed: repetitions, on: standing.tip)
            }
            guard idleClaims < Self.patience else {
                return RunEnding(.notFixed, "the model stopped, and the command still fails")
            }
        } else {
            idleClaims = 0
        }
        let judgement = try await judge(standing.tip)
        judged = (standing.head, judgement)
        if judgement.isPassing, !judgement.isProof, !judgement.isMixed, !knowsDoubts {
            // Often there is a repair without them.
            knowsDoubts = true
            say(Prompt.doubted + "\n" + judgement.textOfDoubts)
            return nil
        }
        if let ending = RunEnding(judgement, of: standing.tip) { return ending }
        if !standing.hasSteps, let repetitions = judgement.verification.repetitions, repetitions.isMixed {
            return RunEnding(mixed: repetitions, on: standing.tip)
        }
        let note = stopped.isEmpty ? "" : "Stopped before that: \(stopped.joined(separator: ", ")).\n"
        say(Prompt.stillFailing + "\n" + note + judgement.text)
        return nil
    }

    /// Tells the model that its response leads nowhere; false if it has been told often enough.
    private mutating func remind(_ words: String) -> Bool {
        idleTurns += 1
        guard idleTurns < Self.patience else { return false }
        say(words)
        return true
    }

    /// Gives the model the tools that have come since the last request, behind what it has: the beginning stays cached.
    private mutating func takeNewTools() async {
        let tools = await self.tools.takeNewTools()
        if !tools.isEmpty { add(.adding(tools)) }
    }

    mutating func say(_ text: String, _ pictures: [Picture] = []) {
        add(.message(role: "user", text: text, pictures: pictures))
    }

    private mutating func add(_ item: Item) {
        window.append(item)
        events.record(.inputItem(item, turn: turn))
    }
}

/// What a response asks of the loop.
enum Turn {
    /// Calls to run, and what the model said before them.
    case calls([ToolCall], commentary: String?)
    /// A final answer, or a message of a model that knows no phases: the model says that it is done.
    case claim(String)
    /// The model declines to go on.
    case refusal(String)
    /// Words on the way without a step.
    case commentary(String)
    /// The provider ended the response before a call or an answer, with its reason.
    case cutOff(String)
    /// Nothing.
    case silence

    init(_ items: [Item], cutOff reason: String?) {
        let calls = items.compactMap(ToolCall.init)
        if !calls.isEmpty {
            self = .calls(calls, commentary: items.lastText(in: [.commentary, nil]))
        } else if let reason {
            self = .cutOff(reason)
        } else if let refusal = items.last(where: { $0.type == "message" })?.refusal {
            self = .refusal(refusal)
        } else if let text = items.lastText(in: [.finalAnswer, nil]) {
            self = .claim(text)
        } else if let text = items.lastText(in: [.commentary]) {
            self = .commentary(text)
        } else if items.contains(where: { $0.type == HostedType.imageGeneration.rawValue && $0.status == "completed" })
        {
            // A picture may be all there is to say.
            self = .claim("A picture was made.")
        } else {
            self = .silence
        }
    }
}

extension ResponseEnd {
    /// The provider's reason for an end before the model's; nil for a whole response.
    fileprivate var cutOff: String? { if case .incomplete(let reason) = outcome { reason } else { nil } }
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
    /// What a message declines with; nil unless it holds a refusal and no other text.
    fileprivate var refusal: String? {
        let parts = json?["content"]?.elements.map { $0["refusal"]?.string } ?? []
        let refusals = parts.compactMap { $0 }
        return refusals.isEmpty || parts.count > refusals.count ? nil : refusals.joined(separator: " ")
    }
}
