import Glibc

/// The bytes of a patch, from a file or from standard input.
enum PatchInput {
    /// Reads all of a file; `-` is standard input.
    static func read(_ path: String) throws -> [UInt8] {
        let file = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Refusal("cannot read \(path): \(String(cString: strerror(errno)))") }
        defer { if file > 0 { close(file) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer[..<count]
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw Refusal("cannot read \(path): \(String(cString: strerror(errno)))")
            }
        }
        guard bytes.contains(where: { $0 > 0x20 }) else { throw Refusal("the patch is empty") }
        return bytes
    }
}
