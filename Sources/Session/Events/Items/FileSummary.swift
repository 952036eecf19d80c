import JSON
public import Text

/// One file of a change.
public struct FileSummary: Sendable, Equatable {
    /// The path, relative to the root of the tree.
    public var path: BytePath
    /// What happened to the file.
    public var kind: Kind

    /// What can happen to a file.
    public enum Kind: String, Sendable {
        case add, update, delete
    }

    /// Names a file and its change.
    public init(path: BytePath, kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

extension FileSummary {
    func write(into writer: inout JSONWriter) {
        writer.object {
            $0.member("path", path.text)
            $0.member("kind", kind.rawValue)
        }
    }

    init?(_ json: JSON) {
        guard let path = json["path"]?.string.map({ BytePath(spelled: $0) }),
            let kind = json["kind"]?.string.flatMap(Kind.init)
        else { return nil }
        self.init(path: path, kind: kind)
    }
}
