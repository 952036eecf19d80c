import Glibc
import Repository

/// The working trees of sessions whose process is gone: killed, or stopped twice.
struct AbandonedTrees {
    let repository: GitRepository
    let environment: [String: String]

    /// Removes them; references, journals and what commands printed stay.
    func remove() {
        guard let sessions = Self.resolved(SessionFolder.root(environment: environment) + "/sessions") else { return }
        // Cleaning up after others must not fail a run that is well: what cannot be removed is left to the next one.
        for root in (try? repository.ownWorkingTrees()) ?? [] {
            let path = root.split(separator: "/", omittingEmptySubsequences: false)
            let folder = path.dropLast().joined(separator: "/")
            guard path.dropLast(2).joined(separator: "/") == sessions,
                JournalFile(path: SessionFolder(existing: folder).journal)?.isInUse != true
            else { continue }
            try? repository.removeWorkingTree(at: root, in: folder)
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }
}
