extension TOMLParser {
    /// Reads a value of any kind.
    ///
    /// - Parameter depth: How deep it is nested.
    mutating func value(depth: Int) throws(TOMLError) -> TOMLValue {
        switch current {
        case .quote where byte(ahead: 1) == .quote && byte(ahead: 2) == .quote:
            return .string(try multilineString(.quote))
        case .apostrophe where byte(ahead: 1) == .apostrophe && byte(ahead: 2) == .apostrophe:
            return .string(try multilineString(.apostrophe))
        case .quote: return .string(try basicString())
        case .apostrophe: return .string(try literalString())
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "{"): return .table(try inlineTable(depth: depth))
        default: return try word()
        }
    }

    private mutating func array(depth: Int) throws(TOMLError) -> [TOMLValue] {
        guard depth < Self.depthLimit else { throw tooDeep }
        offset += 1
        var values: [TOMLValue] = []
        while true {
            try skipLines()
            if skip("]") { return values }
            values.append(try value(depth: depth + 1))
            try skipLines()
            if skip("]") { return values }
            guard skip(",") else { throw expected("a comma or ] behind the value") }
        }
    }

    private mutating func inlineTable(depth: Int) throws(TOMLError) -> TOMLTable {
        offset += 1
        var table = TableBuilder(line: line())
        skipBlanks()
        if skip("}") { return table.finished() }
        while true {
            skipBlanks()
            try entry(of: &table, depth: depth)
            skipBlanks()
            if skip("}") { return table.finished() }
            guard skip(",") else { throw expected("a comma or } behind the value, in the same line") }
        }
    }

    /// Reads a key and its value into a table.
    mutating func entry(of table: inout TableBuilder, depth: Int) throws(TOMLError) {
        let key = try key(depth: depth)
        guard skip("=") else { throw expected("= behind the key") }
        skipBlanks()
        let value = try value(depth: depth + key.names.count)
        do { try table.insert(value, at: key) } catch { throw wrong(error.problem, at: key.offset) }
    }
}
