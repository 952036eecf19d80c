/// A key that was pressed, or text that was pasted.
public enum Key: Sendable, Hashable {
    case character(Unicode.Scalar)
    case enter, escape, backspace
    case up, down, left, right, pageUp, pageDown, home, end
    /// Text that was pasted; it is not taken for keys.
    case paste
}

/// Reads keys from the bytes of a terminal, which may be cut anywhere.
///
/// Knows the sequences of ECMA-48 and xterm for arrows and pages, and bracketed paste. What it does not know is
/// dropped whole, so that no part of a sequence is taken for a key.
public struct KeyDecoder: Sendable {
    private var pending: [UInt8] = []
    private var isPasting = false

    /// Begins without bytes.
    public init() {}

    /// Whether an escape byte is pending: the start of a sequence, or the key if nothing follows.
    public var isAmbiguous: Bool { !isPasting && pending.first == 0x1B }

    /// Takes bytes as they come; returns the keys that are complete.
    public mutating func keys(from bytes: some Sequence<UInt8>) -> [Key] {
        pending += bytes
        var keys: [Key] = []
        while let (count, key) = next() {
            pending.removeFirst(count)
            if let key { keys.append(key) }
        }
        return keys
    }

    /// Takes an escape byte for the key, because nothing came behind it for a moment.
    public mutating func settle() -> [Key] {
        guard isAmbiguous else { return [] }
        let isAlone = pending.count == 1
        pending = []
        return isAlone ? [.escape] : []
    }

    /// How many bytes the next key takes, and the key, if there is one; nil to wait for more.
    private mutating func next() -> (Int, Key?)? {
        guard let first = pending.first else { return nil }
        if isPasting { return endOfPaste() }
        switch first {
        case 0x1B: return sequence()
        case 0x0A, 0x0D: return (1, .enter)
        case 0x08, 0x7F: return (1, .backspace)
        case 0x04: return (1, .pageDown)
        case 0x06: return (1, .pageDown)
        case 0x02, 0x15: return (1, .pageUp)
        case 0x0E: return (1, .down)
        case 0x10: return (1, .up)
        case 0x0C: return (1, .character("\u{C}"))
        case 0x00..<0x20: return (1, nil)
        case 0x20..<0x80: return (1, .character(Unicode.Scalar(first)))
        default:
            let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1
            guard pending.count >= length else { return nil }
            let step = UTF8Scan(Array(pending.prefix(length))).first { _ in true }
            return (step?.range.count ?? 1, step?.scalar.map { .character($0) })
        }
    }

    private mutating func sequence() -> (Int, Key?)? {
        guard pending.count > 1 else { return nil }
        guard pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O") else {
            // Another escape starts a new sequence; anything else is a key with Alt, which has no meaning here.
            return pending[1] == 0x1B ? (1, .escape) : (2, nil)
        }
        guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            return pending.count > 32 ? (pending.count, nil) : nil
        }
        let body = String(decoding: pending[2...end], as: UTF8.self)
        if body == "200~" { isPasting = true }
        return (end + 1, Self.named[body])
    }

    private static let named: [String: Key] = [
        "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end, "1~": .home, "4~": .end, "7~": .home,
        "8~": .end, "5~": .pageUp, "6~": .pageDown, "M": .enter,
    ]

    private mutating func endOfPaste() -> (Int, Key?)? {
        let mark = Array("\u{1B}[201~".utf8)
        guard let end = pending.firstRange(of: mark) else {
            // The mark may be cut, so bytes that may be its start stay pending.
            let done = pending.count - (mark.count - 1)
            return done > 0 ? (done, nil) : nil
        }
        isPasting = false
        return (end.upperBound, .paste)
    }
}
