public import Glibc

/// A call of the system that has failed: what was tried, and the error number (errno(3)).
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, such as `make a pipe`.
    public let attempt: String
    /// The error number, such as `ENOENT`.
    public let number: Int32

    /// Names what was tried; without a number it takes that of the call that has just failed.
    public init(_ attempt: String, _ number: Int32 = errno) {
        self.attempt = attempt
        self.number = number
    }

    /// Why, in the system's own words.
    public var reason: String { Self.text(number) }

    /// One line for a person.
    public var description: String { "cannot \(attempt): \(reason)" }

    /// The system's own words for an error number; that of the call that has just failed without one (strerror_r(3)).
    public static func text(_ number: Int32 = errno) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, strerror_r(number, base, buffer.count) == 0 else {
                return "error \(number)"
            }
            return String(cString: base)
        }
    }
}
