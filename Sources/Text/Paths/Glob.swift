/// A shell pattern as git reads it: `*`, `?`, `[…]`, backslashes, and `**` between slashes.
///
/// All alternatives are followed at the same time, so that matching takes at most the product of the lengths of pattern
/// and text.
public struct Glob: Sendable {
    private enum Element: Sendable {
        case byte(UInt8)
        /// One byte, but not a slash if `knowsSlashes`.
        case one
        /// A set, without the slash if `knowsSlashes`.
        case set([Bool])
        /// Any run of bytes, without slashes if `knowsSlashes`.
        case run
        /// Any run of bytes.
        case all
        /// Any number of whole folders; `inFolders` always follows.
        case folders
        /// Within those folders.
        case inFolders
        /// Matches nothing, as an invalid pattern does.
        case never
    }

    private let elements: [Element]
    /// The bytes of a pattern without wildcards.
    private let literal: [UInt8]?
    private let knowsSlashes: Bool
    private let ignoresCase: Bool

    private static let slash = UInt8(ascii: "/")

    /// Reads a pattern.
    ///
    /// - Parameters:
    ///   - knowsSlashes: Whether `*`, `?` and `[…]` stop at slashes.
    ///   - ignoresCase: Whether letters of ASCII match those of the other case.
    public init(_ pattern: ArraySlice<UInt8>, knowsSlashes: Bool, ignoresCase: Bool) {
        self.knowsSlashes = knowsSlashes
        self.ignoresCase = ignoresCase
        var elements: [Element] = []
        var rest = pattern
        var isAfterSlash = true
        while let byte = rest.popFirst() {
            let wasAfterSlash = isAfterSlash
            isAfterSlash = byte == Self.slash
            switch byte {
            case UInt8(ascii: "*"):
                let isLong = rest.first == byte
                rest = rest.drop { $0 == byte }
                if !knowsSlashes || (isLong && wasAfterSlash && rest.isEmpty) {
                    elements.append(.all)
                } else if isLong, wasAfterSlash, rest.first == Self.slash {
                    rest.removeFirst()
                    elements += [.folders, .inFolders]
                    isAfterSlash = true
                } else {
                    elements.append(.run)
                }
            case UInt8(ascii: "?"):
                elements.append(.one)
            case UInt8(ascii: "["):
                elements.append(Self.set(&rest, ignoresCase: ignoresCase))
            case UInt8(ascii: "\\"):
                elements.append(rest.popFirst().map { .byte(Self.folded($0, ignoresCase)) } ?? .never)
            default:
                elements.append(.byte(Self.folded(byte, ignoresCase)))
            }
        }
        self.elements = elements
        let bytes = elements.compactMap { if case .byte(let byte) = $0 { byte } else { UInt8?.none } }
        literal = bytes.count == elements.count ? bytes : nil
    }

    /// Whether the pattern matches the whole text.
    public func matches(_ text: ArraySlice<UInt8>) -> Bool {
        if let literal {
            return literal.count == text.count
                && zip(literal, text).allSatisfy { $0 == Self.folded($1, ignoresCase) }
        }
        var states = [Bool](repeating: false, count: elements.count + 1)
        var next = states
        enter(0, &states)
        for byte in text {
            let byte = Self.folded(byte, ignoresCase)
            let isBarrier = knowsSlashes && byte == Self.slash
            for position in next.indices { next[position] = false }
            for (position, element) in elements.enumerated() where states[position] {
                switch element {
                case .byte(let wanted): if wanted == byte { enter(position + 1, &next) }
                case .one: if !isBarrier { enter(position + 1, &next) }
                case .set(let members): if !isBarrier, members[Int(byte)] { enter(position + 1, &next) }
                case .run: if !isBarrier { enter(position, &next) }
                case .all: enter(position, &next)
                case .inFolders:
                    next[position] = true
                    if byte == Self.slash { enter(position + 1, &next) }
                case .folders, .never: break
                }
            }
            swap(&states, &next)
        }
        return states[elements.count]
    }

    /// Marks a position in the pattern, and those reachable from it without a byte.
    private func enter(_ position: Int, _ states: inout [Bool]) {
        var position = position
        states[position] = true
        while position < elements.count {
            switch elements[position] {
            case .run, .all: position += 1
            case .folders:
                states[position + 1] = true
                position += 2
            default: return
            }
            states[position] = true
        }
    }

    private static func folded(_ byte: UInt8, _ ignoresCase: Bool) -> UInt8 {
        ignoresCase && (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    /// Reads a set after its opening bracket.
    private static func set(_ rest: inout ArraySlice<UInt8>, ignoresCase: Bool) -> Element {
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest.removeFirst() }
        var members = [Bool](repeating: false, count: 256)
        var previous: UInt8?
        var isFirst = true
        while var byte = rest.popFirst() {
            if byte == UInt8(ascii: "]"), !isFirst {
                if ignoresCase { for letter in 0x41...0x5A where members[letter] { members[letter | 0x20] = true } }
                return .set(isNegated ? members.map { !$0 } : members)
            }
            isFirst = false
            if byte == UInt8(ascii: "-"), let low = previous, let end = rest.first, end != UInt8(ascii: "]") {
                rest.removeFirst()
                guard let high = end == UInt8(ascii: "\\") ? rest.popFirst() : end else { return .never }
                if low <= high { for member in low...high { members[Int(member)] = true } }
                previous = nil
                continue
            }
            if byte == UInt8(ascii: "["), rest.first == UInt8(ascii: ":") {
                guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return .never }
                if end > rest.startIndex + 1, rest[end - 1] == UInt8(ascii: ":") {
                    let name = String(decoding: rest[(rest.startIndex + 1)..<(end - 1)], as: UTF8.self)
                    guard let fits = classes[name] else { return .never }
                    for member in 0..<128 where fits(UInt8(member)) { members[member] = true }
                    rest = rest[(end + 1)...]
                    previous = nil
                    continue
                }
            } else if byte == UInt8(ascii: "\\") {
                guard let escaped = rest.popFirst() else { return .never }
                byte = escaped
            }
            members[Int(byte)] = true
            previous = byte
        }
        return .never
    }

    private static let classes: [String: @Sendable (UInt8) -> Bool] = [
        "alnum": { isLetter($0) || isDigit($0) }, "alpha": isLetter, "blank": { $0 == 0x20 || $0 == 0x09 },
        "cntrl": { $0 < 0x20 || $0 == 0x7F }, "digit": isDigit, "graph": { (0x21...0x7E).contains($0) },
        "lower": { (0x61...0x7A).contains($0) }, "print": { (0x20...0x7E).contains($0) },
        "punct": { (0x21...0x7E).contains($0) && !isLetter($0) && !isDigit($0) },
        "space": { $0 == 0x20 || (0x09...0x0D).contains($0) }, "upper": { (0x41...0x5A).contains($0) },
        "xdigit": { isDigit($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0) },
    ]

    @Sendable private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    @Sendable private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
