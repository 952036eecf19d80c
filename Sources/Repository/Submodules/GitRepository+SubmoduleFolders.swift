import CGit
import Glibc
import OS
import Text

/// Where git keeps what belongs to a submodule.
public struct SubmoduleGitFolder: Sendable, Hashable {
    /// The `.git` in the submodule: a file that leads to the folder or, as by git before 1.7.8, the folder itself.
    public let link: String
    /// The folder with its settings.
    public let folder: String

    /// The root of the submodule.
    public var root: String { String(link.dropLast("/.git".count)) }
    /// Whether the folder is not in that of the repository around.
    public var liesInSubmodule: Bool { FilePath.isSame(link, folder) }
}

extension GitRepository {
    /// git's folders for the submodules of the checkout, those of submodules in them included; those whose names are UTF-8.
    public var submoduleGitFolders: [SubmoduleGitFolder] {
        // What cannot be read is no repository to git either.
        guard access(workingDirectory + "/.gitmodules", F_OK) == 0,
            let index = try? CachedIndex(path: "\(gitDirectory)/index")
        else { return [] }
        return index.gitFolders(in: BytePath(workingDirectory), environment: environment)
    }
}

extension CachedIndex {
    fileprivate func gitFolders(in folder: BytePath, environment: [String: String]) -> [SubmoduleGitFolder] {
        (0..<count).flatMap { position -> [SubmoduleGitFolder] in
            guard let entry = entry(position)?.pointee, entry.isSubmodule else { return [] }
            let root = folder.appending(BytePath(cString: entry.path))
            guard let path = String(validating: root.bytes, as: UTF8.self), !FilePath.isLink(path),
                FilePath.kind(path + "/.git") != nil
            else { return [] }
            let module = try? GitRepository(at: root, environment: environment)
            let own = SubmoduleGitFolder(link: path + "/.git", folder: module?.gitDirectory ?? path + "/.git")
            let index = module.flatMap { try? CachedIndex(of: $0.handle) }
            return [own] + (index?.gitFolders(in: root, environment: environment) ?? [])
        }
    }
}
