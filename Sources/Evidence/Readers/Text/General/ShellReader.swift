import Session

/// Reads what shells say of a line of a script, in any language of bash: `build.sh: line 3: no_program: not found`.
struct ShellReader: OutputReader {
    static let format = "shell"
    static let rank = ReaderRank.step

    private var findings = Findings()

    mutating func read(_ line: Substring) -> Bool {
        guard let (script, rest) = line.cut(": "), Self.isScript(script), let (place, message) = rest.cut(": "),
            let number = Self.line(place)
        else { return false }
        let isShell = Self.shells.contains(script.cutLast("/")?.after ?? script)
        findings.add(
            TestFailure(
                name: isShell ? String(message) : "\(script):\(number)", message: isShell ? "" : String(message),
                file: isShell ? nil : String(script), line: isShell ? nil : number, excerpt: String(line)))
        return true
    }

    mutating func finish() -> TestReading? { findings.isEmpty ? nil : findings.reading() }

    private static let shells: Set<Substring> = [
        "bash", "sh", "dash", "zsh", "ksh", "ash", "-bash", "-sh", "environment",
    ]

    private static func isScript(_ text: Substring) -> Bool {
        guard !text.isEmpty, !text.holds(" ") else { return false }
        return shells.contains(text) || text.holds("/") || text.ends(with: ".sh") || text.ends(with: ".bash")
    }

    /// `line 3` in the languages of bash, or `3` as dash has it.
    private static func line(_ text: Substring) -> Int? {
        if let (number, rest) = text.leadingNumber { return rest.isEmpty ? number : nil }
        guard let (word, digits) = text.cutLast(" "), words.contains(word), let (number, rest) = digits.leadingNumber
        else { return nil }
        return rest.isEmpty ? number : nil
    }

    private static let words: Set<Substring> = [
        "line", "Zeile", "ligne", "línea", "riga", "linha", "regel", "rad", "linje", "rivi", "linia", "wiersz", "řádek",
        "riadok", "строка", "рядок", "ред", "γραμμή", "satır", "sor", "baris", "dòng", "líne", "eilutė", "redak",
        "vrstica", "linioje", "行", "줄",
    ]
}
