import Configuration
import Prompts
import Responses
import Session
import Text

extension TurnLoop {
    /// How often what is to be compacted is cut down by half until it fits.
    private static let mostCuts = 5

    /// Makes the history shorter where it is time for that; between turns, when all calls have answers.
    ///
    /// Whatever goes wrong but an interruption, the history stays as it is and the run goes on.
    mutating func makeRoom() async throws {
        guard let compaction, window.unansweredCalls.isEmpty else { return }
        let work = events.state.work
        let milestone = work.milestones.count > compaction.milestonesSeen ? work.milestones.last?.kind : nil
        self.compaction?.milestonesSeen = work.milestones.count
        if let before = compaction.sizeBeforeServers { return adoptServersWindow(before) }
        let size = compaction.size.tokens(of: window)
        if let milestone, compaction.policy.takesMilestones(at: size), pays(milestone, size) {
            _ = try await compact(.milestone, milestone)
        } else if compaction.policy.isFull(size), compaction.policy.isFull(await counted(size)) {
            _ = try await compact(.threshold)
        }
    }

    /// Asks for a response; a history that the server refuses as too long is compacted once.
    ///
    /// - Throws: `RunEnding` where it does not fit even then.
    mutating func exchangeMakingRoom(turn: Int, within limit: Duration?) async throws -> ModelResponse {
        do { return try await exchange(turn: turn, within: limit) } catch let failure as ConnectionMachine.Failure {
            guard failure.kind.isOverflow, let compaction else { throw failure }
            let size = compaction.size.tokens(of: window)
            self.compaction?.policy.refused(size)
            guard compaction.policy.canHelp(size), try await compact(.overflow) else { throw tooLong(failure) }
        }
        do { return try await exchange(turn: turn, within: limit) } catch let failure as ConnectionMachine.Failure {
            throw failure.kind.isOverflow ? tooLong(failure) : failure
        }
    }

    private func tooLong(_ failure: ConnectionMachine.Failure) -> RunEnding {
        RunEnding(
            .provider,
            "the conversation does not fit into the model's window, not even shortened (\(failure.error.clause)); "
                + "go on with a model that reads more: graft resume --model NAME")
    }

    /// The size of the history; where it is an estimate for the most part, as the server counts it.
    private mutating func counted(_ size: Int) async -> Int {
        guard let estimated = compaction?.size.estimated(window), estimated > size / 10,
            let count = await model.countTokens(of: window.items)
        else { return size }
        compaction?.size.count(count, of: window)
        return count
    }

    private func pays(_ milestone: Milestone.Kind, _ size: Int) -> Bool {
        guard let compaction, let route = compaction.routes.first else { return false }
        let cost = CompactionCost(before: size, after: min(plan().estimate, size), route: route)
        return cost.isWorthwhile(at: milestone)
    }

    private func plan() -> CompactionPlan {
        CompactionPlan(window.items, opening: events.state.work.opening, keeping: compaction?.keptLimit ?? 0)
    }

    private var card: Item { StateCard(events.state, said: CompactionPlan.instructions(in: window.items)).item }

    /// Replaces the history by a shorter one; false where that has come to nothing.
    private mutating func compact(
        _ reason: CompactionReport.Reason, _ milestone: Milestone.Kind? = nil
    ) async throws -> Bool {
        guard let compaction else { return false }
        events.record(.progress(.compacting))
        await enter(.compaction)
        let (start, before) = (clock.now(), compaction.size.tokens(of: window))
        let plan = plan()
        var trouble = "there is no way to do it here"
        for route in compaction.routes {
            let left = Compaction.longestTry - (clock.now() - start)
            guard left > .zero else { break }
            do {
                let short = try await shorten(plan, by: route, isTooLong: reason == .overflow, within: left)
                let items = plan.window(short.form, card: card)
                let after = WindowSize().tokens(of: Window(items))
                guard after < before, Window(items).unansweredCalls.isEmpty else {
                    throw CompactionFailure(reason: "it frees nothing", isLasting: false, usage: short.usage)
                }
                budget.add(short.usage)
                adopt(
                    CompactionReport(
                        turn: turn, reason: reason, milestone: milestone, route: route, tokensBefore: before,
                        tokensAfter: after, duration: clock.now() - start, usage: short.usage,
                        cost: short.usage.flatMap { budget.price?.cost(of: $0) }, items: items))
                await model.breakChain()
                await resumeWork()
                return true
            } catch {
                await model.breakChain()
                let failure = CompactionFailure(error)
                pay(for: failure, route)
                // A cancelled task fails in many ways.
                if Task.isCancelled { throw error }
                if failure.isLasting { self.compaction?.routes.removeAll { $0 == route } }
                trouble = failure.reason
            }
        }
        await resumeWork()
        self.compaction?.policy.failed(at: before)
        lastEvent = clock.now()
        events.record(.notice("the conversation could not be shortened: \(trouble); going on with all of it"))
        return false
    }

