import JSON
import Responses
import Text

/// The paths that a call names, as far as they can be told from its text: nobody has run it.
struct CallPaths {
    /// The paths, relative to the root of the tree.
    private(set) var paths: [BytePath] = []
    private let root: String

    /// Longer texts are read so far.
    private static let longest = 1 << 16

    /// Reads calls.
    ///
    /// - Parameter root: Where commands see the tree.
    init(_ calls: [ToolCall], root: String) {
        self.root = root.hasSuffix("/") ? root : root + "/"
        for call in calls {
            switch call.request {
            case .shell(let shell): for line in shell.commands { read(line) }
            case .patch(let patch): add(patch.path)
            case .custom(_, let input): read(input)
            case .function(_, let arguments):
                for member in arguments.members {
                    if let text = member.value.string { read(text) }
                    for text in member.value.elements.compactMap(\.string) { read(text) }
                }
            case .computer, .search, .approval, .malformed: break
            }
        }
    }

    private mutating func read(_ text: String) {
        let text = String(text.prefix(Self.longest))
        guard text.contains("*** Begin Patch") else {
            for word in ShellLine(text).words { add(word) }
            return
        }
        for line in text.split(separator: "\n") {
            for head in ["*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: "]
            where line.hasPrefix(head) {
                add(String(line.dropFirst(head.count)))
            }
        }
    }

    private mutating func add(_ word: String) {
        var word = word[...]
        if word.hasPrefix(root) { word = word.dropFirst(root.count) }
        while word.hasPrefix("./") { word = word.dropFirst(2) }
        while word.hasSuffix("/") { word = word.dropLast() }
        guard !word.isEmpty, !word.hasPrefix("/"), !word.hasPrefix("-") else { return }
        paths.append(BytePath(word))
    }
}
