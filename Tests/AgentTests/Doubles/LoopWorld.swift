import Configuration
import Repository
import Responses
import Session
import Synchronization
import TestSupport
import Testing

@testable import Agent

/// A turn loop among doubles: no process, no socket, no time that passes.
final class LoopWorld: Sendable {
    let story = Story()
    let clock = ManualClock()
    let model: ScriptedModel
    let tools: ScriptedTools
    let events: RecordedEvents
    let messages = UserMessages()
    private let judged = Mutex<[CommitID]>([])

    /// The history that each run begins with.
    static let beginning = [Item.message(role: "developer", text: "Rules."), .message(role: "user", text: "A task.")]

    convenience init(_ turns: ScriptedModel.Turn..., tools script: ScriptedTools.Script = .init()) {
        self.init(turns: turns, tools: script)
    }

    init(turns: [ScriptedModel.Turn], tools script: ScriptedTools.Script = .init()) {
        model = ScriptedModel(turns, clock: clock, story: story)
        tools = ScriptedTools(script, story: story)
        events = RecordedEvents { [story] in story.tell($0) }
    }

    /// The commits that were judged.
    var judgements: [CommitID] { judged.withLock { $0 } }

    /// What the model claimed last.
    var summary: String? {
        events.all.compactMap { if case .taskClaimed(let summary) = $0 { summary } else { nil } }.last
    }

    /// Runs the loop to its end, with a history that is made shorter where the policy says so.
    func run(compacting policy: CompactionPolicy, start: RunStart? = nil) async throws -> RunEnding {
        if let start { events.record(.runStarted(start)) }
        for item in Self.beginning { events.record(.inputItem(item, turn: 0)) }
        var loop = TurnLoop(
            model: model, tools: tools, events: events, window: Window(Self.beginning),
            budget: Budget(settings: Settings(), start: clock.now), ordersSteps: false, clock: clock.runClock,
            compaction: Compaction(policy: policy, routes: model.compactionRoutes), judge: nil)
        return try await loop.run()
    }

    /// Runs the loop to its end.
    ///
    /// - Parameters:
    ///   - verdicts: Whether the command passes, each time that it is run; nil for a task without one.
    ///   - judging: Happens before the command has run.
    func run(
        judging verdicts: [Bool]? = nil, ordersSteps: Bool = false, maxTurns: Int? = nil, maxTokens: Int? = nil,
        maxTime: Duration? = nil, effort: PhasedValue? = nil, from beginning: Continuation = .request,
        earlierTurns: Int = 0, judgements: [Judgement]? = nil,
        judging action: (@Sendable () async throws -> Void)? = nil
    ) async throws -> RunEnding {
        var settings = Settings()
        (settings.maxTurns, settings.maxTokens, settings.maxTime) = (maxTurns, maxTokens, maxTime)
        var window = Window()
        window.append(contentsOf: Self.beginning)
        var loop = TurnLoop(
            model: model, tools: tools, events: events, window: window,
            budget: Budget(settings: settings, start: clock.now), ordersSteps: ordersSteps,
            earlierTurns: earlierTurns, messages: messages, clock: clock.runClock,
            judge: (judgements ?? verdicts?.map { Judgement(isPassing: $0) }).map { judge($0, action) })
        settings.effort = effort
        loop.style = PhasedStyle(settings)
        return try await loop.run(from: beginning)
    }

    private func judge(_ verdicts: [Judgement], _ action: (@Sendable () async throws -> Void)?) -> Judge {
        { [self] commit in
            story.tell("command is run")
            let position = judged.withLock {
                $0.append(commit)
                return $0.count - 1
            }
            try await action?()
            try #require(position < verdicts.count, "the command was run once more than expected")
            return verdicts[position]
        }
    }
}

extension Judgement {
    /// What the model reads says that the command failed, whatever it did.
    init(
        isPassing: Bool, of commit: CommitID = ScriptedTools.commit(1), after duration: Duration = .seconds(1),
        doubts: [Doubt] = [], repetitions: Repetitions? = nil
    ) {
        let report = CommandReport(
            exitCode: isPassing ? 0 : 1, ending: isPassing ? "exit 0" : "exit 1", duration: duration, output: "",
            outputByteCount: 0)
        var verification = Verification(commit: commit.hex, report: report)
        (verification.doubts, verification.repetitions) = (doubts, repetitions)
        self.init(verification: verification, text: "It ended with: exit 1", duration: duration)
    }
}
