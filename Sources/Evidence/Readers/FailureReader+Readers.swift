extension FailureReader {
    /// All readers. The order does not matter, except that of two that tell the same failure at the same line the first
    /// one counts.
    static var readers: [any OutputReader.Type] {
        [
            KnownLineReader.self
        ]
    }
}
