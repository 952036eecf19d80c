extension FailureReader {
    /// Readers of tools for Ruby, PHP, Perl and the shell.
    static var scriptingReaders: [any OutputReader.Type] {
        [
            RSpecReader.self, MinitestReader.self, TestUnitReader.self, PHPUnitReader.self, PestReader.self,
            ProveReader.self,
            ShellCheckReader.self,
        ]
    }
}
