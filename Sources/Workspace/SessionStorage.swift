import Glibc
import OS
public import Repository
public import Session

/// The places that a session writes to, to say which of them takes nothing more.
public struct SessionStorage: Sendable {
    private let places: [String]

    /// Names the places of a session in a repository.
    public init(of repository: GitRepository, _ folder: SessionFolder) {
        places = [repository.commonDirectory, folder.path]
    }

    /// An error of the repository with what to do about the file system behind it, where that is the reason.
    public func explain(_ error: RepositoryError) -> RepositoryError {
        error.storageError.map { error.advising(advice(on: $0)) } ?? error
    }

    /// What to do about an error number of a file system that takes nothing more.
    func advice(on number: Int32) -> String {
        let systems = places.map { ($0, FileSystem(of: $0)) }
        let culprit =
            systems.first { number == EROFS && $0.1.isReadOnly }
            ?? systems.min { $0.1.freeBytes < $1.1.freeBytes } ?? systems[0]
        let place = "the file system at \(culprit.1.root), which holds \(culprit.0)"
        return switch number {
        case EROFS: "make it possible to write to \(place)"
        case EIO: "look for the errors of \(place), in what dmesg prints"
        case EDQUOT: "free some of your own space on \(place), or have your quota raised"
        default: "free some space on \(place)"
        }
    }
}
