import Glibc
import OS

/// The repositories in a folder that a policy makes writable: commands must not change what makes git run programs.
///
/// Searches the folder itself and the folders directly in it, when the sandbox is set up. A repository further down, or
/// a bare one, is not found.
enum GrantedRepositories {
    /// Each costs every command at least one mount.
    private static let limit = 200

    /// The `.git` folders and files, without links.
    static func folders(in folder: String) -> [String] {
        guard FilePath.kind(folder) == .folder else { return [] }
        var found: [String] = []
        for place in [folder] + FolderListing.names(in: folder).sorted().map({ "\(folder)/\($0)" }) {
            guard found.count < limit else { break }
            if access(place + "/.git", F_OK) == 0, let real = FilePath.resolved(place + "/.git") { found.append(real) }
        }
        return found
    }
}
