import Patching
import Repository
import Text

extension ChangeSet {
    /// Text by path; nil deletes.
    init(_ files: KeyValuePairs<String, String?>) {
        self.init(files.map { FileChange(path: BytePath($0.key), contents: $0.value.map { Array($0.utf8) }) })
    }
}

/// The code of the error that the body throws.
func failure(_ body: () throws -> Void) -> RepositoryError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? RepositoryError)?.code
    }
}
