/// How closely old lines must match those of the file, strictest first; the first that fits anywhere decides.
enum Fidelity {
    /// Byte for byte; the ending counts only in a diff that has both kinds.
    case exact
    /// Line endings may differ.
    case lineEnding
    /// White space at the end of a line may differ.
    case trailingSpace
    /// All lines may be shifted by one indentation.
    case indentation
    /// Typographic dashes, quotes and spaces count as their ASCII forms.
    case punctuation
    /// Canonically equivalent characters count as the same; tried only where nothing fits, and taken only for one place.
    case composition

    /// Those that are tried first.
    static let usual: [Fidelity] = [.exact, .lineEnding, .trailingSpace, .indentation, .punctuation]

    /// The shift with which the lines stand in the file from that line on, or nil if they do not.
    func shift(
        of old: [HunkLine], endingsStrictly: Bool = false, in file: LineTable, at start: Int
    ) -> IndentationShift? {
        guard start >= 0, start + old.count <= file.count else { return nil }
        var pairs: [IndentationShift.Pair] = []
        for (index, line) in old.enumerated() {
            let there = file[start + index]
            let here = start + index == 0 ? file.withoutMark(line.text) : line.text
            if self == .exact || endingsStrictly, let ending = line.ending, ending != .none {
                let end = file.ending(of: start + index)
                if end != .none, end != ending { return nil }
            }
            switch self {
            case .exact:
                guard Self.areEqual(here, there) else { return nil }
            case .lineEnding:
                guard Self.areEqual(here, there) else { return nil }
            case .trailingSpace:
                guard Self.areEqual(here.withoutTrailingSpace, there.withoutTrailingSpace) else { return nil }
            case .indentation:
                guard let pair = Self.pair(here, there) else { return nil }
                if let pair = pair.value { pairs.append(pair) }
            case .punctuation:
                guard let pair = Self.pair(TextEncoding.plain(here), TextEncoding.plain(there)) else { return nil }
                if let pair = pair.value { pairs.append(pair) }
            case .composition:
                guard let pair = Self.pair(here, there, by: ComposedLines.areEquivalent) else { return nil }
                if let pair = pair.value { pairs.append(pair) }
            }
        }
        return IndentationShift.fitting(pairs)
    }

    /// Whether a line of a diff is a line of a file, in UTF-8 or, where the line is not UTF-8, in Latin-1.
    static func areEqual(_ here: LineBytes, _ there: LineBytes) -> Bool {
        if here.count == there.count, here.elementsEqual(there) { return true }
        guard here.count > there.count, TextEncoding.isBeyondASCII(here), TextEncoding.kind(of: there) != .utf8,
            let latin1 = TextEncoding.latin1(here)
        else { return false }
        return latin1.elementsEqual(there)
    }

    /// The two indentations if the lines are equal behind them, without a value for blank lines.
    private static func pair(
        _ here: LineBytes, _ there: LineBytes, by areEqual: (LineBytes, LineBytes) -> Bool = areEqual
    ) -> (value: IndentationShift.Pair?, Void)? {
        let hereIndent = here.indentation
        let thereIndent = there.indentation
        guard
            areEqual(
                here.dropFirst(hereIndent.count).withoutTrailingSpace,
                there.dropFirst(thereIndent.count).withoutTrailingSpace)
        else { return nil }
        return (hereIndent.count == here.count ? nil : (hereIndent, thereIndent), ())
    }
}

extension LineTable {
    /// A diff's text for line 0 of a file with a byte-order mark, without the mark a diff may repeat.
    func withoutMark(_ text: LineBytes) -> LineBytes {
        hasByteOrderMark && text.starts(with: Self.byteOrderMark) ? text.dropFirst(3) : text
    }
}
