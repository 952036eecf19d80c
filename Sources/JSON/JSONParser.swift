/// One pass over the bytes of a JSON text that checks the grammar and writes the tape.
///
/// Iterative, so that hostile nesting costs memory and not stack. UTF-8 is not checked here: decoding a string
/// repairs what is not UTF-8.
struct JSONParser {
    private static let depthLimit = 512

    private let bytes: [UInt8]
    private var nodes: [JSONText.Node] = []
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        nodes.reserveCapacity(bytes.count / 12 + 4)
    }

    mutating func parse() throws(JSONError) -> [JSONText.Node] {
        guard bytes.count < Int(UInt32.max) else { throw JSONError(expected: "less than 4 GiB", offset: 0) }
        var open: [Int] = []
        skipSpace()
        repeat {
            // A value starts here; a container is opened, anything else is finished at once.
            let node = nodes.count
            switch peek {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard open.count < Self.depthLimit else { throw failure("at most 512 levels of nesting") }
                let isObject = peek == UInt8(ascii: "{")
                append(isObject ? .object : .array)
                position += 1
                skipSpace()
                guard peek == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    open.append(node)
                    if isObject { try key() }
                    continue
                }
                position += 1
                close(node)
            default:
                try scalar()
            }
            try afterValue(&open)
        } while !open.isEmpty
        skipSpace()
        guard position == bytes.count else { throw failure("the end of the text") }
        return nodes
    }

    /// After a value: closes what ends here, and stands at the next value if there is one.
    private mutating func afterValue(_ open: inout [Int]) throws(JSONError) {
        while let container = open.last {
            skipSpace()
            let isObject = nodes[container].kind == .object
            if peek == UInt8(ascii: ",") {
                position += 1
                skipSpace()
                if isObject { try key() }
                return
            }
            guard peek == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw failure(isObject ? "',' or '}'" : "',' or ']'")
            }
            position += 1
            close(container)
            open.removeLast()
        }
    }

    private mutating func key() throws(JSONError) {
        guard peek == UInt8(ascii: "\"") else { throw failure("a member name") }
        try scalar()
        skipSpace()
        guard peek == UInt8(ascii: ":") else { throw failure("':'") }
        position += 1
        skipSpace()
    }

    private mutating func scalar() throws(JSONError) {
        let node = nodes.count
        switch peek {
        case UInt8(ascii: "\""):
            append(.string)
            try string()
        case UInt8(ascii: "t"):
            append(.bool)
            try word("true")
        case UInt8(ascii: "f"):
            append(.bool)
            try word("false")
        case UInt8(ascii: "n"):
            append(.null)
            try word("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            append(.number)
            try number()
        default:
            throw failure("a value")
        }
        close(node)
    }

    private mutating func string() throws(JSONError) {
        position += 1
        let end = bytes.count
        let stop: Int = try bytes.withUnsafeBufferPointer { (text) throws(JSONError) -> Int in
            var at = position
            while at < end {
                let byte = text[at]
                if byte == UInt8(ascii: "\"") { return at + 1 }
                if byte == UInt8(ascii: "\\") {
                    guard at + 1 < end else { break }
                    switch text[at + 1] {
                    case UInt8(ascii: "u"):
                        guard at + 5 < end, text[(at + 2)...(at + 5)].allSatisfy(\.isHexDigit) else {
                            throw JSONError(expected: "four hexadecimal digits", offset: at)
                        }
                        at += 6
                    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
                        UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                        at += 2
                    default:
                        throw JSONError(expected: "an escape", offset: at)
                    }
                } else if byte < 0x20 {
                    throw JSONError(expected: "no control character in a string", offset: at)
                } else {
                    at += 1
                }
            }
            throw JSONError(expected: "the end of a string", offset: end)
        }
        position = stop
    }

    private mutating func number() throws(JSONError) {
        if peek == UInt8(ascii: "-") { position += 1 }
        if peek == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits()
        }
        if peek == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while peek >= UInt8(ascii: "0"), peek <= UInt8(ascii: "9") { position += 1 }
        guard position > start else { throw failure("a digit") }
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count,
            (0..<length).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
        else { throw failure("'\(word)'") }
        position += length
    }

    /// The byte at the position; 0, which starts nothing in JSON, behind the end.
    private var peek: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func append(_ kind: JSON.Kind) {
        nodes.append(JSONText.Node(kind: kind, start: UInt32(truncatingIfNeeded: position)))
    }

    private mutating func close(_ node: Int) {
        nodes[node].end = UInt32(truncatingIfNeeded: position)
        nodes[node].next = UInt32(truncatingIfNeeded: nodes.count)
    }

    private func failure(_ expected: String) -> JSONError { JSONError(expected: expected, offset: position) }
}

extension UInt8 {
    /// Whether the byte is one of `0-9`, `a-f`, `A-F`.
    var isHexDigit: Bool { hexValue != nil }

    /// The value of a hexadecimal digit.
    var hexValue: UInt16? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(self - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(self - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
