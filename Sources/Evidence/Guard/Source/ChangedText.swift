import Repository
import Text

/// A changed file as the signs look at it: both texts, and which lines of them differ.
struct ChangedText {
    /// What a file is for.
    enum Role: Hashable {
        /// A test that is new as a file.
        case newTest
        /// A protected test.
        case test
        /// Another protected file, or configuration that is new.
        case check
        /// Anything else.
        case source
    }

    let path: BytePath
    let role: Role
    let language: SourceLanguage
    let old: SourceText
    let new: SourceText
    /// The positions in `new` of the lines that are new.
    let added: [Int]
    /// The positions in `old` of the lines that are gone.
    let removed: [Int]
    /// Whether there was no such file.
    let isNew: Bool
    private let addedSet: Set<Int>

    init(_ file: FileDiff, role: Role, old: [UInt8], new: [UInt8]) {
        path = file.path
        self.role = role
        let first = (new.isEmpty ? old : new).prefix { $0 != 0x0A }
        language = SourceLanguage(file.path, firstLine: first)
        self.old = SourceText(old, language: language)
        self.new = SourceText(new, language: language)
        let lines = file.hunks.flatMap(\.lines)
        added = lines.filter { $0.kind == .added }.compactMap { $0.newNumber.map { $0 - 1 } }
        removed = lines.filter { $0.kind == .removed }.compactMap { $0.oldNumber.map { $0 - 1 } }
        addedSet = Set(added)
        isNew = file.oldPath == nil
    }

    /// Whether a line of the new text is new.
    func isAdded(_ index: Int) -> Bool { addedSet.contains(index) }

    /// The added lines with their positions.
    var addedLines: [(index: Int, line: SourceText.Line)] {
        added.filter(new.lines.indices.contains).map { ($0, new.lines[$0]) }
    }

    /// The removed lines with their positions.
    var removedLines: [(index: Int, line: SourceText.Line)] {
        removed.filter(old.lines.indices.contains).map { ($0, old.lines[$0]) }
    }
}
