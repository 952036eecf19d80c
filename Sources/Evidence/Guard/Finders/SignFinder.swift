import Session
import Text

/// Finds signs in the added lines of a changed file.
struct SignFinder {
    let matcher: SignMatcher
    /// The programs that the command runs.
    let tools: Set<String>

    /// The doubts that a changed file gives, in the order of its lines.
    func doubts(in text: ChangedText) -> [Doubt] {
        guard text.language != .document || text.role == .check else { return [] }
        let place = CodePlace(text)
        var doubts: [Doubt] = []
        for (index, sign) in Sign.all.enumerated()
        where sign.roles.contains(text.role) && (sign.languages.isEmpty || sign.languages.contains(text.language)) {
            let found = text.addedLines.filter { matcher.matches(index, Self.part($0.line, sign.scope)) }
            guard !found.isEmpty else { continue }
            // What stood there before in other words is not new; a line that was moved is not new either.
            var before = text.removedLines.map(\.line).filter { matcher.matches(index, Self.part($0, sign.scope)) }
            for (position, line) in found {
                if let moved = before.firstIndex(where: { $0.trimmed == line.trimmed }) {
                    before.remove(at: moved)
                    continue
                }
                let isDecisive = isDecisive(sign, place, position)
                if !isDecisive, !before.isEmpty {
                    before.removeLast()
                    continue
                }
                doubts.append(
                    Doubt(
                        sign.kind, isDecisive: isDecisive, message: sign.message,
                        path: text.path.text, line: position + 1, excerpt: line.shown.excerpt))
            }
        }
        return doubts
    }

    private func isDecisive(_ sign: Sign, _ place: CodePlace, _ line: Int) -> Bool {
        switch sign.weight {
        case .decisive: true
        case .told: false
        case .tools(let names): !names.isDisjoint(with: tools)
        case .unlessNew: !place.isInNewTest(line)
        case .unlessProgram: !place.isInProgram(line)
        case .nearTests: place.speaksOfTests
        }
    }

    static func part(_ line: SourceText.Line, _ scope: Sign.Scope) -> ArraySlice<UInt8> {
        switch scope {
        case .code: line.code[...]
        case .comment: line.comment[...]
        case .text: line.statement[...]
        }
    }
}

extension String {
    /// The first characters, on one line.
    var excerpt: String { utf8.count <= 200 ? self : String(prefix(200)) + "…" }
}
