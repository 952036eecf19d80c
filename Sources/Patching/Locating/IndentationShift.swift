/// How the indentation of a hunk's lines becomes that of the file; one rule for all lines of the hunk.
enum IndentationShift: Equatable {
    /// The indentation is the file's.
    case none
    /// The file has this in front of every line.
    case add([UInt8])
    /// The hunk has this in front of every line.
    case remove([UInt8])
    /// So many spaces in the hunk are one tab in the file, and then so many tabs more.
    case tabs(width: Int, more: Int)
    /// One tab in the hunk is so many spaces in the file, and then so many spaces more.
    case spaces(width: Int, more: Int)

    /// The indentation of a line in the hunk and in the file.
    typealias Pair = (hunk: LineBytes, file: LineBytes)

    /// Finds the one rule that fits all lines, or nil; plain shifts come before tabs against spaces, four to a tab
    /// before other widths.
    static func fitting(_ pairs: [Pair]) -> IndentationShift? {
        guard let first = pairs.first(where: { !$0.hunk.isEmpty || !$0.file.isEmpty }) else {
            return IndentationShift.none
        }
        var rules: [IndentationShift] = [.none]
        if first.file.hasSuffix(first.hunk) { rules.append(.add(Array(first.file.dropLast(first.hunk.count)))) }
        if first.hunk.hasSuffix(first.file) { rules.append(.remove(Array(first.hunk.dropLast(first.file.count)))) }
        for isShifted in [false, true] {
            for width in [4, 2, 8, 3, 6, 5, 7] {
                let hunk = Measure(first.hunk)
                let file = Measure(first.file)
                rules.append(.tabs(width: width, more: isShifted ? file.tabs - hunk.spaces / width : 0))
                rules.append(
                    .spaces(width: width, more: isShifted ? file.spaces - hunk.tabs * width - hunk.spaces : 0))
            }
        }
        return rules.first { rule in
            pairs.allSatisfy { pair in
                guard let shifted = rule.indentation(pair.hunk) else { return false }
                return shifted.elementsEqual(pair.file)
            }
        }
    }

    /// An added line with the file's indentation; blank lines and lines the rule does not reach stay as they are.
    func applied(to line: LineBytes) -> LineBytes {
        guard self != .none else { return line }
        let indentation = line.indentation
        guard indentation.count < line.count else { return line }
        let text = line.dropFirst(indentation.count)
        if let shifted = self.indentation(indentation) { return ArraySlice(shifted + text) }
        if case .remove(let prefix) = self, prefix.starts(with: indentation) { return text }
        return line
    }

    /// The file's indentation for one of the hunk, or nil if the rule does not fit it.
    private func indentation(_ hunk: LineBytes) -> [UInt8]? {
        switch self {
        case .none: return Array(hunk)
        case .add(let prefix): return prefix + hunk
        case .remove(let prefix): return hunk.starts(with: prefix) ? Array(hunk.dropFirst(prefix.count)) : nil
        case .tabs(let width, let more):
            let measure = Measure(hunk)
            guard measure.isOrdered, measure.tabs == 0, measure.spaces / width + more >= 0 else { return nil }
            return Array(repeating: 0x09, count: measure.spaces / width + more)
                + Array(repeating: 0x20, count: measure.spaces % width)
        case .spaces(let width, let more):
            let measure = Measure(hunk)
            let columns = measure.tabs * width + measure.spaces + more
            guard measure.isOrdered, columns >= 0 else { return nil }
            return Array(repeating: 0x20, count: columns)
        }
    }

    /// Tabs and then spaces.
    private struct Measure {
        let tabs: Int
        let spaces: Int
        let isOrdered: Bool

        init(_ indentation: LineBytes) {
            tabs = indentation.prefix { $0 == 0x09 }.count
            spaces = indentation.dropFirst(tabs).prefix { $0 == 0x20 }.count
            isOrdered = tabs + spaces == indentation.count
        }
    }
}
