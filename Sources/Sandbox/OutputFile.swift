import Glibc

/// Reads parts of files that hold the whole output of commands.
public enum OutputFile {
    /// The bytes from an offset on, at most so many; nil if the file cannot be read.
    public static func read(_ path: String, from offset: Int, limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return [UInt8](unsafeUninitializedCapacity: max(0, limit)) { buffer, initialized in
            while initialized < limit, let base = buffer.baseAddress {
                let count = pread(file, base + initialized, limit - initialized, off_t(max(0, offset) + initialized))
                guard count > 0 else { break }
                initialized += count
            }
        }
    }
}
