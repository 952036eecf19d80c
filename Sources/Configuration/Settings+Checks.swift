import Responses

extension Settings {
    /// Returns the settings after checking what the server would refuse, before anything is prepared.
    ///
    /// - Throws: `.value` for an effort that the model refuses, an empty effort, verbosity or model, or a limit of money without prices.
    public func checked() throws(ConfigurationError) -> Settings {
        try checkPhasedValues()
        try checkTools()
        if let model, !model.contains(where: { !$0.isWhitespace }) {
            throw ConfigurationError(.value, "the name of the model is empty")
        }
        if background == true, zeroRetention == true {
            throw ConfigurationError(
                .value, "background and zdr exclude each other: a response in the background is stored by the server")
        }
        if background == true, provider == .compatible {
            throw ConfigurationError(
                .value, "servers of the kind compatible have no responses in the background", nextStep: "leave it out")
        }
        if maxCost != nil, price == nil {
            throw ConfigurationError(
                .value, "a limit of money needs the prices of \(model ?? "the model")",
                nextStep: "write them into your configuration, as [prices.\"\(model ?? "MODEL")\"]")
        }
        return self
    }
}
