/// Whether bytes are well-formed UTF-8, which the library does not check.
func isValidUTF8(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
        // ASCII in steps of eight, so that a body of 100 MB costs little.
        let raw = UnsafeRawBufferPointer(buffer)
        var at = 0
        while at + 8 <= raw.count, raw.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
            at += 8
        }
        let rest = UnsafeBufferPointer(rebasing: buffer[at...])
        return String(validating: rest, as: UTF8.self) != nil
    }
}
