import Session
import Text

/// Finds assertions and tests that are gone or read differently: in test files, and in tests within other files.
struct RemovedCheckFinder {
    private let assertion = SignMatcher.pattern(
        #"\b(assert\w*|expect\w*|should\w*|refute\w*|(EXPECT|ASSERT)_\w+|REQUIRE\w*|CHECK\w*|XCT\w+|BOOST_(CHECK|REQUIRE)\w*|must_\w+|raises|verify|ck_assert\w*|deepEqual|strictEqual|toThrow)\b|#(expect|require)\b|\bt\.(Error|Fatal|Fail)\w*|\b(is|ok|is_deeply|like|cmp_ok)\s*\(|\[\s*.*-(eq|ne|lt|gt)\b|\bdiff\b|\bcmp\b"#
    )
    private let tolerance = SignMatcher.pattern(
        #"\b(delta|places|rtol|atol|rel|abs|rel_tol|abs_tol|tolerance|epsilon|eps|approx\w*|toBeCloseTo|within|be_within|assertAlmostEqual|(EXPECT|ASSERT)_NEAR|isclose|allclose|closeTo|accuracy|precision|timeout)\b"#
    )
    private let early = SignMatcher.pattern(
        #"^(return|pass|exit|break|done|next|raise\s+SystemExit)\b[^=]*$|^if\s*\(?\s*(False|false|0)\b|^#\s*if\s+0|^"""|^'''|^=begin|^/\*"#
    )
    /// How many lines of the tests of the whole change are new, by their text: what was moved is not gone.
    private let moved: [[UInt8]: Int]

    /// The most lines of one file that are told.
    private static let limit = 10

    init(_ texts: [ChangedText]) {
        var moved: [[UInt8]: Int] = [:]
        for text in texts {
            for (_, line) in text.addedLines where !line.isBlank { moved[line.trimmed, default: 0] += 1 }
        }
        self.moved = moved
    }

    /// The doubts that a changed file gives.
    func doubts(in text: ChangedText) -> [Doubt] {
        guard !text.isNew else { return [] }
        let isTest = text.role == .test || text.role == .check
        guard isTest || text.role == .source else { return [] }
        let (before, after) = (TestBlocks(text.old).lines, TestBlocks(text.new).lines)
        guard isTest || !before.isEmpty else { return [] }
        var doubts: [Doubt] = []
        var left = moved
        for (index, line) in text.removedLines where isTest || before.contains(index) {
            if let count = left[line.trimmed], count > 0 {
                left[line.trimmed] = count - 1
                continue
            }
            // In Rust an assertion of the program looks like one of a test, but tests stand in blocks of their own.
            guard isCheck(line, text.language) || !isTest && text.language == .rust && !line.isBlank else { continue }
            doubts.append(doubt(text, index, line))
        }
        let place = CodePlace(text)
        for (index, line) in text.addedLines where isTest || after.contains(index) {
            guard let early, line.codeText.contains(early), !place.isInNewTest(index), place.isInTest(index) else {
                continue
            }
            doubts.append(
                Doubt(
                    .weakenedCheck, isDecisive: true, message: "a test ends here before it checks",
                    path: text.path.text, line: index + 1, excerpt: line.shown.excerpt))
        }
        doubts += repeated(text)
        return Array(doubts.prefix(Self.limit))
    }

    private func isCheck(_ line: SourceText.Line, _ language: SourceLanguage) -> Bool {
        let code = line.codeText
        if code.isEmpty { return false }
        if CodePlace.definition(in: line, language)?.isTest == true { return true }
        if code.hasPrefix("@Test") || code.hasPrefix("#[test") || code.hasPrefix("[Fact") { return true }
        return assertion.map { code.contains($0) } ?? false
    }

    private func doubt(_ text: ChangedText, _ index: Int, _ line: SourceText.Line) -> Doubt {
        let code = line.codeText
        let isCommented = text.addedLines.contains { added in
            let comment = String(decoding: added.line.comment, as: UTF8.self)
            return comment.utf8.count > 3 && comment.contains(code) && code.utf8.count > 3
        }
        let message =
            if isCommented {
                "a check is commented out"
            } else if let tolerance, code.contains(tolerance) {
                "a tolerance or a limit of a test is changed"
            } else if CodePlace.definition(in: line, text.language)?.isTest == true {
                "a test is gone or has another name"
            } else {
                "a line of a test is gone or reads differently"
            }
        return Doubt(
            .weakenedCheck, isDecisive: true, message: message, path: text.path.text, line: index + 1,
            excerpt: line.shown.excerpt)
    }

    /// A later function of the same name takes the place of an earlier one.
    private func repeated(_ text: ChangedText) -> [Doubt] {
        guard text.language == .python, text.role != .source else { return [] }
        var classes: [(indent: Int, name: String)] = []
        var seen: [String: Int] = [:]
        var doubts: [Doubt] = []
        for (index, line) in text.new.lines.enumerated() where !line.isBlank {
            classes.removeAll { $0.indent >= line.indent }
            guard let (name, _) = CodePlace.definition(in: line, .python) else { continue }
            let key = (classes.map(\.name) + [name]).joined(separator: ".")
            let isClass = line.codeText.hasPrefix("class")
            if seen[key] != nil, text.isAdded(index), isClass || name.hasPrefix("test") {
                doubts.append(
                    Doubt(
                        .weakenedCheck, isDecisive: true, message: "a test of the same name takes the place of \(name)",
                        path: text.path.text, line: index + 1, excerpt: line.shown.excerpt))
            }
            seen[key] = index
            classes.append((line.indent, name))
        }
        return doubts
    }
}
