extension Settings {
    /// The values of `effort` that models take; which of them, depends on the model.
    public static let efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
    /// The values of `verbosity`.
    public static let verbosities = ["low", "medium", "high"]

    /// The settings, if a request can be made with them.
    ///
    /// A slip would else be an answer of the server's, after everything has been made ready.
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
        return self
    }
}
