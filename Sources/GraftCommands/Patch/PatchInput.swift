import OS

/// The bytes of a patch, from a file or from standard input.
enum PatchInput {
    /// Reads all of a file, its mails decoded; `-` is standard input.
    static func read(_ path: String) throws -> [UInt8] {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try path == "-" ? FileContent.read(0) : FileContent.read(path)
        } catch {
            throw Refusal("cannot read \(path): \(error.reason)")
        }
        guard bytes.contains(where: { $0 > 0x20 }) else { throw Refusal("the patch is empty") }
        return TransferEncoding.removed(from: bytes)
    }
}
