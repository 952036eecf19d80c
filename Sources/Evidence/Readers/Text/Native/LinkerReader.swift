import Session

/// Reads errors of linkers: GNU ld and gold, lld, mold, and that of a Mac.
///
/// One is named by its message, `undefined reference to 'f'`, so that a name that is used in many places counts once.
struct LinkerReader: OutputReader {
    static let format = "linker"

    private var findings = Findings()
    /// The last error of lld, whose next lines say who refers to the name.
    private var open: TestFailure?
    private var excerpt = Excerpt()
    /// What a driver says when the linker has failed; it counts if nothing says why.
    private var consequence: TestFailure?
    /// Whether the names that a Mac's linker does not find come now.
    private var isMacList = false

    mutating func read(_ line: Substring) -> Bool {
        if let reference = line.after(">>> "), open != nil {
            readReference(reference, line)
            return false
        }
        end()
        if line.starts(with: "Undefined symbols for architecture ") {
            isMacList = true
            return true
        }
        if isMacList {
            guard let (name, rest) = line.after("  \"")?.cut("\""), rest.starts(with: ", referenced from") else {
                isMacList = line.starts(with: "      ")
                return false
            }
            findings.add(TestFailure(name: "undefined symbol: \(name)", excerpt: String(line)))
            return true
        }
        if line.starts(with: "collect2: ") || line.holds(": error: linker command failed") {
            if consequence == nil { consequence = TestFailure(name: String(line)) }
            return true
        }
        return readGNU(line) || readOther(line)
    }

    mutating func finish() -> TestReading? {
        end()
        if findings.isEmpty, let consequence { findings.add(consequence) }
        return findings.isEmpty ? nil : findings.reading()
    }

    /// `/usr/bin/ld: links.c:(.text+0xd): undefined reference to 'f'`, `/work/links.c:5: undefined reference to 'f'`
    private mutating func readGNU(_ line: Substring) -> Bool {
        let text = Self.withoutProgram(line)
        if let (object, rest) = text.cut(":("), rest.starts(with: "."), let (_, told) = rest.cut("): ") {
            guard !told.starts(with: "warning: "), !object.holds(" ") else { return false }
            // The object of an archive is named in front of the source.
            let source = object.cutLast(":")?.after ?? object
            add(told, file: source, line: nil, line)
            return true
        }
        if let place = Place(text), place.column == nil, Self.isLinking(place.rest) {
            add(place.rest.after("error: ") ?? place.rest, file: place.file, line: place.line, line)
            return true
        }
        guard text.utf8.count < line.utf8.count, !text.holds(": in function ") else { return false }
        guard
            text.starts(with: "cannot find ") || text.starts(with: "library not found for ")
                || Self.isLinking(text.cut(": ")?.after ?? text)
        else { return false }
        add(text.cut(": ").map { Self.isLinking($0.after) ? $0.after : text } ?? text, file: nil, line: nil, line)
        return true
    }

    /// `ld.lld: error: undefined symbol: f`
    private mutating func readOther(_ line: Substring) -> Bool {
        guard let (program, message) = line.cut(": error: "), !program.holds(" "),
            let name = program.utf8.split(separator: 0x2F).last.map({ Substring($0) }),
            ["ld.lld", "ld64.lld", "lld", "mold", "ld.mold", "ld", "ld.gold", "wasm-ld", "lld-link", "rust-lld"]
                .contains(name)
        else { return false }
        open = TestFailure(name: String(message))
        excerpt.add(line)
        return true
    }

    /// `>>> referenced by links.c:5 (/work/links.c:5)`
    private mutating func readReference(_ reference: Substring, _ line: Substring) {
        excerpt.add(line)
        guard open?.file == nil, let text = reference.after("referenced by ") ?? reference.after("defined at ") else {
            return
        }
        let source = text.cut(" (")?.after.before(")") ?? text
        if let place = Place(source) {
            open?.file = String(place.file)
            open?.line = place.line
        } else if !source.holds(" ") {
            open?.file = String(source)
        }
    }

    private mutating func add(_ message: Substring, file: Substring?, line number: Int?, _ line: Substring) {
        let name = message.cut("; ")?.before ?? message
        findings.add(
            TestFailure(name: String(name), file: file.map(String.init), line: number, excerpt: String(line)))
    }

    private mutating func end() {
        guard var ended = open else { return }
        open = nil
        ended.excerpt = excerpt.take()
        findings.add(ended)
    }

    /// What follows `/usr/bin/ld: `.
    private static func withoutProgram(_ line: Substring) -> Substring {
        guard let (program, rest) = line.cut(": "), !program.holds(" "),
            ["ld", "ld.bfd", "ld.gold", "ld.lld"].contains(where: { program == $0 || program.ends(with: "/\($0)") })
                || program.ends(with: "-ld")
        else { return line }
        return rest
    }

    private static func isLinking(_ text: Substring) -> Bool {
        let text = text.after("error: ") ?? text
        return text.starts(with: "undefined reference to ") || text.starts(with: "multiple definition of ")
            || text.starts(with: "relocation truncated to fit")
    }
}
