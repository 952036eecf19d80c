/// The text of a file that hunks are for: its own bytes, or UTF-8 made of UTF-16 or UTF-32.
///
/// UTF-8, Latin-1 and whatever else has ASCII in it is taken as it is. A file with the byte-order mark of UTF-16 or
/// UTF-32 is decoded, patched and encoded again. Whatever else is no text is refused, because lines added to it would
/// break it and be reported as a success.
struct HunkText {
    /// What the hunks are placed in.
    let bytes: [UInt8]
    private let encoding: WideEncoding?

    /// Reads a file.
    ///
    /// - Throws: `.notText` for a binary file, and for one that may be binary if a hunk shows no line of it; `.encoding`
    ///   for new lines that cannot be written in the file's encoding.
    init(_ file: [UInt8], for hunks: [Hunk], path: String) throws(PatchError) {
        // A hunk with NUL bytes in its old lines shows the file byte for byte, as 'git diff --text' does.
        if hunks.contains(where: { $0.old.contains { $0.text.contains(0) } }) {
            (bytes, encoding) = (file, nil)
            return
        }
        func refusal(_ reason: String, of hunk: Hunk? = nil) -> PatchError {
            PatchError(.notText, "\(path) \(reason)", path: path, patchLine: (hunk ?? hunks.first)?.patchLine)
        }
        if let encoding = WideEncoding.marked(file) {
            guard let text = encoding.utf8(file), !text.contains(0) else {
                throw refusal("begins as \(encoding.name) does, but is not valid \(encoding.name). \(Self.advice)")
            }
            try Self.requireUTF8(hunks, for: encoding, path: path)
            (bytes, self.encoding) = (text, encoding)
            return
        }
        (bytes, encoding) = (file, nil)
        let content = BinaryContent(file)
        if content.nulCount > 0, let guess = WideEncoding.guessed(file) {
            throw refusal("is \(guess.name) without a byte-order mark, which hunks cannot change. \(Self.advice)")
        }
        if content.isBinary {
            let format = content.format.map { " (\($0))" } ?? ""
            throw refusal("is a binary file\(format), and hunks change lines of text. \(Self.advice)")
        }
        // The hunks of a unified diff vouch for each other's line numbers.
        let isShown = hunks.contains { $0.isUnified && !$0.isPureInsertion }
        let blind = hunks.first { $0.isPureInsertion && ($0.anchors.isEmpty || $0.anchorIsHint) }
        if let blind, !isShown, content.isDoubtful {
            throw refusal(
                """
                may be no text: it holds \(content.nulCount > 0 ? "NUL bytes" : "bytes of no encoding known here"), and \
                hunk \(blind.number) shows no line of it. Add the lines around as context, or change it with a command.
                """, of: blind)
        }
    }

    private static let advice = "Change it with a command."

    /// The patched text in the encoding of the file.
    func encoded(_ text: [UInt8]) -> [UInt8] { encoding?.encoded(text) ?? text }

    /// Whether a file holds nothing but, perhaps, a byte-order mark.
    static func isEmpty(_ file: [UInt8]) -> Bool {
        file.isEmpty || file == LineTable.byteOrderMark || WideEncoding.marked(file)?.utf8(file)?.count == 3
    }

    private static func requireUTF8(
        _ hunks: [Hunk], for encoding: WideEncoding, path: String
    ) throws(PatchError) {
        for hunk in hunks {
            for line in hunk.lines where line.kind == .added && TextEncoding.kind(of: line.text) != .utf8 {
                throw PatchError(
                    .encoding,
                    """
                    \(path) is \(encoding.name), and the new line '\(line.text.shown)' of hunk \(hunk.number) is not \
                    UTF-8. Send the patch in UTF-8.
                    """, path: path, patchLine: hunk.patchLine)
            }
        }
    }
}
