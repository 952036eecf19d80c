/// The name that whoever starts runs gives to a task, so that the same task is done once.
public struct TaskID: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Takes a name: 1 to 64 letters, digits, dots, dashes and underscores of ASCII, the first of them a letter or digit.
    public init?(_ name: String) {
        let bytes = Array(name.utf8)
        let isLetter: (UInt8) -> Bool = { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        guard (1...64).contains(bytes.count), isLetter(bytes[0]),
            bytes.allSatisfy({ isLetter($0) || [0x2D, 0x2E, 0x5F].contains($0) })
        else { return nil }
        description = name
    }
}
