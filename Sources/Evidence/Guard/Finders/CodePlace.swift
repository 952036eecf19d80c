import Text

/// Tells what a line of a changed file belongs to: a test that is new, or the program's own command line.
struct CodePlace {
    private let text: ChangedText
    private let oldNames: Set<String>

    init(_ text: ChangedText) {
        self.text = text
        oldNames = Set(text.old.lines.compactMap { Self.definition(in: $0, text.language)?.name })
    }

    /// Whether a line is in a file of tests that is new, or in a test that is new in a file.
    func isInNewTest(_ line: Int) -> Bool {
        if text.role == .newTest { return true }
        guard text.role == .test || text.role == .source else { return false }
        guard let (position, name) = definition(around: line) else { return false }
        return text.isAdded(position) && !oldNames.contains(name)
    }

    /// Whether a line is in a test, by the name of the function that it is in.
    func isInTest(_ line: Int) -> Bool {
        guard let (position, _) = enclosing(line) else { return text.role == .test }
        return Self.definition(in: text.new.lines[position], text.language)?.isTest == true
            || text.language == .rust
    }

    /// Whether a line may end the process because it is a command line program's: in a function of such a name, in the
    /// part of a file that runs as a program, or in a file that read arguments before.
    func isInProgram(_ line: Int) -> Bool {
        guard text.role == .source else { return false }
        let name = text.path.name.text.lowercased()
        let isMain =
            ["__main__.py", "main.", "cli.", "manage.py"].contains { name.hasPrefix($0) }
            || text.path.parents.contains {
                ["bin", "cmd", "cli", "scripts", "script", "tools"].contains($0.name.text)
            }
        guard let (_, function) = enclosing(line) else {
            return isGuarded(line) || isMain && text.language != .python || readArguments && !isModule
        }
        let words = function.lowercased()
        return isMain || readArguments || isGuarded(line) || Self.programs.contains { words.contains($0) }
    }

    /// Whether the new lines of the file speak of tests.
    var speaksOfTests: Bool {
        text.addedLines.contains { line in
            ["test", "expected", "assert", "Test"].contains {
                SignMatcher.place(of: Array($0.utf8), in: line.line.text) != nil
            }
        }
    }

    private static let programs = [
        "main", "cli", "usage", "help", "version", "command", "cmd", "signal", "sigterm", "sigint", "shutdown", "quit",
        "daemon", "fork", "child", "exit", "terminate",
    ]

    /// Whether the file is loaded by others.
    private var isModule: Bool { text.language == .python || text.language == .javascript }

    /// Whether the file was one that reads arguments, before anything was changed.
    private var readArguments: Bool {
        text.old.lines.contains { line in
            let code = line.codeText
            return [
                "argparse", "optparse", "getopt", "sys.argv", "click.", "typer", "process.argv", "commander", "yargs",
                "flag.Parse", "os.Args", "cobra", "clap", "env::args", "OptionParser", "ARGV", "$argv", "argc",
            ]
            .contains { code.contains($0) }
        }
    }

    /// Whether a line stands below `if __name__ == "__main__":` or its like.
    private func isGuarded(_ line: Int) -> Bool {
        let lines = text.new.lines
        var indent = lines[line].indent
        for position in stride(from: line - 1, through: 0, by: -1) where !lines[position].isBlank {
            guard lines[position].indent < indent else { continue }
            indent = lines[position].indent
            let words = lines[position].text
            for word in ["__main__", "require.main", "import.meta.main", "__FILE__ == $0", "PROGRAM_NAME"] {
                if SignMatcher.place(of: Array(word.utf8), in: words) != nil { return true }
            }
            if indent == 0 { return false }
        }
        return false
    }

    /// The function that a line is in, or the next one if the line is a mark before one.
    private func definition(around line: Int) -> (position: Int, name: String)? {
        let lines = text.new.lines
        let code = lines[line].codeText
        if let own = Self.definition(in: lines[line], text.language) { return (line, own.name) }
        if code.hasPrefix("@") || code.hasPrefix("#[") || code.hasPrefix("[") {
            for position in lines.indices.dropFirst(line + 1).prefix(20) {
                if let next = Self.definition(in: lines[position], text.language) {
                    return (position, next.name)
                }
            }
            return nil
        }
        return enclosing(line)
    }

