import Session

/// Reads errors in the form that MSBuild and Microsoft's compilers have, `path(12,5): error CS0103: message [project]`,
/// also those that have no place, `MSBUILD : error MSB1003: message`.
struct MSBuildReader: OutputReader {
    static let format = "msbuild"

    private var findings = Findings()

    mutating func read(_ line: Substring) -> Bool {
        let text = line.trimmed
        if let place = Place(parenthesized: text), let (code, message) = Self.error(place.rest) {
            return add("\(place.text): \(code)", message, String(place.file), place.line)
        }
        guard let (origin, rest) = text.cut(" : "), let (code, message) = Self.error(rest), !origin.holds(": ") else {
            return false
        }
        let isFile = origin.ends(with: "proj") || origin.ends(with: ".sln") || origin.ends(with: ".slnx")
        return add("\(origin): \(code)", message, isFile ? String(origin) : nil, nil)
    }

    mutating func finish() -> TestReading? { findings.isEmpty ? nil : findings.reading() }

    /// `error CS0103: message [/path/Shop.csproj]`, `fatal error C1083: message`
    private static func error(_ text: Substring) -> (Substring, Substring)? {
        let rest = text.after("fatal ") ?? text
        guard let (code, message) = rest.after("error ")?.cut(": "), isCode(code.trimmed) else { return nil }
        guard let (words, project) = message.before("]")?.cutLast(" ["), project.holds("proj") else {
            return (code.trimmed, message)
        }
        return (code.trimmed, words)
    }

    /// Letters and a number; those of TypeScript and of the C compiler have readers of their own.
    private static func isCode(_ code: Substring) -> Bool {
        let letters = code.utf8.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }.count
        let digits = code.utf8.dropFirst(letters)
        return (1...10).contains(letters) && !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
            && !["C", "LNK", "TS"].contains(Substring(code.utf8.prefix(letters)))
    }

    private mutating func add(_ name: String, _ message: Substring, _ file: String?, _ line: Int?) -> Bool {
        findings.add(TestFailure(name: name, message: String(message), file: file, line: line))
        return true
    }
}
