extension FailureReader {
    /// Readers of tools for JavaScript and TypeScript.
    static var webReaders: [any OutputReader.Type] {
        [
            JestReader.self, VitestReader.self, MochaReader.self, NodeTestReader.self, DenoReader.self, BunReader.self,
            PlaywrightReader.self,
            TypeScriptReader.self, ESLintReader.self, BundlerReader.self,
        ]
    }
}
