import Patching

/// Applies the diff of one file and gives the result back as text.
func applied(_ diff: String, to file: String, _ dialect: PatchDialect = .native) throws(PatchError) -> String {
    String(
        decoding: try PatchEngine.apply(diff: diff, to: Array(file.utf8), path: "f", dialect: dialect),
        as: UTF8.self)
}

/// The error of a diff that must not apply.
func refusal(_ diff: String, of file: String, _ dialect: PatchDialect = .native) -> PatchError? {
    do throws(PatchError) {
        _ = try applied(diff, to: file, dialect)
        return nil
    } catch {
        return error
    }
}

/// A tree in memory.
struct Files {
    var files: [String: [UInt8]]
    /// Symbolic links and where they point.
    var links: [String: String] = [:]

    init(_ files: [String: String] = [:]) {
        self.files = files.mapValues { Array($0.utf8) }
    }

    func read(_ path: String) throws -> StoredFile? {
        if let bytes = files[path] { return StoredFile(bytes) }
        if let target = links[path] { return StoredFile(Array(target.utf8), isLink: true) }
        if files.keys.contains(where: { $0.hasPrefix(path + "/") }) { throw PatchError.isDirectory(path) }
        return nil
    }

    /// The tree after the changes.
    func changed(by changes: ChangeSet) -> [String: String] {
        var result = files
        for change in changes.changes { result[change.path] = change.contents }
        return result.mapValues { String(decoding: $0, as: UTF8.self) }
    }

    /// The tree after a patch in envelope form.
    func patched(_ patch: String) throws(PatchError) -> [String: String] {
        changed(
            by: try PatchEngine.changes(try PatchEnvelope.parse(patch), dialect: .envelope) { try read($0) })
    }
}

/// Numbers that are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
