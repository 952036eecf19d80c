import CGit

/// Turns the bytes of a file into the bytes of a blob, as the repository's attributes and configuration ask:
/// line endings and `ident` through libgit2, drivers such as LFS through the `git` command.
final class ContentFilters {
    private let handle: RepositoryHandle
    private let command: GitCommand
    /// The names in `filter.<name>.clean` and `.process`.
    private let drivers: Set<String>

    init(_ handle: RepositoryHandle, command: GitCommand) {
        self.handle = handle
        self.command = command
        drivers = Self.drivers(of: handle.pointer)
    }

    /// The id of the blob for a file's content; writes the blob unless it is the one that is expected.
    func blob(
        for contents: [UInt8], at path: TreePath, unless expected: git_oid? = nil
    ) throws(RepositoryError) -> git_oid {
        if !drivers.isEmpty, let driver = driver(of: path), drivers.contains(driver) {
            return try blobByCommand(contents, at: path)
        }
        var list: OpaquePointer?
        try check(
            git_filter_list_load(&list, handle.pointer, nil, path.cString, GIT_FILTER_TO_ODB, 0),
            "find the filters of \"\(path.text)\"")
        defer { git_filter_list_free(list) }
        guard list != nil else { return try store(contents, contents.count, unless: expected) }
        var cleaned = git_buf()
        defer { git_buf_dispose(&cleaned) }
        var result: Int32 = 0
        contents.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            result = git_filter_list_apply_to_buffer(&cleaned, list, start, bytes.count)
        }
        try check(result, "convert the line endings of \"\(path.text)\"", next: "see core.safecrlf in git help config")
        return try store(cleaned.ptr, cleaned.size, unless: expected)
    }

    private func store(
        _ bytes: UnsafeRawPointer?, _ count: Int, unless expected: git_oid?
    ) throws(RepositoryError) -> git_oid {
        var oid = git_oid()
        if let expected {
            try check(git_odb_hash(&oid, bytes, count, GIT_OBJECT_BLOB), "hash a file")
            if oid.equals(expected) { return oid }
        }
        try check(
            git_blob_create_from_buffer(&oid, handle.pointer, bytes, count), "store a file of \(count) bytes",
            next: "check the free disk space")
        return oid
    }

    private func driver(of path: TreePath) -> String? {
        var value: UnsafePointer<CChar>?
        guard git_attr_get(&value, handle.pointer, 0, path.cString, "filter") == 0, let value else { return nil }
        return git_attr_value(value) == GIT_ATTR_VALUE_STRING ? String(cString: value) : nil
    }

    private func blobByCommand(_ contents: [UInt8], at path: TreePath) throws(RepositoryError) -> git_oid {
        guard String(validating: path.bytes, as: UTF8.self) != nil else {
            throw RepositoryError(.unsupported, "cannot run a filter on \"\(path.text)\": its name is not UTF-8")
        }
        let output = try command.run(["hash-object", "-w", "--stdin", "--path=\(path.text)"], input: contents)
        let hex = String(decoding: output.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return try unwrap(git_oid(hex: hex), "id of \"\(path.text)\"")
    }

    /// The filter drivers that the configuration defines.
    static func drivers(of repository: OpaquePointer) -> Set<String> {
        var (config, iterator): (OpaquePointer?, OpaquePointer?) = (nil, nil)
        guard git_repository_config_snapshot(&config, repository) == 0 else { return [] }
        defer { git_config_free(config) }
        guard git_config_iterator_glob_new(&iterator, config, "^filter\\..*\\.(clean|smudge|process)$") == 0 else {
            return []
        }
        defer { git_config_iterator_free(iterator) }
        var names: Set<String> = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let name = entry?.pointee.name {
            let parts = String(cString: name).split(separator: ".")
            names.insert(parts.dropFirst().dropLast().joined(separator: "."))
        }
        return names
    }
}
