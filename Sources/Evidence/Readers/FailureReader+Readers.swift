extension FailureReader {
    /// All readers. Those whose reports quote what tests have printed come first; otherwise the order does not matter,
    /// except that of two that tell the same failure at the same line the first one counts.
    static var readers: [any OutputReader.Type] {
        [
            GoEventReader.self, TAPReader.self,
            PytestReader.self, UnittestReader.self, KnownLineReader.self,
            TracebackReader.self,
        ] + webReaders + jvmReaders + dotnetReaders + scriptingReaders + lintReaders
    }
}
