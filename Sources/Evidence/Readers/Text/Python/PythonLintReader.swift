import Session

/// Reads what Ruff, Flake8 and Pylint print: `a.py:3:4: F401 message`, Ruff's full and grouped formats, and Pylint's own.
struct PythonLintReader: OutputReader {
    static let format = "ruff"

    private var findings = Findings()
    /// The linter, as far as its output tells.
    private var tool = "flake8"
    /// The rule and the message of Ruff's full format; the place stands on the next line.
    private var header: (rule: Substring, message: Substring)?
    /// The path above the rows of Ruff's grouped format.
    private var file: Substring?
    /// The failure whose code is being read, and whether all up to a blank line is of it.
    private var block: FailureBlock?
    private var isFull = false
    /// A line that is code if a caret stands below it.
    private var code: Substring?

    mutating func read(_ line: Substring) -> Bool {
        if line.starts(with: "************* Module ") || line.starts(with: "Your code has been rated at ") {
            end()
            tool = "pylint"
            return true
        }
        if let isSeen = readRuff(line) { return isSeen }
        guard let place = Place(line), Self.isPython(place.file), let (rule, message) = Self.rule(place.rest) else {
            readRest(line)
            return false
        }
        if place.rest.starts(with: "[\(rule)]") || message.utf8.count < place.rest.utf8.count - rule.utf8.count - 2 {
            tool = "ruff"
        }
        begin(place.text, rule, message, place.file, place.line)
        return true
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.reading(of: [tool])
    }

    private static func isPython(_ file: Substring) -> Bool {
        file.ends(with: ".py") || file.ends(with: ".pyi") || file.ends(with: ".ipynb")
    }

    /// `F401 [*] message`, `E0602: message`, `[F401] message`, `[E0602(name), call] message`, `invalid-syntax: message`
    private static func rule(_ text: Substring) -> (Substring, Substring)? {
        if let (inside, message) = text.after("[")?.cut("] ") {
            let rule = inside.cut("(")?.before ?? inside
            return isRule(rule) ? (rule, message) : nil
        }
        guard let (word, message) = text.cut(" ") else { return nil }
        let rule = word.before(":") ?? word
        return isRule(rule) ? (rule, message.after("[*] ") ?? message) : nil
    }

    /// Whether a word is letters and then digits, or the name of an error without a number.
    private static func isRule(_ word: Substring) -> Bool {
        if word == "invalid-syntax" || word == "unformatted" { return true }
        let letters = word.utf8.prefix { $0 >= 0x41 && $0 <= 0x5A }.count
        let digits = word.utf8.dropFirst(letters)
        return (1...6).contains(letters) && (2...5).contains(digits.count)
            && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// What only Ruff prints; nil for another line.
    private mutating func readRuff(_ line: Substring) -> Bool? {
        if let header, let text = line.trimmed.after("--> "), let frame = ScriptFrame(place: text) {
            tool = "ruff"
            begin(text, header.rule, header.message, frame.file, frame.line)
            isFull = true
            return true
        }
        header = nil
        guard line.indentation == 0 else {
            guard let file, let (row, behind) = line.trimmed.leadingNumber, row > 0,
                let (column, rest) = behind.after(":")?.leadingNumber, let (rule, message) = Self.rule(rest.trimmed)
            else { return nil }
            tool = "ruff"
            begin("\(file):\(row):\(column)", rule, message.trimmed, file, row)
            return true
        }
        if let file = line.before(":"), Self.isPython(file) {
            self.file = file
            return false
        }
        if !line.isEmpty { file = nil }
        guard let header = Self.rule(line), !line.starts(with: "[") else { return nil }
        end()
        self.header = header
        return false
    }

    private mutating func begin(
        _ place: some StringProtocol, _ rule: Substring, _ message: Substring, _ file: Substring, _ line: Int
    ) {
        end()
        block = FailureBlock(name: "\(place) \(rule)", message: message)
        block?.setPlace(file, line)
        header = nil
    }

    /// The code below a failure: a frame of Ruff, or a line and a caret below it.
    private mutating func readRest(_ line: Substring) {
        if line.starts(with: "[*] ") { tool = "ruff" }
        guard block != nil else { return }
        let text = line.trimmed
        let isFrame = text.starts(with: "|") || text.leadingNumber?.rest.trimmed.starts(with: "|") == true
        if let code, text.starts(with: "^") {
            block?.add(code)
            block?.add(line)
            end()
        } else if isFrame || isFull, !text.isEmpty {
            block?.add(line)
        } else if code == nil, !text.isEmpty {
            code = line
        } else {
            end()
        }
    }

    private mutating func end() {
        if var failure = block?.whole {
            // One rule may be broken twice at a place.
            if findings.hasFailure(failure.name) { failure.name += " \(failure.message)" }
            findings.add(failure)
        }
        block = nil
        code = nil
        isFull = false
    }
}
