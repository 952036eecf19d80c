import Patching
import Testing
import Text

@Suite struct `For any texts` {
    /// A text of a few lines, many of them equal, and one that came of it by edits.
    private static func pair(_ numbers: inout SeededNumbers) -> (String, String) {
        let words = [
            "a", "b", "  b", "\tc", "", "  ", "}", "é–x", "“q”", "@@", "*** End of File", "-", "+1", "日本", "a  ",
        ]
        func line() -> String { words.randomElement(using: &numbers) ?? "" }
        var lines = (0..<Int.random(in: 0...24, using: &numbers)).map { _ in line() }
        func text() -> String {
            let joined = lines.map { $0 + "\n" }.joined()
            return Bool.random(using: &numbers) && joined.utf8.count > 1 && lines.last?.isEmpty == false
                ? String(joined.unicodeScalars.dropLast()) : joined
        }
        let old = text()
        for _ in 0..<Int.random(in: 1...5, using: &numbers) {
            let place = Int.random(in: 0...lines.count, using: &numbers)
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0 where place < lines.count: lines.remove(at: place)
            case 1 where place < lines.count: lines[place] = line()
            default: lines.insert(line(), at: place)
            }
        }
        return (old, text())
    }

    @Test(arguments: PatchDialect.allCases) func `the diff makes the second of the first, and its reverse undoes it`(
        _ dialect: PatchDialect
    ) throws {
        var numbers = SeededNumbers(seed: 1)
        for round in 0..<1_500 {
            let (old, new) = Self.pair(&numbers)
            for (from, to) in [(old, new), (new, old)] {
                let diff = DiffGenerator().diff(from, to)
                if diff.isEmpty { continue }
                let result = Result { () throws(PatchError) in try applied(diff, to: from, dialect) }
                guard case .success(let text) = result, text.utf8.elementsEqual(to.utf8) else {
                    Issue.record("round \(round): \(from.debugDescription) \(diff.debugDescription) gave \(result)")
                    return
                }
            }
        }
    }

    @Test(arguments: 1...3) func `a diff with little context is applied as meant or refused as ambiguous`(
        _ context: Int
    ) throws {
        var numbers = SeededNumbers(seed: UInt64(context))
        var refused = 0
        for round in 0..<1_500 {
            let (old, new) = Self.pair(&numbers)
            let diff = DiffGenerator(context: context, isUnique: false).diff(old, new)
            if diff.isEmpty || old.isEmpty { continue }
            switch Result(catching: { () throws(PatchError) in try applied(diff, to: old) }) {
            case .success(let text):
                guard text.utf8.elementsEqual(new.utf8) else {
                    Issue.record(
                        "round \(round): \(old.debugDescription) \(diff.debugDescription) gave \(text.debugDescription)"
                    )
                    return
                }
            case .failure(let error):
                #expect(error.code == .ambiguous, "\(old.debugDescription) \(diff.debugDescription)")
                refused += 1
            }
        }
        #expect(refused < 1_000)
    }

    @Test(arguments: 0...3) func `line numbers settle what context leaves open`(_ context: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(40 + context))
        for round in 0..<1_500 {
            let (old, new) = Self.pair(&numbers)
            let diff = DiffGenerator(context: context, isUnique: false, hasLineNumbers: true).diff(old, new)
            if diff.isEmpty { continue }
            let result = Result { () throws(PatchError) in try applied(diff, to: old) }
            guard case .success(let text) = result, text.utf8.elementsEqual(new.utf8) else {
                Issue.record("round \(round): \(old.debugDescription) \(diff.debugDescription) gave \(result)")
                return
            }
        }
    }

    @Test func `CRLF and a byte-order mark survive`() throws {
        var numbers = SeededNumbers(seed: 7)
        for _ in 0..<300 {
            let (old, new) = Self.pair(&numbers)
            let diff = DiffGenerator().diff(old, new)
            if diff.isEmpty || !old.utf8.contains(0x0A) { continue }
            func windows(_ text: String) -> [UInt8] {
                [0xEF, 0xBB, 0xBF] + text.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
            }
            let result = try PatchEngine.apply(diff: diff, to: windows(old), path: "f", dialect: .native)
            #expect(result == windows(new), "\(old.debugDescription) \(diff.debugDescription)")
        }
    }
}

@Suite struct `Arbitrary bytes` {
    private static let pieces: [[UInt8]] =
        [
            "@@", "@@ a", "@@ -1,2 +1,2 @@", "@@ -0,0 +1 @@", " a", "-a", "+b", "-b", " ", "+", "-", "", "\ta", "  a",
            "*** End of File", " *** End of File", "*** End Patch", "*** Begin Patch", "*** Update File: f",
            "*** Add File: g", "*** Delete File: f", "*** Move to: g", "\\ No newline at end of file", "a", "b", "é",
            "+“q”", "--- a", "+++ b", "<<EOF", "EOF", "*** Move to: f",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xEF, 0xBB, 0xBF], [0x2B, 0xE9], [0], [0x0D]]

    private static func text(_ numbers: inout SeededNumbers, upTo count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...count, using: &numbers) {
            if Int.random(in: 0..<20, using: &numbers) == 0 { bytes.append(UInt8.random(in: 0...255, using: &numbers)) }
            bytes += pieces.randomElement(using: &numbers) ?? []
            if Int.random(in: 0..<12, using: &numbers) > 0 { bytes.append(0x0A) }
        }
        return bytes
    }

    @Test(arguments: PatchDialect.allCases) func `never trap the engine`(_ dialect: PatchDialect) {
        var numbers = SeededNumbers(seed: 99)
        var applied = 0
        for _ in 0..<20_000 {
            let file = Self.text(&numbers, upTo: 8)
            let diff = String(decoding: Self.text(&numbers, upTo: 8), as: UTF8.self)
            if (try? PatchEngine.apply(diff: diff, to: file, path: "f", dialect: dialect)) != nil { applied += 1 }
            _ = try? PatchEngine.changes([.create(path: "n", diff: diff)], dialect: dialect, to: Files())
        }
        #expect(applied > 500)
    }

    @Test func `never trap the envelope`() {
        var numbers = SeededNumbers(seed: 5)
        var parsed = 0
        for _ in 0..<20_000 {
            var text = Self.text(&numbers, upTo: 8)
            if Bool.random(using: &numbers) {
                text = Array("*** Begin Patch\n*** Update File: f\n".utf8) + text + Array("\n*** End Patch".utf8)
            }
            guard let operations = try? PatchEnvelope.parse(String(decoding: text, as: UTF8.self)) else { continue }
            parsed += 1
            let file = Self.text(&numbers, upTo: 8)
            _ = try? PatchEngine.changes(
                operations, dialect: .envelope, to: Reading { $0 == "f" ? StoredFile(file) : nil })
        }
        #expect(parsed > 500)
    }

    @Test func `never trap the path check`() {
        var numbers = SeededNumbers(seed: 6)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
                "./\\git~1:.GIT \u{200C}".utf8.randomElement(using: &numbers)
                    ?? UInt8.random(in: 0...255, using: &numbers)
            }
            if let path = try? PatchPath(BytePath(bytes: bytes)) {
                #expect((try? PatchPath(path.path)) == path)
            }
        }
    }
}
