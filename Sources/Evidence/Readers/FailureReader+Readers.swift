extension FailureReader {
    /// All readers. Those whose reports quote what tests have printed come first; otherwise the order does not matter,
    /// except that of two that tell the same failure at the same line the first one counts.
    static var readers: [any OutputReader.Type] {
        [GoEventReader.self, TAPReader.self, PytestReader.self, UnittestReader.self]
            + webReaders + jvmReaders + dotnetReaders + scriptingReaders + lintReaders + compiledReaders
            + generalReaders
    }

    private static var compiledReaders: [any OutputReader.Type] {
        [
            GoReader.self,
            CargoTestReader.self, NextestReader.self, RustcReader.self,
            SwiftTestReader.self, SwiftCompilerReader.self,
            GoogleTestReader.self, CatchReader.self, CTestReader.self,
            CompilerReader.self, LinkerReader.self,
            MakeReader.self, NinjaReader.self, CMakeReader.self,
        ]
    }

    /// What counts only where none of the others has found a failure.
    private static var generalReaders: [any OutputReader.Type] {
        [
            TracebackReader.self, PanicReader.self,
            PlaceReader.self,
            MakeStepReader.self, NinjaStepReader.self, ShellReader.self,
        ]
    }
}
