import Text

/// A file of instructions for agents, as far as the model gets it.
struct InstructionFile: Sendable, Equatable {
    /// Where it stands, as the model reads it: below the root of the tree, or on the machine.
    let path: BytePath
    /// The text.
    let text: String
    /// How many bytes the whole file has.
    let size: Int

    /// Why a file gives nothing.
    enum Trouble: Error {
        case blank, notText
    }

    /// Takes as many whole lines of a file as there is room for.
    ///
    /// - Throws: `Trouble` for a file without words, and for one that is no UTF-8 text.
    init(_ path: BytePath, _ bytes: [UInt8], room: Int) throws(Trouble) {
        // Half a sentence may say the opposite of the whole.
        let start = bytes.prefix(room)
        let lines = start.lastIndex(of: UInt8(ascii: "\n")).map { start[...$0] } ?? []
        let taken = bytes.count > room ? lines : start
        guard !start.contains(0), let text = String(validating: taken, as: UTF8.self) else { throw .notText }
        guard bytes.count > room || text.contains(where: { !$0.isWhitespace }) else { throw .blank }
        self.path = path
        self.text = text
        size = bytes.count
    }

    /// Whether something is left out at its end.
    var isCut: Bool { text.utf8.count < size }

    /// The file as the model reads it: nothing in it can look like its end.
    var block: String {
        let safe = text.replacing(Self.end, with: "<\\/instructions")
        let note = isCut ? "[\(size.spelledAsBytes) in all; the rest is left out, read it in the file]\n" : ""
        let line = safe.isEmpty || safe.hasSuffix("\n") ? "" : "\n"
        return "\(Self.start)\(path)\">\n\(safe)\(line)\(note)\(Self.end)>\n"
    }

    /// The files whose blocks a text holds.
    static func paths(in text: String) -> [BytePath] {
        text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix(start), line.hasSuffix("\">") else { return nil }
            return BytePath(spelled: String(line.dropFirst(start.count).dropLast(2)))
        }
    }

    private static let start = "<instructions file=\""
    private static let end = "</instructions"
}
