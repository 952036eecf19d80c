import JSON
import Responses

extension SimulatorSession {
    /// A request's input against the history: what a response, a compaction or a count starts from.
    struct Prepared: Sendable {
        /// The request's own items.
        var input: [JSON]
        /// The whole context with them.
        var context: RenderedContext
        /// Turns that lie behind the request.
        var position: Int
        /// The request's items that are new to the server.
        var new: [JSON]
    }

    /// Answers a `POST /responses` or a `response.create`; `now` is in milliseconds since 1970.
    mutating func create(_ body: JSON, from origin: Origin, now: Int) -> Outcome {
        note = Note()
        settle(now: now)
        let isWebSocket = origin != .http
        let lane: String?
        switch RequestChecks.lane(body) {
        case .success(let name): lane = isWebSocket ? name : nil
        case .failure(let failure): return .refuse(Refusal(error: failure.error))
        }
        if case .webSocket(let connection) = origin {
            switch enter(lane: lane, of: connection, body) {
            case .run: break
            case .wait: return .wait
            case .refuse(let error): return .refuse(Refusal(error: error, streamID: lane))
            }
        }
        let outcome = answer(body, from: origin, lane: lane, now: now)
        guard case .webSocket(let connection) = origin else { return outcome }
        switch outcome {
        case .play(let playback): connections[connection]?.lanes[lane]?.running = playback.head.id
        case .refuse:
            // A continuation that fails on its own lane evicts what it continues.
            if let parent = body["previous_response_id"]?.string {
                evict(parent, connection: connection, lane: lane)
            }
        case .wait: break
        }
        return outcome
    }

    private enum Entry {
        case run, wait
        case refuse(APIError)
    }

    private mutating func enter(lane: String?, of connection: Int, _ body: JSON) -> Entry {
        var state = connections[connection] ?? ConnectionState()
        if lane != nil, state.lanes[lane] == nil, state.named >= 32 {
            return .refuse(
                APIError(
                    "This WebSocket connection has reached its limit of 32 stream ids.",
                    code: "websocket_stream_limit_reached", param: "stream_id"))
        }
        let isBusy = state.lanes[lane]?.running != nil
        if isBusy {
            let name = lane.map { "lane '\($0)'" } ?? "the default lane"
            note.violations.append("response.create while a response is in flight on \(name)")
            if isStrict {
                return .refuse(
                    APIError(
                        "Protocol violation: response.create while a response is in flight on \(name). The API queues "
                            + "it; the simulator refuses it in strict mode.", code: "simulator_lane_busy",
                        param: "stream_id"))
            }
        }
        let mustWait = isBusy || state.runningCount >= 16
        var entered = state.lanes[lane] ?? ConnectionState.Lane()
        if mustWait { entered.waiting.append(body) }
        state.lanes[lane] = entered
        connections[connection] = state
        return mustWait ? .wait : .run
    }

