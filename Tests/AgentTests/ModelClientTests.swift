import Responses
import Simulator
import Synchronization
import Testing

@testable import Agent

/// A model behind a real socket to the simulator.
@Suite struct ModelClientTests {
    private static let script =
        #"{"turns":["#
        + (1...4).map { #"{"items":[{"type":"message","content":"answer \#($0)"}]}"# }.joined(separator: ",")
        + "]}"

    /// Asks for a response; returns it and how many bytes of items the request carried.
    private func ask(_ client: ModelClient, _ window: Window) async throws -> (response: ModelResponse, bytes: Int) {
        let bytes = Mutex(0)
        let response = try await client.respond(
            to: window,
            observer: ModelObserver(
                sent: { _, _, count in bytes.withLock { $0 = count } }, event: { _ in }, notice: { _ in }))
        return (response, bytes.withLock { $0 })
    }

    private func size(_ items: some Sequence<Item>) -> Int { items.reduce(0) { $0 + $1.raw.count } }

    @Test(.timeLimit(.minutes(1)))
    func `what is new is sent on a chain, and all of a history that was replaced`() async throws {
        let server = try SimulatorServer(scenario: Scenario(json: Array(Self.script.utf8)))
        try server.start()
        defer { server.stop() }
        let route = try ModelServer(baseURL: server.baseURL, key: "k", environment: [:])
        let client = ModelClient(
            route: route, parameters: RequestParameters(model: "m"), profile: .openai, usesSocket: true)
        var window = Window()
        window.append(.message(role: "user", text: String(repeating: "long ", count: 100)))

        let first = try await ask(client, window)
        #expect(first.bytes == size(window.items))
        window.append(contentsOf: first.response.items)

        let next = Item.message(role: "user", text: "go on")
        window.append(next)
        let second = try await ask(client, window)
        #expect(second.bytes == size([next]))

        // Shorter than what the server has: the client must not look for the part behind it.
        window.replace(with: [.message(role: "user", text: "the gist")])
        let third = try await ask(client, window)
        #expect(third.bytes == size(window.items))
        window.append(contentsOf: third.response.items)

        window.append(next)
        #expect(try await ask(client, window).bytes == size([next]))
        await client.close()
    }
}
