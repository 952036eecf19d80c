import Responses

/// How many tokens a model can read at once.
enum ModelWindow {
    /// Beginnings of models' names, the longest first where one begins another.
    ///
    /// GPT-5.4 and later could read a million; from 272,000 on every token costs twice as much, and answers get worse.
    private static let known: [(prefix: String, tokens: Int)] = [
        ("gpt-4.1", 1_047_576), ("gpt-4", 128_000), ("gpt-", 272_000), ("codex", 272_000), ("o1", 200_000),
        ("o3", 200_000), ("o4", 200_000),
    ]

    /// The window of a model by its name; nil for one that nobody can know.
    ///
    /// A name that OpenAI's server takes and that is not known, such as that of a deployment, counts as a model of
    /// today: if that is too much, the server says so.
    static func tokens(of model: String, provider: ProviderProfile) -> Int? {
        guard provider == .openai else { return nil }
        let name = model.split(separator: "/").last.map(String.init) ?? model
        return known.first { name.hasPrefix($0.prefix) }?.tokens ?? 272_000
    }
}
