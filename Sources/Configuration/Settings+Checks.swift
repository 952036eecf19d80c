extension Settings {
    /// The values of `effort`; a model accepts some of them.
    public static let efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
    /// The values of `verbosity`.
    public static let verbosities = ["low", "medium", "high"]

    /// Returns the settings after checking what the server would refuse, before anything is prepared.
    ///
    /// - Throws: `.value` for an unknown effort or verbosity, an empty model, or a limit of money without prices.
    public func checked() throws(ConfigurationError) -> Settings {
        if let effort, !Self.efforts.contains(effort) {
            throw ConfigurationError(
                .value, "unknown effort \"\(effort)\"; there are \(Self.efforts.joined(separator: ", "))")
        }
        if let verbosity, !Self.verbosities.contains(verbosity) {
            throw ConfigurationError(
                .value, "unknown verbosity \"\(verbosity)\"; there are \(Self.verbosities.joined(separator: ", "))")
        }
        if let model, !model.contains(where: { !$0.isWhitespace }) {
            throw ConfigurationError(.value, "the name of the model is empty")
        }
        if maxCost != nil, price == nil {
            throw ConfigurationError(
                .value, "a limit of money needs the prices of \(model ?? "the model")",
                nextStep: "write them into your configuration, as [prices.\"\(model ?? "MODEL")\"]")
        }
        return self
    }
}
