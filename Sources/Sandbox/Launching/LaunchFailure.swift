import OS

/// Why a command was not started, in words for the one who asked for it.
struct LaunchFailure: Error {
    let message: String

    init(_ message: String) { self.message = message }

    init(_ message: String, _ error: SystemError) { self.message = "\(message): \(error.reason)" }

    init(_ error: SystemError) { message = error.description }

    /// Makes something of the system's for a launch, such as `try LaunchFailure.unless(Pipe.init)`.
    static func unless<Value>(_ make: () throws(SystemError) -> Value) throws(LaunchFailure) -> Value {
        do throws(SystemError) { return try make() } catch { throw LaunchFailure(error) }
    }
}
