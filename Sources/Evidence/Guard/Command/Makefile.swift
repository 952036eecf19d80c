/// The rules of a makefile, as far as its text tells.
struct Makefile {
    private var needs: [String: [String]] = [:]
    private var lines: [String: [String]] = [:]
    private var variables: [String: String] = [:]
    private var first: String?

    init(_ text: String) {
        var targets: [String] = []
        for line in Self.joined(text) {
            if line.hasPrefix("\t") {
                let command = line.drop { $0 == "\t" || $0 == " " || $0 == "@" || $0 == "-" || $0 == "+" }
                for target in targets { lines[target, default: []].append(String(command)) }
                continue
            }
            let plain = line.prefix { $0 != "#" }
            guard let sign = plain.firstIndex(where: { $0 == ":" || $0 == "=" }) else { continue }
            let next = plain[plain.index(after: sign)...]
            if plain[sign] == "=" || next.first == "=" || next.hasPrefix(":=") {
                let name = plain[..<sign].filter { !" \t?+!".contains($0) }
                variables[name] = next.drop { $0 == "=" || $0 == ":" || $0 == " " }.description
                continue
            }
            targets = plain[..<sign].split(whereSeparator: \.isWhitespace).map(String.init)
            if first == nil { first = targets.first { !$0.hasPrefix(".") } }
            let (names, command) = Self.split(next)
            for target in targets {
                needs[target, default: []] += names
                if let command { lines[target, default: []].append(command) }
            }
        }
    }

    /// The shell lines that making some goals would run at most, with the makefile's variables in place; those of the
    /// first rule for no goals.
    func recipes(of goals: [String]) -> [String] {
        var open = goals.isEmpty ? first.map { [$0] } ?? [] : goals
        var (seen, found) = (Set<String>(), [String]())
        while let goal = open.popLast() {
            guard seen.insert(goal).inserted else { continue }
            // A goal without a rule of its own may be made by a pattern rule.
            let rule = lines[goal] == nil && needs[goal] == nil ? lines.keys.filter { $0.contains("%") } : [goal]
            for name in rule { found += (lines[name] ?? []).map { expanded($0, depth: 0) } }
            open += (needs[goal] ?? []).flatMap { expanded($0, depth: 0).split(separator: " ").map(String.init) }
        }
        return found
    }

    private func expanded(_ text: String, depth: Int) -> String {
        guard depth < 4, text.contains("$") else { return text }
        var result = text.replacing("$(MAKE)", with: "make").replacing("${MAKE}", with: "make")
        for (name, value) in variables where result.contains("(\(name))") || result.contains("{\(name)}") {
            guard result.utf8.count + value.utf8.count < 16 << 10 else { break }
            result = result.replacing("$(\(name))", with: value).replacing("${\(name)}", with: value)
        }
        return result == text ? result : expanded(result, depth: depth + 1)
    }

    private static func split(_ rest: Substring) -> (names: [String], command: String?) {
        let parts = rest.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        let names = (parts.first ?? "").split(whereSeparator: { $0.isWhitespace || $0 == ":" || $0 == "|" })
        return (names.map(String.init), parts.count > 1 ? String(parts[1]) : nil)
    }

    /// The lines, with those that end with a backslash joined to the next.
    private static func joined(_ text: String) -> [String] {
        var (result, open) = ([String](), "")
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.hasSuffix("\\") {
                open += line.dropLast() + " "
            } else {
                result.append(open + line)
                open = ""
            }
        }
        return open.isEmpty ? result : result + [open]
    }
}
