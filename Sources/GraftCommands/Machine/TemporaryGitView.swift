import Glibc
import OS
import Repository
import Sandbox
import Session
import Workspace

/// What commands see of git for the time of one command without a session.
struct TemporaryGitView {
    let git: GitView
    private let folder: String

    /// Writes it to a new folder for temporary files.
    ///
    /// - Parameter tree: A folder, in a repository or not.
    init(of tree: String, environment: [String: String]) throws {
        let parent = SessionFolder.temporaryRoot(environment: environment)
        var name = Array("\(parent)/graft-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw SandboxError(SystemError("make a folder in \(parent)")) }
        folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do {
            git = try GitView(
                GitView.Place(around: tree), of: { try? GitRepository(discovering: tree, environment: environment) },
                in: folder + "/git", home: environment["HOME"] ?? "/root")
        } catch {
            try? FolderRemoval.remove(folder)  // The first error is reported.
            throw error
        }
    }

    /// Removes the folder.
    func remove() {
        // It is among temporary files, where others clear up, too.
        try? FolderRemoval.remove(folder)
    }
}
