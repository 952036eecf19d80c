import Session

/// Reads errors of mypy, `a.py:3: error: message  [code]` with the notes below, of Pyright,
/// `a.py:3:4 - error: message (rule)`, and the short form of ty, `a.py:3:4: error[rule] message`.
struct MypyReader: OutputReader {
    static let format = "mypy"

    /// The bytes of a place, a message and the next word from which mypy breaks a line of 80 columns.
    private static let shortestBroken = 66

    private var findings = Findings()
    private var tool = MypyReader.format
    private var block: FailureBlock?
    /// A failure whose message may go on in the next line.
    private var open: (place: Substring, message: Substring, file: Substring, line: Int?)?

    mutating func read(_ line: Substring) -> Bool {
        if let isSeen = readMypy(line) { return isSeen }
        if let (text, rest) = line.trimmed.cut(" - "), let frame = ScriptFrame(place: text), frame.file.holds(".py") {
            end()
            guard let message = rest.after("error: ") else { return false }
            tool = "pyright"
            let (words, rule) = Self.cutRule(message, "(", ")")
            begin(text, rule, words, frame.file, frame.line)
            open = nil
            return true
        }
        if let (file, message) = line.cut(": error: "), file.ends(with: ".py"), Place.isPath(file),
            line.indentation == 0
        {
            // A file that cannot be read has no line.
            begin(file, "", message, file, nil)
            return true
        }
        readRest(line)
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.reading(of: [tool])
    }

    /// A line with a place and a severity; nil for another one.
    private mutating func readMypy(_ line: Substring) -> Bool? {
        guard let place = Place(line), place.file.ends(with: ".py") || place.file.ends(with: ".pyi") else { return nil }
        // The place of the end may follow.
        var rest = place.rest
        while let (_, after) = rest.leadingNumber, let behind = after.after(":") { rest = behind.trimmed }
        if rest.starts(with: "note: ") {
            block?.add(line)
            return true
        }
        if let (code, message) = rest.after("error[")?.cut("] ") {
            tool = "ty"
            begin(place.text, code, message, place.file, place.line)
            return true
        }
        guard let message = rest.after("error: ") else { return nil }
        let (words, code) = Self.cutRule(message, "[", "]")
        begin(place.text, code, words, place.file, place.line)
        return true
    }

    /// Cuts the rule in brackets from the end of a message.
    private static func cutRule(_ message: Substring, _ open: String, _ close: String) -> (Substring, Substring) {
        guard let (words, rule) = message.before(close)?.cutLast(" \(open)"), !rule.holds(" "), !rule.isEmpty else {
            return (message, "")
        }
        return (words.trimmed, rule)
    }

    private mutating func begin(
        _ place: Substring, _ rule: Substring, _ message: Substring, _ file: Substring, _ line: Int?
    ) {
        end()
        if rule.isEmpty { open = (place, message, file, line) }
        block = FailureBlock(name: rule.isEmpty ? "\(place)" : "\(place) \(rule)", message: message)
        block?.setPlace(file, line)
    }

    private mutating func readRest(_ line: Substring) {
        guard block != nil else { return }
        if line.starts(with: "Found ") || line.starts(with: "Success: ") { return end() }
        if line.indentation > 0 {
            open = nil
            block?.add(line)
        } else if let (place, message, file, number) = open, let word = line.words.first,
            place.utf8.count + message.utf8.count + word.utf8.count > Self.shortestBroken
        {
            // A long message is broken, and its code stands behind the last part.
            let (words, code) = Self.cutRule(line, "[", "]")
            let rest = code.isEmpty ? line.before("]")?.after("[") : nil
            guard !(rest ?? code).isEmpty else {
                // Without a code it may as well be the line of another program.
                open?.message = "\(message) \(words)"
                return
            }
            block = nil
            begin(place, rest ?? code, rest == nil ? "\(message) \(words)"[...] : message, file, number)
            open = nil
        } else {
            end()
        }
    }

    private mutating func end() {
        if let block { findings.add(block.whole) }
        block = nil
        open = nil
    }
}
