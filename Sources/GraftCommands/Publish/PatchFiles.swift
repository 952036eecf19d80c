import Glibc
import OS

/// The patches of a folder that `--patch-dir` of a run has written, in their order.
struct PatchFiles {
    /// Their absolute paths, never none.
    let paths: [String]

    /// The most of one patch.
    private static let byteLimit = 64 << 20

    /// Reads the list `series`; without one the names decide.
    ///
    /// - Throws: `Refusal` for a folder without patches, and for a list that leads out of it.
    init(of folder: String) throws(Refusal) {
        guard let root = FilePath.resolved(folder) else { throw Refusal("there is no folder \(folder)") }
        let names: [String]
        if let list = TextFile.contents(of: "\(root)/series") {
            names = list.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasPrefix("#") }
        } else {
            names = FolderListing.names(in: root).filter { $0.hasSuffix(".patch") }.sorted()
        }
        guard !names.isEmpty else { throw Refusal("there are no patches in \(folder)") }
        for name in names {
            var status = stat()
            guard !name.contains("/"), name != "..", lstat("\(root)/\(name)", &status) == 0,
                status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.byteLimit
            else { throw Refusal("\(name) in \(folder) is no patch that can be used") }
        }
        paths = names.map { "\(root)/\($0)" }
    }
}
