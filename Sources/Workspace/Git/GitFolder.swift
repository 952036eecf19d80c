import Glibc
import OS

/// What is in git's folder (gitrepository-layout(5)) and may be shown.
enum GitFolder {
    /// Folders of the common one, shown as they are.
    static let folders = ["objects", "refs", "lfs", "annex/objects"]

    /// Small files of the common folder, shown as they are at the start.
    static let copied = [
        "HEAD", "shallow", "info/exclude", "info/attributes", "info/grafts", "info/sparse-checkout", "ORIG_HEAD",
        "MERGE_HEAD", "MERGE_MODE", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_START", "BISECT_NAMES", "BISECT_TERMS",
    ]

    /// What is in the folder of a linked working tree, but for its settings.
    static let ofWorkingTree: Set<String> = [
        "HEAD", "index", "commondir", "gitdir", "graft", "locked", "refs", "info", "ORIG_HEAD", "MERGE_HEAD",
        "MERGE_MODE", "CHERRY_PICK_HEAD", "REVERT_HEAD", "BISECT_START", "BISECT_NAMES", "BISECT_TERMS",
        "config.worktree",
    ]
}

/// Other places where a repository has objects (gitrepository-layout(5), "objects/info/alternates").
enum Alternates {
    /// Their folders, with those that they name in turn; without links.
    static func all(of common: String) -> [String] {
        var found: [String] = []
        var next = folders(of: common + "/objects")
        // git follows five levels.
        for _ in 0..<5 where !next.isEmpty {
            found += next
            next = next.flatMap { folders(of: $0) }.filter { !found.contains($0) }
        }
        return found
    }

    /// The file with absolute paths; nil if it has no relative ones.
    static func absolute(of common: String) throws(SystemError) -> String? {
        let lines = lines(of: common + "/objects")
        guard lines.contains(where: { !$0.hasPrefix("/") }) else { return nil }
        return folders(of: common + "/objects").map { $0 + "\n" }.joined()
    }

    private static func lines(of objects: String) -> [Substring] {
        let text = FileContent.text("\(objects)/info/alternates") ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    private static func folders(of objects: String) -> [String] {
        lines(of: objects).compactMap { FilePath.resolved($0.hasPrefix("/") ? String($0) : "\(objects)/\($0)") }
    }
}

/// Files that Graft writes for commands to see.
struct ShownFiles {
    private let root: String

    init(_ root: String) {
        self.root = root
    }

    func path(_ name: String) -> String { name.isEmpty ? root : "\(root)/\(name)" }

    /// Makes a folder with those above it in the root; one that is there is kept.
    func makeFolder(_ name: String) throws(SystemError) {
        var path = root
        for part in [Substring("")] + name.split(separator: "/") {
            if !part.isEmpty { path += "/\(part)" }
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError("make the folder \(path)") }
        }
    }

    /// Writes a file; returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws(SystemError) -> String {
        try write(Array(text.utf8), to: name)
    }

    /// Copies a file if it is there.
    func copy(_ source: String, to name: String) throws(SystemError) {
        guard let bytes = FileContent.bytes(source) else { return }
        try write(bytes, to: name)
    }

    /// Makes a link.
    func link(_ target: String, at name: String) throws(SystemError) {
        if let slash = name.lastIndex(of: "/") { try makeFolder(String(name[..<slash])) }
        guard symlink(target, path(name)) == 0 else { throw SystemError("make the link \(path(name))") }
    }

    @discardableResult
    private func write(_ bytes: [UInt8], to name: String) throws(SystemError) -> String {
        if let slash = name.lastIndex(of: "/") { try makeFolder(String(name[..<slash])) }
        let file = try Descriptor(opening: path(name), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        try FileContent.write(bytes, to: file.raw)
        return path(name)
    }
}
