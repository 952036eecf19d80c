public import Repository
import Text

/// The files of a repository as proposals are read from them: those of a commit, so that nothing counts that a model
/// could have written.
public final class ProposalFiles {
    private let read: (String) -> [UInt8]?
    private let list: (String) -> [(name: String, isFolder: Bool)]
    private var known: [String: [UInt8]?] = [:]
    private var folders: [String: [(name: String, isFolder: Bool)]] = [:]

    /// A file that is longer says nothing.
    static let longestFile = 256 * 1024
    /// So many names of a folder are looked at.
    private static let mostNames = 5000

    /// Takes the files of a commit.
    public convenience init(of repository: GitRepository, at commit: CommitID) {
        self.init(
            // What cannot be read proposes nothing.
            read: { path in (try? repository.contents(of: BytePath(path), in: commit)) ?? nil },
            list: { folder in
                let entries = (try? repository.entries(of: BytePath(folder), in: commit)) ?? nil
                return (entries ?? []).compactMap { entry in
                    guard entry.kind == .file || entry.kind == .folder else { return nil }
                    let name = entry.name.text
                    // A name that is spelled otherwise than it is cannot be asked for.
                    return BytePath(name) == entry.name ? (name, entry.kind == .folder) : nil
                }
            })
    }

    /// Takes two functions: the contents of a path, and the names in a folder (empty for the root).
    init(read: @escaping (String) -> [UInt8]?, list: @escaping (String) -> [(name: String, isFolder: Bool)]) {
        self.read = read
        self.list = list
    }

    private func entries(of folder: String) -> [(name: String, isFolder: Bool)] {
        if let found = folders[folder] { return found }
        let found = Array(list(folder).prefix(Self.mostNames))
        folders[folder] = found
        return found
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    /// The names of the files in a folder, sorted.
    func names(in folder: String) -> [String] { entries(of: folder).filter { !$0.isFolder }.map(\.name).sorted() }

    /// Whether a file is there.
    func has(_ path: String) -> Bool {
        let (folder, name) = Self.split(path)
        return entries(of: folder).contains { $0.name == name && !$0.isFolder }
    }

    /// Whether a folder is there.
    func hasFolder(_ path: String) -> Bool {
        let (folder, name) = Self.split(path)
        return entries(of: folder).contains { $0.name == name && $0.isFolder }
    }

    /// The bytes of a file; nil where there is none, or one that is too long.
    func bytes(_ path: String) -> [UInt8]? {
        if let found = known[path] { return found }
        let bytes = has(path) ? read(path) : nil
        let taken = bytes.flatMap { $0.count <= Self.longestFile ? $0 : nil }
        known[path] = .some(taken)
        return taken
    }

    /// The text of a file, with line feeds alone at the ends of lines.
    func text(_ path: String) -> String? {
        bytes(path).map { bytes in
            var text = String.UnicodeScalarView()
            var scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
            if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
            for scalar in scalars where scalar != "\r" { text.append(scalar) }
            return String(text)
        }
    }

    /// The first of some files that is there.
    func first(_ paths: String...) -> String? { paths.first { has($0) } }
}
