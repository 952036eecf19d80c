import Session

/// Reads errors of the TypeScript compiler: `a.ts(3,4): error TS2322: ...`, or with `--pretty`
/// `a.ts:3:4 - error TS2322: ...`, and those of Deno, `TS2322 [ERROR]: ...` with the place below.
struct TypeScriptReader: OutputReader {
    static let format = "tsc"

    private var findings = Findings()
    private var block: FailureBlock?
    /// The number of an error of Deno whose place comes below.
    private var code: Substring?

    mutating func read(_ line: Substring) -> Bool {
        // Bundlers put a word in front.
        let text = line.after("Error: ") ?? line.after("ERROR in ") ?? line
        if let (place, rest) = Self.place(text), let (code, message) = Self.error(rest) {
            begin("\(place.text) \(code)", message, place.file, place.line)
            return true
        }
        if let (code, message) = Self.error(line) {
            begin("\(code)", message, nil, nil)
            return true
        }
        if let (code, message) = line.cut(" [ERROR]: "), code.starts(with: "TS"), Int(code.dropFirst(2)) != nil {
            begin(code, message, nil, nil)
            self.code = code
            return true
        }
        readRest(line)
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.isEmpty ? nil : findings.reading()
    }

    private static func place(_ line: Substring) -> (place: (text: Substring, file: Substring, line: Int), Substring)? {
        if let place = Place(parenthesized: line) { return ((place.text, place.file, place.line), place.rest) }
        guard let (text, rest) = line.cut(" - "), let frame = ScriptFrame(place: text), text.indentation == 0 else {
            return nil
        }
        return ((text, frame.file, frame.line), rest)
    }

    /// `error TS2322: message`
    private static func error(_ text: Substring) -> (code: Substring, message: Substring)? {
        guard let rest = text.after("error TS"), let (number, message) = rest.cut(": "), Int(number) != nil else {
            return nil
        }
        return (Substring(text.utf8.dropFirst(6).prefix(2 + number.utf8.count)), message)
    }

    private mutating func begin(_ name: some StringProtocol, _ message: Substring, _ file: Substring?, _ line: Int?) {
        end()
        block = FailureBlock(name: name, message: message)
        if let file { block?.setPlace(file, line) }
    }

    /// The code and the explanations below an error, up to the summary or a line that is of nothing of it.
    private mutating func readRest(_ line: Substring) {
        guard block != nil else { return }
        if let code {
            guard let frame = ScriptFrame(line) else { return block?.add(line) ?? () }
            guard let whole = block?.whole else { return }
            block = FailureBlock(name: "\(frame.file):\(frame.line) \(code)", message: whole.message[...])
            block?.setPlace(frame.file, frame.line)
            for line in whole.excerpt.utf8.split(separator: 0x0A) { block?.add(Substring(line)) }
            return end()
        }
        let isPart = line.isEmpty || line.indentation > 0 || line.leadingNumber?.rest.starts(with: " ") == true
        if isPart { block?.add(line) } else { end() }
    }

    private mutating func end() {
        if let block { findings.add(block.whole) }
        block = nil
        code = nil
    }
}
