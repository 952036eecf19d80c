import Text

/// The entry point of libFuzzer: no bytes may trap the engine, and what it makes of a diff must be the text meant.
///
/// It is compiled together with the sources of the engine by scripts/fuzz, never by the package.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = input.first else { return 0 }
    let parts = input.dropFirst().split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
    let file = parts[0]
    let patch = parts.count > 1 ? parts[1] : []
    switch kind % 5 {
    case 0: applyPatch(Array("*** Begin Patch\n".utf8) + patch + Array("\n*** End Patch".utf8), .envelope, to: file)
    case 1: applyPatch(patch, .unified, to: file)
    case 2: applyPatch(Array("--- a/f\n+++ b/f\n".utf8) + patch, nil, to: file)
    case 3: applyNative(patch, to: file)
    default: turn(file, into: patch, numbered: kind & 0x80 != 0)
    }
    return 0
}

private func applyPatch(_ text: [UInt8], _ form: Patch.Form?, to file: [UInt8]) {
    // Most inputs are refused; that is an answer.
    guard let patch = try? Patch(text, form: form) else { return }
    _ = patch.summary
    _ = try? patch.changes(to: Tree(file: file))
}

/// A tree of a file and a link to it.
private struct Tree: PatchSource {
    let file: [UInt8]

    func file(at path: BytePath) -> StoredFile? {
        switch path {
        case "f": StoredFile(file)
        case "l": StoredFile(Array("f".utf8), isLink: true)
        default: nil
        }
    }

    func names(in folder: BytePath) -> [BytePath] { folder.bytes.isEmpty ? ["f", "l"] : [] }
}

private func applyNative(_ text: [UInt8], to file: [UInt8]) {
    let diff = String(decoding: text, as: UTF8.self)
    for dialect in PatchDialect.allCases {
        _ = try? PatchEngine.apply(diff: diff, to: file, path: "f", dialect: dialect)
        _ = try? PatchEngine.changes([.create(path: "n", diff: diff)], dialect: dialect, to: Tree(file: []))
    }
}

/// Whether a file has the mark of UTF-16 or UTF-32, so that the diff of its bytes is none of its text.
private func isWide(_ file: [UInt8]) -> Bool {
    [[0xFF, 0xFE], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF]].contains { file.starts(with: $0) }
}

/// The diff of two texts makes the second of the first, and its reverse the first of the second.
private func turn(_ old: [UInt8], into new: [UInt8], numbered: Bool) {
    guard old.count + new.count < 4_000 else { return }
    for (from, to) in [(old, new), (new, old)] where from != to && !isWide(from) {
        let text = DiffGenerator(hasLineNumbers: numbered).patch(from, to, isUnified: numbered)
        do {
            let patch = try Patch(text)
            let changes = try patch.changes(to: Tree(file: from))
            guard changes["f"]?.contents == to else { fatalError("\(text) makes \(changes) of \(from)") }
        } catch  where error.code == .notText {
            // So is every file that may be binary.
            continue
        } catch {
            fatalError("\(String(decoding: text, as: UTF8.self)) is refused: \(error)")
        }
    }
}
