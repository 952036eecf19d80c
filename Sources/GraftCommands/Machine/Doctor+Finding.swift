extension Doctor {
    /// What was found of one thing that a run needs.
    struct Finding: Sendable {
        /// The thing.
        let subject: String
        /// Whether a run can work with it.
        let isGood: Bool
        /// What was found.
        let text: String
        /// How to mend it, if it is not good.
        let remedy: String?

        init(_ subject: String, _ isGood: Bool, _ text: String, remedy: String? = nil) {
            self.subject = subject
            self.isGood = isGood
            self.text = text
            self.remedy = isGood ? nil : remedy
        }
    }
}
