import Patching
import Text

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
struct Files: PatchSource {
    var files: [BytePath: [UInt8]]
    /// Symbolic links and where they point.
    var links: [BytePath: String] = [:]

    init(_ files: [String: String] = [:]) {
        self.files = [:]
        for (path, text) in files { self.files[BytePath(path)] = Array(text.utf8) }
    }

    func file(at path: BytePath) throws -> StoredFile? {
        if let bytes = files[path] { return StoredFile(bytes) }
        if let target = links[path] { return StoredFile(Array(target.utf8), isLink: true) }
        if paths.contains(where: { $0.isBelow(path) }) { throw PatchError.isDirectory(path) }
        return nil
    }

    func names(in folder: BytePath) -> [BytePath] {
        let depth = folder.names.count
        return Array(Set(paths.filter { $0.isBelow(folder) }.map { $0.names[depth] }))
    }

    private var paths: [BytePath] { Array(files.keys) + Array(links.keys) }

    /// The tree after the changes.
    func changed(by changes: ChangeSet) -> [String: String] {
        var result: [String: String] = [:]
        for (path, bytes) in after(changes) { result[path.text] = String(decoding: bytes, as: UTF8.self) }
        return result
    }

    /// The files after the changes.
    func after(_ changes: ChangeSet) -> [BytePath: [UInt8]] {
        var result = files
        for change in changes.changes { result[change.path] = change.contents }
        return result
    }

    /// The tree after a patch in envelope form.
    func patched(_ patch: String) throws(PatchError) -> [String: String] {
        changed(
            by: try PatchEngine.changes(try PatchEnvelope.parse(patch), dialect: .envelope, to: self))
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

/// A tree of which every path is read by a function.
struct Reading: PatchSource {
    let read: (BytePath) throws -> StoredFile?

    init(_ read: @escaping (BytePath) throws -> StoredFile?) { self.read = read }

    func file(at path: BytePath) throws -> StoredFile? { try read(path) }

    func names(in folder: BytePath) -> [BytePath] { [] }
}
