import Glibc

/// The system's own words for an error number (strerror_r(3)).
enum SystemMessage {
    static func text(_ error: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, strerror_r(error, base, buffer.count) == 0 else {
                return "error \(error)"
            }
            return String(cString: base)
        }
    }
}
