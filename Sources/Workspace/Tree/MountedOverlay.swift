import Glibc
import Repository
import Sandbox

/// The user's checkout, mounted as a working tree in a sandbox of its own.
struct MountedOverlay {
    let sandbox: Sandbox
    let files: WorkingTree

    /// Mounts a prepared place, and opens its files.
    ///
    /// - Parameters:
    ///   - reference: The reference that commits move; nil for a tree without commits.
    ///   - policy: What commands may see; the place replaces the working tree.
    ///   - isKept: Whether the changes outlive the sandbox.
    /// - Throws: `.refused`, also if the tree cannot be read.
    init(
        _ place: OverlaidPlace, of repository: GitRepository, reference: String?, commit: CommitID,
        policy: SandboxPolicy, searchPath: String, isKept: Bool = false, isForOneCommand: Bool = false
    ) async throws(SandboxError) {
        var policy = policy
        policy.workingTree = place.root
        policy.overlays = [
            Overlay(lower: repository.workingDirectory, path: place.root, store: place.store, isKept: isKept)
        ]
        sandbox = try await Sandbox.probe(policy: policy, searchPath: searchPath, isForOneCommand: isForOneCommand)
        guard let root = sandbox.openOverlaidTree() else {
            sandbox.end()
            throw SandboxError(.refused, "the sandbox hands out no tree")
        }
        defer { close(root) }
        do throws(RepositoryError) {
            files = try WorkingTree(
                overlaid: place, of: repository, reference: reference, start: commit, root: root)
        } catch {
            sandbox.end()
            throw SandboxError(
                .refused, error.message, nextStep: error.nextStep, details: error.details, underlying: error)
        }
    }
}
