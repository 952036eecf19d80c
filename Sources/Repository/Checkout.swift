import CGit

/// Fills a new linked working tree with the files of a commit.
///
/// libgit2 does it for small trees, without starting a process; the `git` command for large ones, which it writes
/// more than twice as fast, and where filter drivers such as LFS are at work, which libgit2 does not run.
struct Checkout {
    let repository: GitRepository
    let place: LinkedPlace
    /// Up to this many files libgit2 is quicker than starting `git`.
    var smallTree = 500

    func run(_ commit: CommitID) throws(RepositoryError) {
        if try needsGit(commit) {
            let command = GitCommand(
                gitDirectory: place.administration, workTree: place.root, environment: repository.environment,
                limit: .seconds(1800))
            _ = try command.run(["-c", "checkout.workers=0", "read-tree", "--reset", "-u", commit.hex])
            return
        }
        var opened: OpaquePointer?
        try check(git_repository_open(&opened, place.root), "open the working tree \(place.root)")
        let handle = RepositoryHandle(try unwrap(opened, "repository"))
        var oid = commit.oid
        var object: OpaquePointer?
        try check(git_object_lookup(&object, handle.pointer, &oid, GIT_OBJECT_COMMIT), "read the commit \(commit)")
        defer { git_object_free(object) }
        var options = git_checkout_options()
        git_checkout_options_init(&options, UInt32(GIT_CHECKOUT_OPTIONS_VERSION))
        options.checkout_strategy = GIT_CHECKOUT_FORCE.rawValue
        let result = withExtendedLifetime(handle) { git_checkout_tree($0.pointer, object, &options) }
        try check(
            result, "check out \(commit.hex.prefix(10)) in \(place.root)")
    }

    private final class Survey {
        let limit: Int
        let drivers: Bool
        let repository: OpaquePointer
        var files = 0
        var asksForFilter = false

        init(limit: Int, drivers: Bool, repository: OpaquePointer) {
            self.limit = limit
            self.drivers = drivers
            self.repository = repository
        }
    }

    private func needsGit(_ commit: CommitID) throws(RepositoryError) -> Bool {
        let drivers = !ContentFilters.drivers(of: repository.pointer).isEmpty
        let survey = Survey(limit: smallTree, drivers: drivers, repository: repository.pointer)
        if drivers, try GitRepository.file("\(repository.commonDirectory)/info/attributes") != nil { return true }
        if drivers, repository.configured("core.attributesFile") != nil { return true }
        var oid = try repository.treeID(of: commit).oid
        var tree: OpaquePointer?
        try check(git_tree_lookup(&tree, repository.pointer, &oid), "read the tree of \(commit)")
        defer { git_tree_free(tree) }
        let payload = Unmanaged.passUnretained(survey).toOpaque()
        let result = withExtendedLifetime(survey) { git_tree_walk(tree, GIT_TREEWALK_PRE, Self.visit, payload) }
        if survey.files > survey.limit || survey.asksForFilter { return true }
        try check(result, "list the files of \(commit)")
        return false
    }

    /// Counts files and looks for filters in attributes files; -1 ends the walk (git_treewalk_cb).
    private static let visit: git_treewalk_cb = { _, entry, payload in
        guard let payload, let entry else { return -1 }
        let survey = Unmanaged<Survey>.fromOpaque(payload).takeUnretainedValue()
        guard git_tree_entry_type(entry) == GIT_OBJECT_BLOB else { return 0 }
        survey.files += 1
        if survey.drivers, let name = git_tree_entry_name(entry), String(cString: name) == ".gitattributes" {
            var blob: OpaquePointer?
            if git_blob_lookup(&blob, survey.repository, git_tree_entry_id(entry)) == 0 {
                let text = UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob)))
                survey.asksForFilter = String(decoding: text, as: UTF8.self).split { " \t\n".contains($0) }
                    .contains { $0.hasPrefix("filter") || $0.hasPrefix("[attr]") }
                git_blob_free(blob)
            }
        }
        return survey.files > survey.limit || survey.asksForFilter ? -1 : 0
    }
}
