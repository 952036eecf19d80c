import Session

/// Reads errors of what puts scripts together: esbuild and tools on it, `✘ [ERROR] message` with the place below;
/// webpack, `ERROR in ./src/a.js 2:51` with the message below; Rollup and Vite below `error during build:`; Next.js, a
/// place and below it `Type error: message`.
struct BundlerReader: OutputReader {
    static let format = "esbuild"

    private var findings = Findings()
    private var tools: [String] = []
    private var block: FailureBlock?
    /// The place of an error whose message comes below.
    private var place: ErrorPlace?
    private var followsBuildError = false

    mutating func read(_ line: Substring) -> Bool {
        if followsBuildError, !line.isEmpty {
            followsBuildError = false
            readRollup(line)
            return true
        }
        if let message = line.after("✘ [ERROR] ") {
            begin("\(message)", message, "esbuild")
            return true
        }
        if let text = line.after("ERROR in "), !text.holds(" - error TS"), let place = ErrorPlace(webpack: text) {
            end()
            self.place = place
            return true
        }
        if line == "error during build:" {
            end()
            followsBuildError = true
            return false
        }
        if let place, !line.isEmpty {
            self.place = nil
            return beginBelow(place, line)
        }
        readPlace(line)
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        return findings.reading(of: tools)
    }

    /// Takes a line below a place of webpack, which is an error, or of Next.js, where only some are.
    private mutating func beginBelow(_ place: ErrorPlace, _ line: Substring) -> Bool {
        if place.tool == "next", !line.starts(with: "Type error: "), !line.starts(with: "Error: ") { return false }
        begin("\(place.text)", line, place.tool)
        block?.setPlace(place.file, place.line)
        return true
    }

    /// `src/a.ts (1:9): message`, `[vite]: Rollup failed to resolve import "a" from "/src/main.ts".`
    private mutating func readRollup(_ line: Substring) {
        guard let (head, message) = line.cut("): "), let (file, numbers) = head.cutLast(" ("),
            let number = numbers.leadingNumber?.number
        else { return begin("\(line)", line, "rollup") }
        begin("\(file):\(numbers)", message, "rollup")
        block?.setPlace(file, number)
    }

    private mutating func readPlace(_ line: Substring) {
        let text = line.trimmed.before(":") ?? line.trimmed
        if let frame = ScriptFrame(place: text.after("file: ") ?? text) {
            if block?.failure.file == nil {
                // What esbuild says first is the message; the place tells errors apart.
                if tools.last == "esbuild" { block?.setName(text) }
                block?.setPlace(frame.file, frame.line)
            }
            if line.starts(with: "./") {
                end()
                place = ErrorPlace(text: text, file: frame.file, line: frame.line, tool: "next")
            }
        } else if block != nil {
            if line.isEmpty, block?.failure.file != nil { end() } else { block?.add(line) }
        }
    }

    private mutating func begin(_ name: String, _ message: Substring, _ tool: String) {
        end()
        if !tools.contains(tool) { tools.append(tool) }
        block = FailureBlock(name: name, message: message)
    }

    private mutating func end() {
        if let block { findings.add(block.whole) }
        block = nil
    }
}

/// Where an error is, that is told on the next line.
private struct ErrorPlace {
    var text: Substring
    var file: Substring
    var line: Int?
    var tool: String
}

extension ErrorPlace {
    /// Reads `./src/a.js 2:51-60`, `./src/a.ts:2:51` and `./src/a.js`.
    fileprivate init?(webpack text: Substring) {
        let (file, numbers) = text.cut(" ") ?? (text, "")
        if let frame = ScriptFrame(place: file) {
            self.init(text: file, file: frame.file, line: frame.line, tool: "webpack")
        } else if file.holds("/") || file.holds(".") {
            self.init(text: text, file: file, line: numbers.leadingNumber?.number, tool: "webpack")
        } else {
            return nil
        }
    }
}
