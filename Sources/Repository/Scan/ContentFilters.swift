import CGit
import Glibc
import OS
import Patching

/// Converts the bytes of a file to those of a blob, by the repository's attributes and configuration:
/// line endings and `ident` through libgit2; drivers such as LFS, and encodings, through the `git` command.
final class ContentFilters {
    private let handle: RepositoryHandle
    private let command: GitCommand
    private let drivers: FilterDrivers
    /// Whether the files have a path for `git`.
    private let hasPath: Bool
    /// Whether ids are worked out and no blob is written.
    let storesNothing: Bool
    /// Whether the configuration has line endings converted where no attribute says so (`core.autocrlf`).
    private let convertsLinesAnyway: Bool

    init(_ handle: RepositoryHandle, command: GitCommand, hasPath: Bool = true, storesNothing: Bool = false) {
        self.hasPath = hasPath
        self.storesNothing = storesNothing
        self.handle = handle
        self.command = command
        convertsLinesAnyway = Self.convertsLinesAnyway(in: handle.pointer)
        drivers = FilterDrivers(of: handle.pointer, root: command.workTree, environment: command.environment)
    }

    /// Whether a repository has line endings converted where no attribute says so; true where that cannot be read.
    static func convertsLinesAnyway(in repository: OpaquePointer) -> Bool {
        var (config, isOn): (OpaquePointer?, Int32) = (nil, 0)
        defer { git_config_free(config) }
        guard git_repository_config_snapshot(&config, repository) == 0 else { return true }
        // `input` is no truth value.
        let result = git_config_get_bool(&isOn, config, "core.autocrlf")
        return result == GIT_ENOTFOUND.rawValue ? false : result != 0 || isOn != 0
    }

