import Glibc
import OS

/// A folder for one test, which goes away with the value.
final class Scratch {
    let path: String

    init() {
        var template = Array("/tmp/graft-os-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
    }

    // A test may have removed it itself.
    deinit { try? FolderRemoval.remove(path) }
}
