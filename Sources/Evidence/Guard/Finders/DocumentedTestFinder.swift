import Session
import Text

/// Finds examples in comments and docstrings that are tests, too, and do not check what they did.
struct DocumentedTestFinder {
    /// Whether the command runs the examples of docstrings, and those of comments of Rust.
    let (runsPython, runsRust): (Bool, Bool)

    /// The doubts that a changed file gives.
    func doubts(in text: ChangedText) -> [Doubt] {
        switch text.language {
        case .python where !text.isNew: python(text)
        case .rust where !text.isNew: rust(text)
        default: []
        }
    }

    private func python(_ text: ChangedText) -> [Doubt] {
        let added = Set(text.addedLines.map(\.line.trimmed))
        let examples = Self.examples(text.old)
        var doubts = text.removedLines.filter { examples.contains($0.index) && !added.contains($0.line.trimmed) }
            .map { doubt("an example that is run as a test is gone or reads differently", text, $0, runsPython) }
        doubts += text.addedLines.filter { SignMatcher.place(of: Array("doctest: +".utf8), in: $0.line.text) != nil }
            .map { doubt("an example is checked less strictly, or not at all", text, $0, runsPython) }
        return doubts
    }

    /// The lines of examples: `>>> call()` and what is expected below.
    private static func examples(_ text: SourceText) -> Set<Int> {
        var (found, isOpen) = (Set<Int>(), false)
        for (index, line) in text.lines.enumerated() {
            guard line.isInString else {
                isOpen = false
                continue
            }
            let words = line.trimmed
            if words.starts(with: ">>>".utf8) { isOpen = true }
            if words.isEmpty { isOpen = false }
            if isOpen { found.insert(index) }
        }
        return found
    }

    private func rust(_ text: ChangedText) -> [Doubt] {
        let added = Set(text.addedLines.map(\.line.trimmed))
        var doubts: [Doubt] = []
        for (index, line) in text.removedLines where !added.contains(line.trimmed) {
            let words = line.shown
            guard words.hasPrefix("///") || words.hasPrefix("//!"), words.contains("assert") else { continue }
            doubts.append(
                doubt("an example that is run as a test is gone or reads differently", text, (index, line), runsRust))
        }
        for (index, line) in text.addedLines {
            let words = line.shown
            guard words.hasPrefix("///") || words.hasPrefix("//!"), words.contains("```"),
                ["ignore", "no_run", "should_panic", "compile_fail", "text"].contains(where: { words.contains($0) })
            else { continue }
            doubts.append(doubt("an example is not run as a test any more", text, (index, line), runsRust))
        }
        return doubts
    }

    private func doubt(
        _ message: String, _ text: ChangedText, _ place: (index: Int, line: SourceText.Line), _ isDecisive: Bool
    ) -> Doubt {
        Doubt(
            .weakenedCheck, isDecisive: isDecisive, message: message, path: text.path.text, line: place.index + 1,
            excerpt: place.line.shown.excerpt)
    }
}
