/// One failure that a test runner or compiler reported.
public struct TestFailure: Sendable, Hashable {
    /// The name of the test or file, as printed.
    public let name: String
    /// The reason as printed; empty if there is none on that line.
    public let message: String

    /// Makes a failure.
    public init(name: String, message: String = "") {
        self.name = name
        self.message = message
    }
}
