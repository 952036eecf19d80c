import Session

/// Reads errors of javac, `Basket.java:8: error: message`, and of kotlinc, `basket.kt:3:28: error: message`, by itself
/// or in Gradle, `e: file:///path/basket.kt:3:28 message`.
struct JavaCompilerReader: OutputReader {
    static let format = "javac"

    private var findings = Findings()
    private var tools: [String] = []
    private var block: FailureBlock?

    mutating func read(_ line: Substring) -> Bool {
        if let text = line.after("e: "), let (place, message) = Self.kotlinPlace(text) {
            begin(place, message, "kotlinc")
            return true
        }
        guard let place = Place(line), let tool = Self.tool(of: place.file) else {
            readRest(line)
            return false
        }
        end()
        guard let message = place.rest.after("error: ") else { return false }
        begin((place.text, place.file, place.line), message, tool)
        return true
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.reading(of: tools)
    }

    private typealias KnownPlace = (text: Substring, file: Substring, line: Int)

    private static func tool(of file: Substring) -> String? {
        if file.ends(with: ".java") { return "javac" }
        if file.ends(with: ".kt") || file.ends(with: ".kts") { return "kotlinc" }
        return file.ends(with: ".scala") ? "scalac" : file.ends(with: ".groovy") ? "groovyc" : nil
    }

    /// `file:///path/a.kt:3:28 message`, or in older versions `/path/a.kt: (3, 28): message`
    private static func kotlinPlace(_ text: Substring) -> (KnownPlace, Substring)? {
        if let path = text.after("file://"), let (text, message) = path.cut(" "), let frame = ScriptFrame(place: text) {
            return ((text, frame.file, frame.line), message)
        }
        guard let (file, rest) = text.cut(": ("), let (numbers, message) = rest.cut("): "),
            let (line, behind) = numbers.leadingNumber, let column = behind.after(", ")
        else { return nil }
        return (("\(file):\(line):\(column)", file, line), message)
    }

    private mutating func begin(_ place: KnownPlace, _ message: Substring, _ tool: String) {
        end()
        if !tools.contains(tool) { tools.append(tool) }
        block = FailureBlock(name: place.text, message: message)
        block?.setPlace(place.file, place.line)
    }

    /// The code, a caret, and what the compiler says of symbols, which all are indented.
    private mutating func readRest(_ line: Substring) {
        if line.indentation > 0 { block?.add(line) } else { end() }
    }

    private mutating func end() {
        if let block { findings.add(block.whole) }
        block = nil
    }
}
