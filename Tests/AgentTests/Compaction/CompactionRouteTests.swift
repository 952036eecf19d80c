import Configuration
import JSON
import Responses
import Session
import Simulator
import TestSupport
import Testing

@testable import Agent

/// The ways in which a history is made shorter, through a socket or HTTP to a server that checks every request.
@Suite struct `The way of a compaction` {
    private struct Outcome {
        var reports: [CompactionReport]
        var notices: [String]
        var ending: RunEnding
        var log: [SimulatorLog.Request]
        var failed: [FailedCompaction]
        var state: SessionState

        /// The bodies of the requests to a path below the base URL.
        func bodies(_ path: String) throws -> [JSON] {
            try log.filter { $0.path == "/v1" + path && !$0.body.isEmpty }.map { try JSON($0.body) }
        }

        var violations: [String] { log.flatMap(\.violations) }
    }

    /// Three calls with ten thousand tokens of answer each, then the end.
    private static let calls = (1...3).map { #"{"items":[\#(Said.shell("c\($0)"))]}"# }
    private static let end = #"{"items":[\#(Said.done)]}"#

    private func run(
        _ turns: [String], more: String = "", mode: CompactionMode = .threshold, threshold: Int? = 25_000,
        profile: ProviderProfile = .openai, usesSocket: Bool = true, routes: [CompactionReport.Route]? = nil
    ) async throws -> Outcome {
        let scenario = #"{"turns":[\#(turns.joined(separator: ","))]\#(more)}"#
        let server = try SimulatorServer(scenario: Scenario(json: Array(scenario.utf8)))
        try server.start()
        defer { server.stop() }
        let client = ModelClient(
            route: try ModelServer(baseURL: server.baseURL, key: "k", environment: [:]),
            parameters: RequestParameters(
                model: "m", cacheKey: "k", compactionThreshold: mode == .server ? threshold : nil), profile: profile,
            usesSocket: usesSocket)
        let world = LoopWorld(turns: [])
        world.tools.change { $0.output = String(repeating: "x", count: 40_000) }
        for item in LoopWorld.beginning { world.events.record(.inputItem(item, turn: 0)) }
        let policy = CompactionPolicy(mode: mode, limit: nil, threshold: threshold)
        var loop = TurnLoop(
            model: client, tools: world.tools, events: world.events, window: Window(LoopWorld.beginning),
            budget: Budget(settings: Settings(), start: .now), ordersSteps: false,
            compaction: Compaction(policy: policy, routes: routes ?? client.compactionRoutes), judge: nil)
        let ending: RunEnding
        do { ending = try await loop.run() } catch let error as RunEnding { ending = error }
        await client.close()
        let reports = world.events.all.compactMap { if case .windowCompacted(let report) = $0 { report } else { nil } }
        let failed = world.events.all.compactMap {
            if case .compactionFailed(let report) = $0 { report } else { nil }
        }
        return Outcome(
            reports: reports, notices: world.events.notices, ending: ending, log: server.log.requests, failed: failed,
            state: world.events.state)
    }

    private func types(_ body: JSON) -> [String] {
        body["input"]?.elements.map { $0["type"]?.string ?? "message" } ?? []
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `by a trigger is a request like the others`(_ usesSocket: Bool) async throws {
        let outcome = try await run(Self.calls + [Self.end], usesSocket: usesSocket)
        #expect(outcome.ending.verdict == .unverified && outcome.violations.isEmpty)
        let report = try #require(outcome.reports.first)
        #expect(outcome.reports.count == 1 && report.route == .trigger && (report.usage?.input ?? 0) > 30_000)
        let requests = try outcome.bodies("/responses")
        #expect(requests.count == 5)
        // Most of the last answer's size was an estimate: the server was asked first.
        #expect(try outcome.bodies("/responses/input_tokens").count == 1)
        let (trigger, next) = (requests[3], requests[4])
        // On the socket only the last answer and the trigger are sent; all before it is in the server's cache.
        #expect(types(trigger).suffix(2) == ["shell_call_output", "compaction_trigger"])
        #expect((trigger["previous_response_id"] != nil) == usesSocket)
        #expect(types(trigger).count == (usesSocket ? 2 : 9))
        #expect((report.usage?.cached ?? 0) > 15_000)
        #expect(next["previous_response_id"] == nil)
        #expect(types(next) == ["message", "message", "compaction", "shell_call", "shell_call_output", "message"])
        #expect(next["input"]?.elements.map { Array($0.raw) } == report.items.map(\.raw))
    }

    @Test(.timeLimit(.minutes(1))) func `by the endpoint takes its output over as it is`() async throws {
        let outcome = try await run(Self.calls + [Self.end], routes: [.endpoint])
        #expect(outcome.ending.verdict == .unverified && outcome.violations.isEmpty)
        #expect(outcome.reports.map(\.route) == [.endpoint])
        let asked = try #require(try outcome.bodies("/responses/compact").first)
        #expect(asked.members.map(\.key) == ["model", "prompt_cache_key", "input"])
        let next = try #require(try outcome.bodies("/responses").last)
        #expect(types(next) == ["message", "message", "compaction", "shell_call", "shell_call_output", "message"])
        let roles = next["input"]?.elements.map { $0["role"]?.string }
        #expect(roles?.prefix(2) == ["developer", "user"] && next["previous_response_id"] == nil)
        // The listed message has an id, which it had not when it was sent.
        #expect(next["input"]?.elements.dropFirst().first { _ in true }?["id"]?.string?.hasPrefix("msg_") == true)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [404, 400, 403])
    func `is the model's own where the server has no endpoint`(_ status: Int) async throws {
        let summary = #"{"items":[\#(Said.message("The limit is off by one."))]}"#
        let outcome = try await run(
            Self.calls + [summary, Self.end], more: #","compact":{"status":\#(status),"message":"no such thing"}"#,
            routes: [.endpoint, .summary])
        #expect(outcome.ending.verdict == .unverified && outcome.violations.isEmpty && outcome.notices.isEmpty)
        #expect(outcome.reports.map(\.route) == [.summary])
        #expect(outcome.reports[0].items[2].messageText?.contains("The limit is off by one.") == true)
        #expect(try outcome.bodies("/responses/compact").count == 1)
    }

    @Test(.timeLimit(.minutes(1))) func `of the endpoint is tried a second time after an error of the server`()
        async throws
    {
        let outcome = try await run(
            Self.calls + [Self.end],
            more: #","compact":{"status":500,"times":1,"message":"boom","headers":{"retry-after-ms":"1"}}"#,
            routes: [.endpoint])
        #expect(outcome.reports.map(\.route) == [.endpoint] && outcome.notices.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func `that fails for good leaves the history as it was`() async throws {
        let outcome = try await run(
            Self.calls + [Self.end],
            more: #","compact":{"status":500,"message":"boom","headers":{"retry-after-ms":"1"}}"#, routes: [.endpoint])
        #expect(outcome.ending.verdict == .unverified && outcome.reports.isEmpty)
        #expect(outcome.notices == ["the conversation could not be shortened: boom; going on with all of it"])
        #expect(try outcome.bodies("/responses/compact").count == 2)
        let last = try #require(try outcome.bodies("/responses").last)
        #expect(types(last).count == 8 && last["previous_response_id"] == nil)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `that came to nothing is paid for, too`(_ usesSocket: Bool) async throws {
        let reply = #"{"items":[\#(Said.message(" "))]}"#
        let outcome = try await run(Self.calls + [reply, Self.end], usesSocket: usesSocket, routes: [.summary])
        #expect(outcome.ending.verdict == .unverified && outcome.reports.isEmpty)
        let failed = try #require(outcome.failed.first)
        #expect(outcome.failed.count == 1 && failed.route == .summary && failed.usage.input > 30_000)
        #expect(failed.reason == "the model wrote no summary")
        let turns = outcome.state.turns.reduce(into: Usage()) { $0 += $1.usage ?? Usage() }
        #expect(outcome.state.result.usage.total == turns.total + failed.usage.total)
    }

    @Test(.timeLimit(.minutes(1))) func `is the model's own behind other servers`() async throws {
        let calls = (1...3).map {
            #"{"items":[{"type":"function_call","call_id":"c\#($0)","name":"f","arguments":"{}"}]}"#
        }
        let summary = #"{"items":[\#(Said.message("In short."))]}"#
        let outcome = try await run(calls + [summary, Self.end], profile: .compatible)
        #expect(outcome.ending.verdict == .unverified && outcome.violations.isEmpty)
        #expect(outcome.reports.map(\.route) == [.summary])
        let next = try #require(try outcome.bodies("/responses").last)
        #expect(
            types(next) == ["message", "message", "message", "function_call", "function_call_output", "message"])
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `is the server's own from a size on where that is wanted`(_ usesSocket: Bool) async throws {
        let outcome = try await run(
            Self.calls + [#"{"items":[\#(Said.shell("c4"))]}"#, Self.end], mode: .server, usesSocket: usesSocket)
        #expect(outcome.violations.isEmpty)
        let requests = try outcome.bodies("/responses")
        let thresholds = requests.compactMap { $0["context_management"]?.elements.first { _ in true } }
        #expect(requests.count == 5 && thresholds.count == 5)
        #expect(thresholds.allSatisfy { $0["compact_threshold"]?.int == 25_000 })
        #expect(outcome.reports.map(\.route) == [.server])
        let last = try #require(requests.last)
        #expect(types(last).prefix(3) == ["message", "message", "compaction"] && last["previous_response_id"] == nil)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func `mends a history that the server refuses as too long`(_ usesSocket: Bool) async throws {
        let refusal =
            #"{"http_status":400,"items":[],"error":{"code":"context_length_exceeded","#
            + #""type":"invalid_request_error","message":"Your input exceeds the context window of this model."}}"#
        let outcome = try await run(
            Self.calls + [refusal, Self.end], mode: .off, threshold: nil, usesSocket: usesSocket)
        #expect(outcome.ending.verdict == .unverified && outcome.violations.isEmpty)
        #expect(outcome.reports.map(\.reason) == [.overflow])
    }
}
