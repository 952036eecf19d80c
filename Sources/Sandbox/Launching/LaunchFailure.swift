import OS

/// Why a command was not started; public functions turn it into `SandboxError`.
struct LaunchFailure: Error {
    let message: String

    init(_ message: String) { self.message = message }

    init(_ message: String, _ error: SystemError) { self.message = "\(message): \(error.reason)" }

    init(_ error: SystemError) { message = error.description }

    /// Converts a `SystemError`, as in `try LaunchFailure.unless(Pipe.init)`.
    static func unless<Value>(_ make: () throws(SystemError) -> Value) throws(LaunchFailure) -> Value {
        do throws(SystemError) { return try make() } catch { throw LaunchFailure(error) }
    }
}
