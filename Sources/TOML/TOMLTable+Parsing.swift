extension TOMLTable {
    /// Parses untrusted TOML 1.0, in linear time.
    ///
    /// Beyond the specification, values may be nested at most 128 deep, whole numbers have 64 bits, and a byte order
    /// mark may start the text.
    ///
    /// - Throws: `.syntax` with the line and column of the first error.
    public init(parsing bytes: [UInt8]) throws(TOMLError) {
        do { _ = try UTF8Span(validating: bytes.span) } catch {
            throw TOMLError("not UTF-8", at: error.byteOffsets.lowerBound, in: bytes)
        }
        var parser = TOMLParser(bytes)
        self = try parser.document()
    }

    /// Parses untrusted TOML 1.0.
    ///
    /// - Throws: `.syntax` with the line and column of the first error.
    public init(parsing text: String) throws(TOMLError) {
        try self.init(parsing: Array(text.utf8))
    }
}

extension TOMLParser {
    fileprivate mutating func document() throws(TOMLError) -> TOMLTable {
        var table = TableBuilder(line: 1)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        /// How deep the table of the last header is nested.
        var depth = 0
        while true {
            try skipLines()
            guard let byte = current else { return table.finished() }
            if byte == UInt8(ascii: "[") {
                depth = try header(of: &table)
            } else {
                try entry(of: &table, depth: depth)
            }
            try skipComment()
            guard current == nil || skipLineEnd() else { throw expected("the end of the line") }
        }
    }

    /// Reads `[key]` or `[[key]]`, and returns how many names the key has.
    private mutating func header(of table: inout TableBuilder) throws(TOMLError) -> Int {
        let start = offset
        offset += 1
        let isListed = skip("[")
        let key = try key(depth: 0)
        guard skip("]"), !isListed || skip("]") else {
            throw expected(isListed ? "]] behind the name" : "] behind the name")
        }
        do { try isListed ? table.openNext(key) : table.open(key) } catch {
            throw wrong(error.problem, at: start)
        }
        return key.names.count
    }
}
