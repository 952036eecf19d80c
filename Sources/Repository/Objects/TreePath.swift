import Glibc
import Text

/// The path of a file inside a tree: relative, without `.` and `..`, never inside `.git`.
///
/// It has bytes, as in git, so that names that are not UTF-8 are preserved.
struct TreePath: Hashable, CustomStringConvertible {
    /// The bytes with a NUL at the end.
    let cString: [CChar]

    /// Reads an untrusted path: drops `.` and doubled slashes, refuses paths out of the tree or into `.git`.
    init(_ path: BytePath) throws(RepositoryError) {
        let parts = path.bytes.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
        func refuse(_ reason: String) -> RepositoryError {
            RepositoryError(.forbiddenPath, "refused the path \"\(path)\": \(reason)")
        }
        guard !path.bytes.contains(0) else { throw refuse("it contains a NUL byte") }
        guard path.bytes.first != UInt8(ascii: "/") else { throw refuse("give it relative to the root of the tree") }
        guard !parts.isEmpty, path.bytes.last != UInt8(ascii: "/") else { throw refuse("it names no file") }
        for part in parts {
            guard !part.elementsEqual("..".utf8) else { throw refuse("\"..\" is not allowed") }
            guard !ReservedName.meansGitFolder(part) else { throw refuse("it leads into a .git folder") }
        }
        cString = Array(parts.joined(separator: [UInt8(ascii: "/")])).map { CChar(bitPattern: $0) } + [0]
    }

    /// Makes a path that was read from a tree or a folder.
    init(found cString: [CChar]) {
        self.cString = cString
    }

    /// The bytes without the NUL.
    var bytes: some RandomAccessCollection<UInt8> { cString.dropLast().lazy.map { UInt8(bitPattern: $0) } }

    /// The path for others.
    var path: BytePath { BytePath(bytes: bytes) }

    /// The path as a message names it.
    var description: String { path.description }

    /// The names from the root down.
    var components: [[CChar]] { cString.dropLast().split(separator: CChar(UInt8(ascii: "/"))).map { Array($0) + [0] } }

    /// Refuses a symbolic link at a path where git refuses to check one out; fails with `forbiddenPath`.
    func requireLinkable() throws(RepositoryError) {
        guard ReservedName.meansModules(name.dropLast().map { UInt8(bitPattern: $0) }) else { return }
        throw RepositoryError(
            .forbiddenPath, "refused the link \"\(self)\": git checks out no .gitmodules that is a symbolic link")
    }

    /// The folder, or nil for a file at the root.
    var parent: TreePath? {
        guard let slash = cString.lastIndex(of: CChar(UInt8(ascii: "/"))) else { return nil }
        return TreePath(found: cString[..<slash] + [0])
    }

    /// The last name.
    var name: [CChar] {
        guard let slash = cString.lastIndex(of: CChar(UInt8(ascii: "/"))) else { return cString }
        return Array(cString[(slash + 1)...])
    }
}

extension BytePath {
    /// Copies a path of libgit2's or the system's.
    init(cString: UnsafePointer<CChar>) {
        self.init(bytes: UnsafeRawBufferPointer(start: cString, count: strlen(cString)))
    }

    /// The bytes with a NUL at the end.
    var cString: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
}
