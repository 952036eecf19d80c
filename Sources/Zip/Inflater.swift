import CZlib

/// Unpacks what was packed with deflate (RFC 1951), through zlib.
enum Inflater {
    /// The unpacked bytes, at most so many.
    static func inflate(_ packed: ArraySlice<UInt8>, byteLimit: Int) throws(ZipError) -> [UInt8] {
        try load()
        var stream = z_stream()
        // inflateInit2
        guard graft_zlib_start_raw(&stream) == Z_OK else { throw ZipError(.damaged, "zlib could not be started") }
        defer { inflateEnd(&stream) }
        var input = Array(packed)
        var contents: [UInt8] = []
        var status = Z_OK
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while status == Z_OK, contents.count < byteLimit {
                let room = min(piece.count, byteLimit - contents.count)
                piece.withUnsafeMutableBufferPointer { output in
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(room)
                    // inflate
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                }
                contents += piece.prefix(room - Int(stream.avail_out))
            }
        }
        guard status == Z_STREAM_END || contents.count == byteLimit else {
            throw ZipError(.damaged, "a file is packed wrongly")
        }
        return contents
    }

    /// The sum by which an archive tells whether a file is whole.
    static func checksum(_ bytes: [UInt8]) throws(ZipError) -> UInt32 {
        try load()
        return bytes.withUnsafeBufferPointer { UInt32(crc32(0, $0.baseAddress, UInt32($0.count))) }
    }

    private static func load() throws(ZipError) {
        guard let trouble = graft_zlib_load() else { return }
        throw ZipError(
            .missingLibrary,
            "archives need the library zlib, which cannot be loaded: \(String(cString: trouble)); install it (on "
                + "Debian: apt-get install zlib1g)")
    }
}
