/// Why a command refuses to work: one line for a person, and the exit code.
///
/// Unlike a `ValidationError`, it is about what the arguments name, not about how they are written, so that the usage
/// does not help.
struct Refusal: Error, CustomStringConvertible {
    /// What was tried, on what, and what to do next.
    let description: String
    /// The exit code: 64 for arguments that cannot be used, 1 for what cannot be done as things are.
    let code: Int32

    init(_ description: String, code: Int32 = 64) {
        self.description = description
        self.code = code
    }
}
