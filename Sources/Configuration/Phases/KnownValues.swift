import Responses

/// Which values of effort and verbosity models take, as far as is known (Responses API, "reasoning", "text").
///
/// Models come and go, so that the tables only refuse what is known to be refused: a value that Graft does not know,
/// and any value for a model that it does not know, are for the server to judge.
enum KnownValues {
    /// The efforts of the models whose names begin so, the most telling beginning first.
    private static let efforts: [(beginning: String, efforts: [String])] = [
        ("gpt-6-astra", ["low", "medium", "high", "xhigh", "max"]),
        ("gpt-5.6", ["none", "low", "medium", "high", "xhigh", "max"]),
        ("gpt-5.5", ["none", "low", "medium", "high", "xhigh"]),
        ("gpt-5.4", ["none", "low", "medium", "high", "xhigh"]),
        ("gpt-5.2", ["none", "low", "medium", "high", "xhigh"]),
        ("gpt-5.1-codex-max", ["none", "low", "medium", "high", "xhigh"]),
        ("gpt-5.1", ["none", "low", "medium", "high"]),
        ("gpt-5-", ["minimal", "low", "medium", "high"]),
    ]

    /// The efforts of a model; nil where they are not known, as for the `pro` variants.
    static func efforts(of model: String) -> [String]? {
        guard !model.contains("pro") else { return nil }
        return model == "gpt-5"
            ? efforts.last?.efforts : efforts.first { model.hasPrefix($0.beginning) }?.efforts
    }
}

extension Settings {
    /// The values of `effort` that models are known to take; each takes some of them.
    public static let efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
    /// The values of `verbosity` that models are known to take.
    public static let verbosities = ["low", "medium", "high"]

    /// What to tell of values that Graft does not know, a sentence each: they are sent, and the server decides.
    public var unknownValues: [String] {
        func sentences(_ name: String, _ value: PhasedValue?, _ known: [String]) -> [String] {
            (value?.all ?? []).filter { !known.contains($0.value) }.map {
                "unknown \(name) \"\($0.value)\" is sent as it is; known are \(known.joined(separator: ", "))"
            }
        }
        return sentences("effort", effort, Self.efforts) + sentences("verbosity", verbosity, Self.verbosities)
    }

    /// Checks effort and verbosity.
    ///
    /// - Throws: `.value` for an empty one, and for an effort that the model is known to refuse.
    func checkPhasedValues() throws(ConfigurationError) {
        for (name, values, known) in [
            ("effort", effort, Self.efforts), ("verbosity", verbosity, Self.verbosities),
        ] where values?.all.contains(where: { !$0.value.contains { !$0.isWhitespace } }) == true {
            throw ConfigurationError(.value, "the \(name) is empty; there are \(known.joined(separator: ", "))")
        }
        // Elsewhere a name means whatever the server's owner wants.
        guard provider != .compatible, let model, let taken = KnownValues.efforts(of: model) else { return }
        for (phase, value) in effort?.all ?? [] where Self.efforts.contains(value) && !taken.contains(value) {
            let place = phase == .start ? "" : " (\(phase.rawValue))"
            throw ConfigurationError(
                .value,
                "\(model) does not take the effort \"\(value)\"\(place); it takes \(taken.joined(separator: ", "))")
        }
    }
}
