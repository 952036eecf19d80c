/// Why a command was not started, in words for the one who asked for it.
struct LaunchFailure: Error {
    let message: String

    init(_ message: String) { self.message = message }

    init(_ message: String, _ error: Int32) { self.message = "\(message): \(SystemMessage.text(error))" }
}