    private mutating func answer(_ body: JSON, from origin: Origin, lane: String?, now: Int) -> Outcome {
        func refuse(_ error: APIError) -> Outcome { .refuse(Refusal(error: error, streamID: lane)) }
        let purpose: RequestChecks.Purpose = origin == .http ? .http : .webSocket
        if let error = RequestChecks.check(body, for: purpose, isLenient: scenario.isLenient) { return refuse(error) }
        let prepared: Prepared
        switch prepare(body, from: origin) {
        case .success(let value): prepared = value
        case .failure(let failure): return refuse(failure.error)
        }
        let isWarmUp = body["generate"]?.bool == false || body["prompt_cache_options"]?["prewarm"]?.bool == true
        if isWarmUp {
            return play(Scenario.Turn(), body, prepared, next: prepared.position, lane: lane, origin: origin, now: now)
        }
        if prepared.input.last?["type"]?.string == "compaction_trigger" {
            let turn = Scenario.Turn(items: [.constant(#"{"type":"compaction"}"#)])
            return play(turn, body, prepared, next: prepared.position, lane: lane, origin: origin, now: now)
        }
        return answer(body, prepared, from: origin, lane: lane, now: now)
    }

    private mutating func answer(
        _ body: JSON, _ prepared: Prepared, from origin: Origin, lane: String?, now: Int
    ) -> Outcome {
        var position = prepared.position
        while let turn = scenario.turn(at: position) {
            note.position = position
            if let problem = turn.expectation?.problem(in: body, prepared) {
                note.violations.append(problem)
                var error = APIError("Turn \(position) of '\(scenario.name)': \(problem)")
                error.code = "scenario_expectation_failed"
                return .refuse(Refusal(error: error, streamID: lane))
            }
            guard let fault = turn.fault else {
                return play(turn, body, prepared, next: position + 1, lane: lane, origin: origin, now: now)
            }
            let key = FaultKey(cacheKey: body["prompt_cache_key"]?.string ?? "", position: position)
            guard faults[key, default: 0] < turn.faultTimes else {
                if turn.isOnlyFault, position + 1 <= scenario.turns.count {
                    position += 1
                    continue
                }
                return play(turn, body, prepared, next: position + 1, lane: lane, origin: origin, now: now)
            }
            faults[key, default: 0] += 1
            if let error = fault.error, !fault.fails {
                return .refuse(
                    Refusal(
                        error: APIError(error), streamID: lane, delay: turn.delayMilliseconds,
                        closeCode: fault.closeCode))
            }
            if let bytes = fault.httpAnswer {
                return .refuse(
                    Refusal(error: APIError("The answer is not ours."), streamID: lane, isCut: true, bytes: bytes))
            }
            if fault.dropAfterEvents == 0 {
                return .refuse(
                    Refusal(
                        error: APIError("The connection is cut."), streamID: lane, delay: turn.delayMilliseconds,
                        closeCode: fault.closeCode, isCut: true))
            }
            return play(
                turn, fault: fault, body, prepared, next: position + 1, lane: lane, origin: origin, now: now)
        }
        let count = scenario.turns.count
        let error = APIError(
            "The scenario '\(scenario.name)' has \(count) turns and all of them are answered.",
            code: "scenario_exhausted")
        return .refuse(Refusal(error: error, streamID: lane))
    }

    private mutating func play(
        _ turn: Scenario.Turn, fault: Scenario.Fault? = nil, _ body: JSON, _ prepared: Prepared, next position: Int,
        lane: String?, origin: Origin, now: Int
    ) -> Outcome {
        let id = completion.mint.next("resp")
        let model = scenario.model ?? body["model"]?.string ?? ""
        let head = ResponseHead(id: id, createdAt: now / 1000, model: model, request: body)
        var context = prepared.context
        var usage = cache.look(body, context)
        var authored = turn.items
        let thresholds = (body["context_management"] ?? .empty).elements.compactMap { $0["compact_threshold"]?.int }
        if let threshold = thresholds.first, usage.input > threshold, !authored.isEmpty {
            authored.insert(.constant(#"{"type":"compaction"}"#), at: 0)
        }
        var items: [JSON] = []
        for (index, item) in authored.enumerated() {
            let isCutOff = turn.incompleteReason != nil && index == authored.count - 1
            items.append(completion.output(item, status: isCutOff ? "incomplete" : "completed"))
        }
        var ending = ResponseHead.State(status: "completed", output: items)
        usage.output = items.reduce(0) { $0 + Usage.tokens(bytes: $1.raw.count) }
        usage.reasoning = items.filter { $0["type"]?.string == "reasoning" }
            .reduce(0) { $0 + Usage.tokens(bytes: $1.raw.count) }
        usage.verbatim = turn.usage
        ending.usage = usage
        if fault?.fails == true {
            ending = ResponseHead.State(status: "failed", failure: fault?.error.map { APIError($0) })
            items = []
        } else if let reason = turn.incompleteReason {
            ending.status = "incomplete"
            ending.incompleteReason = reason
        } else {
            ending.completedAt = (now + turn.delayMilliseconds) / 1000
        }
        var playback = Playback(
            head: head, items: items, ending: ending, streamID: lane, delay: turn.delayMilliseconds,
            deltaBytes: turn.deltaBytes)
        playback.rawEvents = turn.rawEvents
        playback.itemDelay = turn.itemDelayMilliseconds
        playback.rawText = fault?.rawText
        playback.wire = fault?.wire ?? []
        playback.eventLines = turn.eventLines
        playback.isQueuedFirst = body["background"]?.bool == true
        if let cut = fault?.dropAfterEvents { playback.cutAfter = (cut, fault?.closeCode) }
        let streamed = turn.rawEvents.filter { $0["type"]?.string == "response.output_item.done" }
            .compactMap { $0["item"] }
        for item in items.isEmpty && fault?.fails != true ? streamed : items { context.append(item) }
        responses[id] = StoredResponse(
            playback: playback, context: context.pruned, position: position,
            input: prepared.input.map { completion.listed($0) }, isStored: body["store"]?.bool ?? true,
            isBackground: body["background"]?.bool == true, readyAt: now + turn.delayMilliseconds)
        return .play(playback)
    }
}
