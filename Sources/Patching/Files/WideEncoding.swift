/// An encoding in which each code unit has two or four bytes; a file in one begins with a byte-order mark.
enum WideEncoding: CaseIterable {
    // The mark of UTF-32 in little-endian order begins with that of UTF-16.
    case utf32LittleEndian, utf32BigEndian, utf16LittleEndian, utf16BigEndian

    /// The encoding's name in messages.
    var name: String { unitSize == 4 ? "UTF-32" : "UTF-16" }

    private var unitSize: Int { self == .utf32LittleEndian || self == .utf32BigEndian ? 4 : 2 }
    private var isLittleEndian: Bool { self == .utf32LittleEndian || self == .utf16LittleEndian }
    private var mark: [UInt8] { bytes(of: 0xFEFF) }

    /// The encoding that a file's byte-order mark tells, or nil.
    static func marked(_ bytes: [UInt8]) -> WideEncoding? {
        allCases.first { bytes.starts(with: $0.mark) }
    }

    /// The encoding that a file without a mark reads as text in, or nil; such a file has NUL bytes.
    static func guessed(_ bytes: [UInt8]) -> WideEncoding? {
        // Text has spaces, line feeds, digits, and those have NUL bytes on one side.
        guard bytes.count(where: { $0 == 0 }) * 16 >= bytes.count else { return nil }
        return allCases.first { encoding in
            guard let text = encoding.utf8(bytes), text.contains(0x20) || text.contains(0x0A) else { return false }
            // The wrong byte order makes rare characters of spaces and line feeds, and lone surrogates of many others.
            return !text.contains { $0 < 0x07 || $0 == 0x7F }
        }
    }

    /// A text in UTF-8, its mark included, or nil if it is not valid in this encoding.
    func utf8(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count.isMultiple(of: unitSize) else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var high: UInt32?
        for start in stride(from: 0, to: bytes.count, by: unitSize) {
            var unit: UInt32 = 0
            for offset in 0..<unitSize {
                unit = unit << 8 | UInt32(bytes[start + (isLittleEndian ? unitSize - 1 - offset : offset)])
            }
            if unitSize == 2, (0xD800...0xDBFF).contains(unit), high == nil {
                high = unit
                continue
            }
            if let first = high {
                guard (0xDC00...0xDFFF).contains(unit) else { return nil }
                unit = 0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00)
                high = nil
            }
            guard let scalar = Unicode.Scalar(unit) else { return nil }
            text += UTF8.encode(scalar) ?? .init()
        }
        return high == nil ? text : nil
    }

    /// Valid UTF-8 in this encoding.
    func encoded(_ utf8: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count * unitSize)
        for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars {
            if unitSize == 4 {
                bytes += self.bytes(of: scalar.value)
            } else {
                for unit in UTF16.encode(scalar) ?? .init() { bytes += self.bytes(of: UInt32(unit)) }
            }
        }
        return bytes
    }

    private func bytes(of unit: UInt32) -> [UInt8] {
        let bytes = (0..<unitSize).map { UInt8(truncatingIfNeeded: unit >> UInt32(8 * $0)) }
        return isLittleEndian ? bytes : bytes.reversed()
    }
}
