public import Glibc

/// A failed system call: what was tried, and the error number (errno(3)).
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, such as `make a pipe`.
    public let attempt: String
    /// The error number, such as `ENOENT`.
    public let number: Int32

    /// Makes an error; without a number, of the call that has just failed (errno).
    public init(_ attempt: String, _ number: Int32 = errno) {
        self.attempt = attempt
        self.number = number
    }

    /// The system's text for the error number.
    public var reason: String { Self.text(number) }

    /// One line for a person.
    public var description: String { "cannot \(attempt): \(reason)" }

    /// The system's text for an error number; without one, for the call that has just failed (strerror_r(3)).
    public static func text(_ number: Int32 = errno) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, strerror_r(number, base, buffer.count) == 0 else {
                return "error \(number)"
            }
            return String(cString: base)
        }
    }
}
