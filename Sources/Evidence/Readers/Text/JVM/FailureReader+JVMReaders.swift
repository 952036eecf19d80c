extension FailureReader {
    /// Readers of tools for Java and Kotlin.
    static var jvmReaders: [any OutputReader.Type] {
        [
            MavenTestReader.self, GradleTestReader.self, MavenCompilerReader.self, JavaCompilerReader.self,
            MavenGoalReader.self, GradleTaskReader.self,
        ]
    }
}