    /// The innermost function above a line that is indented less.
    private func enclosing(_ line: Int) -> (position: Int, name: String)? {
        let lines = text.new.lines
        let own = Self.definition(in: lines[line], text.language)
        if let own, lines[line].codeText.contains("{") { return (line, own.name) }
        var indent = lines[line].indent
        for position in stride(from: line - 1, through: 0, by: -1) where !lines[position].isBlank {
            guard lines[position].indent < indent else { continue }
            indent = lines[position].indent
            if let found = Self.definition(in: lines[position], text.language) {
                return (position, found.name)
            }
            if indent == 0 { return nil }
        }
        return nil
    }

    /// The name of the function or test that a line defines.
    static func definition(
        in line: SourceText.Line, _ language: SourceLanguage
    ) -> (name: String, isTest: Bool)? {
        let code = line.codeText
        let words = code.split { !($0.isLetter || $0.isNumber || "_$?!".contains($0)) }
        guard let first = words.first.map(String.init) else { return nil }
        if testCalls.contains(first), code.contains("(") || code.contains("\"") || code.contains("'") {
            // The name is a string, or a word of a macro.
            let shown = line.shown
            let quoted = shown.split(omittingEmptySubsequences: false) { "\"'`".contains($0) }
            let name = quoted.count > 2 ? String(quoted[1]) : shown.split(separator: "(").dropFirst().joined()
            return (name.replacing("DISABLED_", with: ""), true)
        }
        if let place = words.firstIndex(where: { definers.contains(String($0)) }) {
            var rest = words[(place + 1)...]
            if language == .go, code.hasPrefix("func (") {
                // Behind the receiver: `func (t *T) Name(`
                rest =
                    code.split(separator: ")", maxSplits: 1).last?.split { !($0.isLetter || $0.isNumber || $0 == "_") }[
                        ...]
                    ?? []
            } else if rest.first == "self" {
                rest = rest.dropFirst()
            }
            guard let name = rest.first.map(String.init) else { return nil }
            return (name, name.lowercased().hasPrefix("test"))
        }
        return named(code, language)
    }

    private static let testCalls: Set<String> = [
        "it", "test", "describe", "context", "specify", "suite", "xit", "xtest", "xdescribe", "xcontext", "fit",
        "ftest",
        "fdescribe", "TEST", "TEST_F", "TEST_P", "TEST_CASE", "SECTION", "SCENARIO",
    ]
    private static let definers: Set<String> = ["def", "func", "fn", "function", "fun", "sub", "defp", "proc", "class"]

    /// The name before the parentheses in `public void testIt() {` and `const a = () => {`.
    private static func named(_ code: String, _ language: SourceLanguage) -> (name: String, isTest: Bool)? {
        guard [.java, .c, .csharp, .javascript, .d, .dart].contains(language),
            code.hasSuffix("{") || code.hasSuffix(")"),
            !code.hasSuffix(";")
        else { return nil }
        if language == .javascript, let sign = code.firstRange(of: "=>") ?? code.firstRange(of: "= function") {
            let name = code[..<sign.lowerBound].split { !($0.isLetter || $0.isNumber || $0 == "_") }
            return name.first { !["const", "let", "var", "export", "async", "default"].contains(String($0)) }
                .map { (String($0), false) }
        }
        guard let open = code.firstIndex(of: "(") else { return nil }
        let head = code[..<open].split { !($0.isLetter || $0.isNumber || $0 == "_") }
        guard let name = head.last,
            !["if", "for", "while", "switch", "catch", "return", "else"].contains(String(name)),
            head.count > 1 || language == .javascript
        else { return nil }
        return (String(name), name.lowercased().hasPrefix("test"))
    }
}
