import Session
import Text

/// Finds definitions of equality that hold for anything, written on several lines.
struct EqualityFinder {
    private let head = SignMatcher.pattern(
        #"\bdef\s+(__eq__|==)|\bboolean\s+equals\s*\(|\boperator\s*==\s*\(|\bfunc\s+==\s*\(|\bfn\s+eq\s*\(|\bbool\s+Equals\s*\(|\bequals\s*\([^)]*\)\s*\{$"#
    )
    private let body = SignMatcher.pattern(#"^(return\s+)?(True|true)\s*;?$"#)

    /// The doubts that a changed file gives.
    func doubts(in text: ChangedText) -> [Doubt] {
        guard text.language != .document, let head, let body else { return [] }
        var doubts: [Doubt] = []
        let lines = text.new.lines
        for (index, line) in lines.enumerated() where line.codeText.contains(head) {
            let next = lines.indices.dropFirst(index + 1).prefix(12).first { position in
                let code = lines[position].codeText
                return !code.isEmpty && code != "{" && !code.allSatisfy { $0 == "\"" || $0 == "'" }
                    && !lines[position].isInString
            }
            guard let next, lines[next].codeText.contains(body), text.isAdded(next) || text.isAdded(index) else {
                continue
            }
            doubts.append(
                Doubt(
                    .shortCut, isDecisive: true, message: "anything is equal to this",
                    path: text.path.text, line: next + 1, excerpt: lines[next].shown.excerpt))
        }
        return doubts
    }
}