    /// Takes note of what a try has cost that came to nothing.
    private mutating func pay(for failure: CompactionFailure, _ route: CompactionReport.Route) {
        guard let usage = failure.usage else { return }
        budget.add(usage)
        events.record(
            .compactionFailed(
                FailedCompaction(
                    turn: turn, route: route, reason: failure.reason, usage: usage,
                    cost: budget.price?.cost(of: usage))))
    }

    /// Makes the short form by one way; what is too long for it is cut down for that request alone.
    private func shorten(
        _ plan: CompactionPlan, by route: CompactionReport.Route, isTooLong: Bool, within limit: Duration
    ) async throws -> ShortHistory {
        var size = window.tokenEstimate
        var cut: [Item]?
        // What fits is not known exactly: the first cut leaves some room.
        if isTooLong { cut = plan.trimmed(toTokens: min(compaction?.policy.limit ?? size, size) / 4 * 3) }
        for _ in 0..<Self.mostCuts {
            do {
                return try await clock.limiting(limit) { [cut] in try await self.ask(by: route, plan, cut) }
            } catch {
                guard !Task.isCancelled, CompactionFailure(error).isOverflow else { throw error }
                size = cut.map { Window($0).tokenEstimate } ?? size
                cut = plan.trimmed(toTokens: size / 2)
            }
        }
        throw CompactionFailure(reason: "it is too long for that, too", isLasting: false)
    }

    private func ask(
        by route: CompactionReport.Route, _ plan: CompactionPlan, _ cut: [Item]?
    ) async throws -> ShortHistory {
        let observer = ModelObserver(
            sent: { _, _, _ in }, event: { _ in }, notice: { [events] in events.record(.notice($0)) })
        var asked = window
        if let cut { asked.replace(with: cut) }
        switch route {
        case .trigger:
            asked.append(.compactionTrigger)
            let response = try await model.respond(to: asked, observer: observer)
            let items = response.items.filter(\.isCompaction)
            guard items.count == 1 else {
                throw CompactionFailure.invalid("the server sent no compaction", usage: response.end.usage)
            }
            return ShortHistory(form: .item(items[0]), usage: response.end.usage)
        case .endpoint:
            let answer = try await model.compact(cut ?? plan.withoutCards)
            guard answer.items.contains(where: \.isCompaction) else {
                throw CompactionFailure.invalid("the server sent no compaction", usage: answer.usage)
            }
            return ShortHistory(form: .window(answer.items), usage: answer.usage)
        case .summary:
            asked.append(.message(role: "user", text: Prompt.summarize))
            let response = try await model.respond(to: asked, observer: observer)
            let text = response.items.compactMap { $0.isFromModel ? $0.messageText : nil }.last ?? ""
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw CompactionFailure(
                    reason: "the model wrote no summary", isLasting: false, usage: response.end.usage)
            }
            return ShortHistory(form: .summary(text), usage: response.end.usage)
        case .server: throw CompactionFailure.invalid("only the server does that")
        }
    }

    /// Takes over what the server has made of the history by itself.
    private mutating func adoptServersWindow(_ before: Int) {
        compaction?.sizeBeforeServers = nil
        guard let index = window.items.lastIndex(where: \.isCompaction) else { return }
        let plan = CompactionPlan(
            Array(window.items[..<index]), opening: events.state.work.opening, keeping: compaction?.keptLimit ?? 0)
        let rest = window.items[(index + 1)...].filter { !StateCard.isCard($0) }
        let items = plan.opening + [window.items[index]] + plan.kept + rest + [card]
        adopt(
            CompactionReport(
                turn: turn, reason: .server, route: .server, tokensBefore: before,
                tokensAfter: WindowSize().tokens(of: Window(items)), duration: .zero, items: items))
    }

    private mutating func adopt(_ report: CompactionReport) {
        window.replace(with: report.items)
        events.record(.windowCompacted(report))
        events.sync()
        compaction?.policy.compacted(from: report.tokensBefore, to: report.tokensAfter)
        if report.route != .server { lastEvent = clock.now() }
    }
}

extension ConnectionMachine.Failure.Kind {
    fileprivate var isOverflow: Bool { if case .contextOverflow = self { true } else { false } }
}
