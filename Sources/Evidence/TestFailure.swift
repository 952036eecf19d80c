/// One failure that a test runner or compiler reported.
public struct TestFailure: Sendable, Hashable {
    /// The test's or the file's name, as the runner spells it.
    public let name: String
    /// The reason in the runner's words; empty where it gives none on that line.
    public let message: String

    /// Pairs a name with its reason.
    public init(name: String, message: String = "") {
        self.name = name
        self.message = message
    }
}
