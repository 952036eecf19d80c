import CExpat

/// The encodings that expat does not know (XML_SetUnknownEncodingHandler); it knows UTF-8, UTF-16, Latin 1 and ASCII.
enum Encodings {
    /// Says what each byte of an encoding is.
    ///
    /// Of all of them ASCII is taken as it is, so that the elements can be read. Other bytes are those of Windows 1252
    /// where that is named, and else U+FFFD: names may be odd then, and two that differ may look alike.
    static func fill(
        _ information: UnsafeMutablePointer<XML_Encoding>?, _ name: UnsafePointer<CChar>?
    ) -> Int32 {
        guard let information, let name else { return 0 }
        let isWestern = ["windows-1252", "cp1252", "iso-8859-15"].contains(String(cString: name).lowercased())
        withUnsafeMutableBytes(of: &information.pointee.map) { map in
            let values = map.bindMemory(to: Int32.self)
            for byte in 0..<256 {
                values[byte] = byte < 0x80 ? Int32(byte) : isWestern ? western(byte) : 0xFFFD
            }
        }
        information.pointee.data = nil
        information.pointee.convert = nil
        information.pointee.release = nil
        return 1
    }

    private static func western(_ byte: Int) -> Int32 {
        byte < 0xA0 ? windows[byte - 0x80] : Int32(byte)
    }

    private static let windows: [Int32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD,
        0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0xFFFD, 0x017E, 0x0178,
    ]
}
