extension FailureReader {
    /// Readers of tools for .NET.
    static var dotnetReaders: [any OutputReader.Type] { [DotnetTestReader.self, MSBuildReader.self] }
}
