import Glibc

extension ArraySlice<UInt8> {
    /// Whether the bytes contain a sequence; fast, since it runs on all output of a running command.
    func holds(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first else { return true }
        return withUnsafeBytes { all in
            wanted.withUnsafeBytes { wanted in
                var rest = all
                while rest.count >= wanted.count, let base = rest.baseAddress, let pattern = wanted.baseAddress {
                    let places = rest.count - wanted.count + 1
                    guard let found = memchr(base, Int32(first), places) else { return false }
                    if memcmp(found, pattern, wanted.count) == 0 { return true }
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(UnsafeRawPointer(found) - base + 1))
                }
                return false
            }
        }
    }
}
