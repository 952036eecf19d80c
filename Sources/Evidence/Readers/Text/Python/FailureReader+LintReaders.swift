extension FailureReader {
    /// Readers of linters, type checkers and formatters for Python, and of formatters for other languages.
    static var lintReaders: [any OutputReader.Type] {
        [PythonLintReader.self, MypyReader.self, FormatCheckReader.self]
    }
}
