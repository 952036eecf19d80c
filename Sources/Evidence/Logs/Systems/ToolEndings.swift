import Text

/// Commands that tools name themselves where they fail, for logs that show no step.
enum ToolEndings {
    /// The commands with what told them, in order, without duplicates.
    static func commands(in lines: [String]) -> [(line: String, reason: String)] {
        var found: [(line: String, reason: String)] = []
        var script: Substring?
        for line in lines {
            let text = line[...]
            // `> calc@1.0.0 test`
            if let rest = text.after("> "), rest.words.count == 2, rest.words[0].holds("@") { script = rest.words[1] }
            let told = make(text) ?? cargo(text) ?? gradle(text) ?? tox(text) ?? npm(text, script)
            guard let (command, reason) = told else { continue }
            if !found.contains(where: { $0.line == command }) { found.append((command, reason)) }
            if found.count == limit { break }
        }
        return found
    }

    private static let limit = 20

    /// `make: *** [Makefile:3: test] Error 2`; those of makes that it has started have a number.
    private static func make(_ line: Substring) -> (String, String)? {
        guard let rest = line.after("make: *** [") ?? line.after("gmake: *** ["), let (place, after) = rest.cut("]"),
            after.trimmed.starts(with: "Error ")
        else { return nil }
        let target = place.cutLast(": ")?.after ?? place
        return isWord(target) ? ("make \(target)", "make says that its target \(target) failed") : nil
    }

    /// ``error: test failed, to rerun pass `--lib` ``
    private static func cargo(_ line: Substring) -> (String, String)? {
        guard let rest = line.after("error: test failed, to rerun pass ") else { return nil }
        let flags = rest.words.map { $0.filter { $0 != "`" && $0 != "'" }[...] }
        guard flags.allSatisfy({ isWord($0) }) else { return nil }
        return ("cargo test \(flags.joined(separator: " "))", "cargo says how its failed tests are run again")
    }

    /// `Execution failed for task ':app:test'.`
    private static func gradle(_ line: Substring) -> (String, String)? {
        guard let rest = line.cut("Execution failed for task '")?.after, let (task, _) = rest.cut("'"), isWord(task)
        else { return nil }
        return ("./gradlew \(task)", "gradle says that its task \(task) failed")
    }

    /// `  py311: FAIL code 1 (2.31=setup[0.02]+cmd[2.29] seconds)`
    private static func tox(_ line: Substring) -> (String, String)? {
        guard line.starts(with: "  "), let (name, _) = line.trimmed.cut(": FAIL code "), isWord(name) else {
            return nil
        }
        return ("tox -e \(name)", "tox says that its environment \(name) failed")
    }

    private static func npm(_ line: Substring, _ script: Substring?) -> (String, String)? {
        guard let script, isWord(script), line.starts(with: "npm ERR! ") || line.starts(with: "npm error ") else {
            return nil
        }
        return (script == "test" ? "npm test" : "npm run \(script)", "npm ran its script \(script), which failed")
    }

    /// Whether a text of the log is one plain word, which no shell reads in any other way.
    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 100
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                    || Array("-_./:=".utf8).contains(byte)
            }
    }
}
