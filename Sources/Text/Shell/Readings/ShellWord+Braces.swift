extension ShellWord {
    /// The words that bash and others make of braces: `{a,b}c` becomes `ac` and `bc`; the word itself if there are none.
    ///
    /// Of a word that would become very many, only the first ones are made.
    var expandedBraces: [ShellWord] {
        let hasBraces = pieces.contains { piece in
            if case .text(let text, isQuoted: false) = piece { text.contains("{") } else { false }
        }
        guard hasBraces else { return [self] }
        // What becomes nothing is no word.
        return Braces.expanded(Braces.units(of: self)[...]).filter { !$0.isEmpty }.map { units in
            var word = ShellWord()
            for unit in units {
                switch unit {
                case .bare(let scalar): word.append(String(scalar), isQuoted: false)
                case .other(let piece): word.append(piece)
                }
            }
            return word
        }
    }
}

/// Brace expansion (bash(1), Brace Expansion), which comes before all others.
private enum Braces {
    /// A character without quotes, or a piece in which braces mean nothing.
    enum Unit {
        case bare(Unicode.Scalar)
        case other(ShellWord.Piece)

        func `is`(_ scalar: Unicode.Scalar) -> Bool {
            if case .bare(scalar) = self { true } else { false }
        }
    }

    /// So many words are made of one.
    private static let limit = 256

    static func units(of word: ShellWord) -> [Unit] {
        word.pieces.flatMap { piece -> [Unit] in
            if case .text(let text, isQuoted: false) = piece { return text.unicodeScalars.map { .bare($0) } }
            return [.other(piece)]
        }
    }

    static func expanded(_ units: ArraySlice<Unit>, depth: Int = 0) -> [[Unit]] {
        guard depth < 16 else { return [Array(units)] }
        var start = units.startIndex
        while let open = units[start...].firstIndex(where: { $0.is("{") }) {
            if let (alternatives, close) = alternatives(units, from: open) {
                let before = Array(units[..<open])
                let after = expanded(units[(close + 1)...], depth: depth + 1)
                let middle = alternatives.flatMap { expanded($0[...], depth: depth + 1) }
                var words: [[Unit]] = []
                for one in middle.prefix(limit) {
                    for rest in after where words.count < limit { words.append(before + one + rest) }
                }
                return words
            }
            start = open + 1
        }
        return [Array(units)]
    }

    /// What stands between the commas of a pair of braces, or the members of a sequence, and where the pair ends; nil if
    /// there is neither.
    private static func alternatives(_ units: ArraySlice<Unit>, from open: Int) -> ([[Unit]], close: Int)? {
        var (parts, depth, start) = ([[Unit]](), 0, open + 1)
        for index in (open + 1)..<units.endIndex {
            if units[index].is("{") { depth += 1 }
            if units[index].is(","), depth == 0 {
                parts.append(Array(units[start..<index]))
                start = index + 1
            }
            guard units[index].is("}") else { continue }
            if depth > 0 {
                depth -= 1
                continue
            }
            parts.append(Array(units[start..<index]))
            if parts.count > 1 { return (parts, index) }
            return sequence(parts[0]).map { ($0, index) }
        }
        return nil
    }

    /// The members of `a..e` or `1..10`, with or without a step.
    private static func sequence(_ units: [Unit]) -> [[Unit]]? {
        var text = ""
        for unit in units {
            guard case .bare(let scalar) = unit else { return nil }
            text.unicodeScalars.append(scalar)
        }
        var fields: [Substring] = []
        var rest = text[...]
        while let dots = rest.firstRange(of: "..") {
            fields.append(rest[..<dots.lowerBound])
            rest = rest[dots.upperBound...]
        }
        fields.append(rest)
        guard fields.count == 2 || fields.count == 3 else { return nil }
        let step = fields.count == 3 ? max(1, abs(Int(fields[2]) ?? 1)) : 1
        if let first = Int(fields[0]), let last = Int(fields[1]) {
            return members(first, last, step).map { bare("\($0)") }
        }
        guard let first = letter(fields[0]), let last = letter(fields[1]) else { return nil }
        return members(first, last, step).map { [.bare(Unicode.Scalar(UInt8($0)))] }
    }

    private static func members(_ first: Int, _ last: Int, _ step: Int) -> some Sequence<Int> {
        stride(from: first, through: last, by: first <= last ? step : -step).lazy.prefix(limit)
    }

    private static func letter(_ text: Substring) -> Int? {
        guard text.utf8.count == 1, let byte = text.utf8.first, text.first?.isLetter == true else { return nil }
        return Int(byte)
    }

    private static func bare(_ text: String) -> [Unit] { text.unicodeScalars.map { .bare($0) } }
}