    /// The id of the blob for a file's content; writes the blob unless it is the expected one.
    ///
    /// Fails with `gitCommand` or `unsupported` if this file cannot be converted, with any other code if the repository
    /// takes no blob.
    func blob(
        for contents: [UInt8], at path: TreePath, unless expected: git_oid? = nil
    ) throws(RepositoryError) -> git_oid {
        let attributes = attributes(of: path)
        if let driver = attributes.driver, drivers.names.contains(driver) {
            try drivers.refuseProgramsOfTree()
            return try blobByCommand(contents, at: path)
        }
        if attributes.hasEncoding { return try blobByCommand(contents, at: path) }
        if !attributes.convertsLines { return try store(contents, contents.count, unless: expected) }
        var list: OpaquePointer?
        try check(
            git_filter_list_load(&list, handle.pointer, nil, path.cString, GIT_FILTER_TO_ODB, 0),
            "find the filters of \"\(path)\"", code: .unsupported)
        defer { git_filter_list_free(list) }
        guard list != nil else { return try store(contents, contents.count, unless: expected) }
        var cleaned = git_buf()
        defer { git_buf_dispose(&cleaned) }
        var result: Int32 = 0
        contents.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            result = git_filter_list_apply_to_buffer(&cleaned, list, start, bytes.count)
        }
        try check(
            result, "convert the line endings of \"\(path)\"", next: "see core.safecrlf in git help config",
            code: .unsupported)
        return try store(cleaned.ptr, cleaned.size, unless: expected)
    }

    /// The file that a checkout writes for an entry of the index, with line endings converted by libgit2.
    func file(_ entry: git_index_entry, at path: TreePath) throws(RepositoryError) -> StoredFile {
        var (blob, list, id): (OpaquePointer?, OpaquePointer?, git_oid) = (nil, nil, entry.id)
        try check(git_blob_lookup(&blob, handle.pointer, &id), "read \"\(path)\"")
        defer { git_blob_free(blob) }
        if entry.mode & 0o170000 == 0o100000 {
            try check(
                git_filter_list_load(&list, handle.pointer, blob, path.cString, GIT_FILTER_TO_WORKTREE, 0),
                "find the filters of \"\(path)\"")
        }
        defer { git_filter_list_free(list) }
        guard list != nil else {
            let bytes = UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob)))
            return StoredFile(Array(bytes), isLink: entry.mode == 0o120000)
        }
        var converted = git_buf()
        defer { git_buf_dispose(&converted) }
        try check(
            git_filter_list_apply_to_blob(&converted, list, blob), "convert the line endings of \"\(path)\"")
        return StoredFile(Array(UnsafeRawBufferPointer(start: converted.ptr, count: converted.size)))
    }

    /// The id of the blob for the target of a link; writes it.
    func blob(forLinkTo target: [UInt8], unless expected: git_oid?) throws(RepositoryError) -> git_oid {
        try store(target, target.count, unless: expected)
    }

    /// Whether a program converts a file, not libgit2.
    func needsProgram(_ path: TreePath) -> Bool {
        let attributes = attributes(of: path)
        return attributes.driver.map(drivers.names.contains) == true || attributes.hasEncoding
    }

    private func store(
        _ bytes: UnsafeRawPointer?, _ count: Int, unless expected: git_oid?
    ) throws(RepositoryError) -> git_oid {
        var oid = git_oid()
        if expected != nil || storesNothing {
            try check(git_odb_hash(&oid, bytes, count, GIT_OBJECT_BLOB), "hash a file")
            if storesNothing || expected.map(oid.equals) == true { return oid }
        }
        try check(
            git_blob_create_from_buffer(&oid, handle.pointer, bytes, count), "store a file of \(count) bytes",
            next: "check the free disk space")
        return oid
    }

    /// What the attributes of a file say about its content.
    private struct Attributes {
        /// The driver that `filter` names.
        var driver: String?
        /// Whether it is in another encoding in the working tree.
        var hasEncoding = false
        /// Whether libgit2 may have something to convert.
        var convertsLines = true
    }

    private static let attributeNames = ["filter", "working-tree-encoding", "text", "crlf", "eol", "ident"]

    /// Looks for all of them at once: libgit2 resolves the path and asks for each attributes file anew every time.
    private func attributes(of path: TreePath) -> Attributes {
        var attributes = Attributes()
        var values = [UnsafePointer<CChar>?](repeating: nil, count: Self.attributeNames.count)
        let names = Self.attributeNames.map { strdup($0) }
        defer { names.forEach { free($0) } }
        var pointers = names.map { UnsafePointer($0) }
        guard git_attr_get_many(&values, handle.pointer, 0, path.cString, values.count, &pointers) == 0 else {
            return attributes
        }
        func text(_ index: Int) -> String? {
            guard let value = values[index], git_attr_value(value) == GIT_ATTR_VALUE_STRING else { return nil }
            return String(cString: value)
        }
        attributes.driver = text(0)
        attributes.hasEncoding = text(1) != nil
        attributes.convertsLines =
            convertsLinesAnyway || values[2...].contains { git_attr_value($0) != GIT_ATTR_VALUE_UNSPECIFIED }
        return attributes
    }

    private func blobByCommand(_ contents: [UInt8], at path: TreePath) throws(RepositoryError) -> git_oid {
        guard hasPath else {
            throw RepositoryError(
                .unsupported, "cannot run a filter on \"\(path)\" in an overlay",
                nextStep: "use --tree worktree")
        }
        guard let name = String(validating: path.bytes, as: UTF8.self) else {
            throw RepositoryError(.unsupported, "cannot run a filter on \"\(path)\": its name is not UTF-8")
        }
        let output: [UInt8]
        do throws(RepositoryError) {
            let writes = storesNothing ? [] : ["-w"]
            output = try command.run(["hash-object"] + writes + ["--stdin", "--path=\(name)"], input: contents)
        } catch {
            // git tells a full disk and a broken conversion by words alone.
            for number in RepositoryError.storageErrors where error.details.contains(SystemError.text(number)) {
                throw systemError("store \"\(path)\"", number)
            }
            throw error
        }
        let hex = String(decoding: output.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return try unwrap(git_oid(hex: hex), "id of \"\(path)\"")
    }
}
