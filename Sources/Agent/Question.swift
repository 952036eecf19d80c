public import Configuration
import Evidence
import Responses
import Session
import Synchronization
import Transport

/// One question without tools: one request over HTTP, one answer as it streams.
public struct Question: Sendable {
    private let text: String
    private let settings: Settings
    private let environment: [String: String]

    /// Prepares a question.
    public init(_ text: String, settings: Settings, environment: [String: String]) {
        self.text = text
        self.settings = settings
        self.environment = environment
    }

    /// Asks, and hands out the answer's text piece by piece; a last line is always ended.
    ///
    /// What has been shown of an answer that broke off cannot be taken back: the next one starts on a new line.
    ///
    /// - Parameter notice: Told of what is tried again, in a sentence.
    public func ask(
        _ show: @escaping @Sendable (String) -> Void, notice: @escaping @Sendable (String) -> Void
    ) async -> RunEnding {
        let isMidLine = Atomic(false)
        do {
            let settings = try Settings.own(flags: settings, environment: environment).completed()
            let profile = settings.provider ?? .openai
            let route = try ModelServer(settings: settings, environment: environment)
            let client = ModelClient(
                route: route,
                parameters: RequestParameters(
                    model: settings.model ?? "", effort: settings.effort, verbosity: settings.verbosity),
                profile: profile, usesSocket: false)
            var window = Window()
            window.append(.message(role: "user", text: text))
            let response = try await client.respond(
                to: window,
                observer: ModelObserver(
                    sent: { _, _, _ in },
                    event: {
                        guard case .textDelta(_, let text) = $0 else { return }
                        isMidLine.store(true, ordering: .relaxed)
                        show(text)
                    },
                    notice: {
                        if isMidLine.exchange(false, ordering: .relaxed) { show("\n") }
                        notice($0)
                    }))
            show("\n")
            if case .incomplete(let reason) = response.end.outcome {
                return RunEnding(.provider, "the answer was cut short: \(reason)")
            }
            return RunEnding(.answered, "answered")
        } catch {
            return RunEnding(error, interruption: nil)
        }
    }
}
