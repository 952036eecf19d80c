import Glibc
public import OS

/// A folder of patches, a file a commit, of which a list `series` says in which order they are taken.
///
/// `git am FOLDER/*.patch` takes all patches that are there. So patches of others are not accepted beside those of
/// Graft, and nothing is left of those of an earlier run. Other files may be there. A process that dies leaves no file
/// in part, and a list that names all that there may be.
public struct PatchFolder: Sendable {
    private let path: String
    /// The patches of an earlier run.
    private let earlier: [String]

    private static let head = "# Patches by Graft, in the order in which git am takes them."

    /// Makes the folder if it is not there, and those above it.
    ///
    /// - Throws: `SystemError` for a folder that cannot be made, read or written; `PatchFolderError` for patches in it
    ///   that Graft has not written.
    public init(_ path: String) throws {
        let end = path.lastIndex { $0 != "/" } ?? path.startIndex
        let path = String(path[...end])
        self.path = path
        try Self.make(path)
        guard access(path, W_OK | X_OK) == 0 else { throw SystemError("write to \(path)") }
        let names = try FolderListing.entries(of: path).map(\.text)
        let list = names.contains("series") ? FileContent.text(path + "/series") : ""
        let lines = (list ?? "").split(separator: "\n").map(String.init)
        earlier = lines.first == Self.head ? lines.dropFirst().filter(PatchFile.isName) : []
        let others = names.filter { ($0.hasSuffix(".patch") && !earlier.contains($0)) }.sorted()
        let isForeign = names.contains("series") && lines.first != Self.head
        guard let other = others.first ?? (isForeign ? "series" : nil) else { return }
        throw PatchFolderError(name: other, folder: path)
    }

    /// Puts patches in the place of those of an earlier run; none leaves none.
    ///
    /// - Throws: `SystemError` with what the system said.
    public func replace(with patches: [PatchFile]) throws(SystemError) {
        let names = patches.map(\.name)
        guard !names.isEmpty || !earlier.isEmpty else { return }
        try writeList(names + earlier.filter { !names.contains($0) })
        for patch in patches { try FileDraft("\(path)/\(patch.name)").write(patch.bytes) }
        for name in earlier where !names.contains(name) { try Self.remove("\(path)/\(name)") }
        if names.isEmpty { try Self.remove(path + "/series") } else { try writeList(names) }
    }

    private func writeList(_ names: [String]) throws(SystemError) {
        try FileDraft(path + "/series").write(Array(([Self.head] + names).map { $0 + "\n" }.joined().utf8))
    }

    private static func remove(_ path: String) throws(SystemError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw SystemError("remove \(path)") }
    }

    private static func make(_ path: String) throws(SystemError) {
        guard mkdir(path, 0o777) != 0 else { return }
        let number = errno
        if number == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try make(String(path[..<slash]))
            guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
        } else if number == EEXIST, FilePath.kind(path) == .folder {
            return
        }
        throw SystemError("make the folder \(path)", number == EEXIST ? ENOTDIR : number)
    }
}

/// A folder for patches has something in it that Graft has not written, and that would be taken for its patches.
public struct PatchFolderError: Error, CustomStringConvertible {
    /// The file.
    public let name: String
    /// The folder.
    public let folder: String

    /// One line for a person.
    public var description: String {
        "\(folder) holds \(name), which Graft has not written and git am would take for one of its patches; "
            + "name another folder"
    }
}
