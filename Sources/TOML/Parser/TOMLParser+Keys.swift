extension TOMLParser {
    /// A key, split at its dots, and where it starts.
    struct KeyPath {
        let names: [String]
        let offset: Int
        let line: Int
    }

    /// Reads a key of one or more names.
    ///
    /// - Parameter depth: How deep its table is nested.
    mutating func key(depth: Int) throws(TOMLError) -> KeyPath {
        let start = offset
        var names: [String] = []
        repeat {
            skipBlanks()
            guard depth + names.count < Self.depthLimit else { throw tooDeep }
            names.append(try name())
            skipBlanks()
        } while skip(".")
        return KeyPath(names: names, offset: start, line: line())
    }

    var tooDeep: TOMLError { wrong("nested more than \(Self.depthLimit) deep") }

    private mutating func name() throws(TOMLError) -> String {
        switch current {
        case .quote: return try basicString()
        case .apostrophe: return try literalString()
        default:
            let start = offset
            while let byte = current, byte.isBare { offset += 1 }
            guard offset > start else { throw expected("a key") }
            return String(decoding: bytes[start..<offset], as: UTF8.self)
        }
    }
}
