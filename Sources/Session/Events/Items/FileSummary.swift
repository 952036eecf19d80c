import JSON

/// One file of a change.
public struct FileSummary: Sendable, Equatable {
    /// The path, relative to the root of the tree.
    public var path: String
    /// What happened to the file.
    public var kind: Kind

    /// What can happen to a file.
    public enum Kind: String, Sendable {
        case add, update, delete
    }

    /// Names a file and its change.
    public init(path: String, kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

extension FileSummary {
    func write(into writer: inout JSONWriter) {
        writer.object {
            $0.member("path", path)
            $0.member("kind", kind.rawValue)
        }
    }

    init?(_ json: JSON) {
        guard let path = json["path"]?.string, let kind = json["kind"]?.string.flatMap(Kind.init) else { return nil }
        self.init(path: path, kind: kind)
    }
}
