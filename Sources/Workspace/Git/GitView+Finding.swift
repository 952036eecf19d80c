import Glibc
import OS

extension GitView.Place {
    /// Finds the repository around a folder by its files, also one that libgit2 cannot open; nil if there is none.
    public init?(around folder: String) {
        guard var root = FilePath.resolved(folder) else { return nil }
        while FilePath.kind(root + "/.git") == nil {
            guard let slash = root.lastIndex(of: "/"), slash != root.startIndex else { return nil }
            root = String(root[..<slash])
        }
        var own = FilePath.resolved(root + "/.git")
        if FilePath.kind(root + "/.git") == .other {
            // gitrepository-layout(5): "gitdir: <path>".
            let line = Self.line(root + "/.git")
            guard line.hasPrefix("gitdir: ") else { return nil }
            own = Self.resolved(String(line.dropFirst("gitdir: ".count)), in: root)
        }
        guard let own, FilePath.kind(own) == .folder else { return nil }
        let common = Self.line(own + "/commondir")
        self.init(
            root: root, gitDirectory: own,
            commonDirectory: common.isEmpty ? own : Self.resolved(common, in: own) ?? own)
    }

    private static func line(_ path: String) -> String {
        String((FileContent.text(path) ?? "").prefix { $0 != "\n" })
    }

    private static func resolved(_ path: String, in folder: String) -> String? {
        FilePath.resolved(path.hasPrefix("/") ? path : "\(folder)/\(path)")
    }
}
