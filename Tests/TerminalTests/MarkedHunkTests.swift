import Repository
import TestSupport
import Testing
import Text

@testable import Terminal

@Suite struct MarkedHunkTests {
    @Test func `a line knows its counterpart, and both what differs`() {
        let hunk = SampleDiff.hunk(" a\n-let x = 1\n-gone, wholly\n+// new\n+let x = 2\n b\n")
        let lines = MarkedHunk(hunk).lines
        #expect(lines.map(\.counterpart) == [nil, 4, nil, nil, 1, nil])
        #expect(lines[1].spans.map(\.text) == ["let x = ", "1"] && lines[1].spans.map(\.isChanged) == [false, true])
        #expect(lines[4].spans.map(\.text) == ["let x = ", "2"] && lines[4].spans.map(\.isChanged) == [false, true])
        #expect(lines.map(\.oldNumber) == [1, 2, 3, nil, nil, 4])
    }

    @Test func `counterparts are mutual, and spans rebuild any bytes`() {
        var random = SeededRandom(state: 5)
        for _ in 0..<500 {
            let lines = (0..<8).map { _ -> DiffLine in
                let kind = [DiffLine.Kind.context, .added, .removed].randomElement(using: &random) ?? .context
                let ending: [UInt8] = [[0x0A], [0x0D, 0x0A], []].randomElement(using: &random) ?? []
                return DiffLine(kind: kind, bytes: random.line() + ending, oldNumber: 1, newNumber: 1)
            }
            let hunk = DiffHunk(oldStart: 1, oldCount: 8, newStart: 1, newCount: 8, heading: "", lines: lines)
            let marked = MarkedHunk(hunk).lines
            for (index, line) in marked.enumerated() {
                #expect(line.spans.map(\.text).joined().hasPrefix(spelled(LineContent(lines[index].bytes).text)))
                guard let counterpart = line.counterpart else { continue }
                #expect(marked[counterpart].counterpart == index && marked[counterpart].kind != line.kind)
            }
        }
    }

    /// The bytes with names for what cannot be seen.
    private func spelled(_ bytes: [UInt8]) -> String {
        var text = ""
        var reader = EffectReader()
        var scan = UTF8Scan(bytes)
        while let step = scan.next() {
            if let scalar = step.scalar {
                let effect = reader.effect(of: scalar, before: scan.following)
                if let mark = scalar.mark(for: effect) { text += mark } else { text.unicodeScalars.append(scalar) }
            } else {
                text += "<\(bytes[step.range.lowerBound].hex)>"
                reader = EffectReader()
            }
        }
        return text
    }
}
