import Session

/// Reads what compilers and linters that Maven runs have to say of a place:
/// `[ERROR] /path/Basket.java:[10,34] incompatible types`
struct MavenCompilerReader: OutputReader {
    static let format = "maven"

    private var findings = Findings()
    private var block: FailureBlock?

    mutating func read(_ line: Substring) -> Bool {
        let error = line.after("[ERROR] ")
        guard let error, let (file, number, column, message) = Self.place(error) else {
            // Symbol and location are told below, with the level in front or without.
            if let detail = error ?? (line.starts(with: "[") ? nil : line), detail.indentation == 2 {
                block?.add(detail)
            } else {
                end()
            }
            return false
        }
        end()
        let place = column.map { "\(file):[\(number),\($0)]" } ?? "\(file):\(number)"
        block = FailureBlock(name: place, message: message)
        block?.setPlace(file, number)
        return true
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.isEmpty ? nil : findings.reading()
    }

    /// `path:[line,column] message`, `path: (line, column) message` and `path:line:column: message` of an absolute or
    /// relative path with an extension.
    private static func place(_ text: Substring) -> (Substring, Int, Int?, Substring)? {
        for (open, close) in [(":[", "] "), (": (", ") ")] {
            guard let (file, rest) = text.cut(open), let (numbers, message) = rest.cut(close),
                let (line, behind) = numbers.leadingNumber, isSource(file)
            else { continue }
            return (file, line, behind.after(",")?.trimmed.leadingNumber?.number, message)
        }
        guard let place = Place(text.after("file://") ?? text), isSource(place.file), !place.rest.isEmpty else {
            return nil
        }
        return (place.file, place.line, place.column, place.rest)
    }

    private static func isSource(_ file: Substring) -> Bool {
        !file.holds(" ") && file.holds("/") && (file.cutLast("/")?.after ?? file).holds(".")
    }

    private mutating func end() {
        if let block { findings.add(block.whole) }
        block = nil
    }
}
