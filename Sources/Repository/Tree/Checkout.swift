import CGit
import Glibc

/// Fills a new linked working tree with the files of a commit.
///
/// libgit2 writes small trees, without starting a process. The `git` command writes large ones more than twice as fast,
/// and those that libgit2 does not support: with filter drivers such as LFS, encodings or missing objects.
struct Checkout {
    let repository: GitRepository
    let place: LinkedPlace
    /// The number of files up to which libgit2 is faster than starting `git`.
    var smallTree = 500

    func run(_ commit: CommitID) throws(RepositoryError) {
        let survey = try survey(commit)
        if survey.needsGit {
            let command = GitCommand(
                gitDirectory: place.administration, workTree: place.root, environment: repository.environment,
                limit: .seconds(1800))
            do throws(RepositoryError) {
                _ = try command.run(["-c", "checkout.workers=0", "read-tree", "--reset", "-u", commit.hex])
            } catch {
                guard repository.isPartialClone else { throw error }
                throw RepositoryError(
                    .unsupported,
                    "could not fetch what this partial clone lacks of \(commit.hex.prefix(10)) (\(error.message))",
                    nextStep: "see what says: git fetch", details: error.details, underlying: error)
            }
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
        // libgit2 would look for the attributes of each file twice, and ask for every file that may have some.
        options.disable_filters = survey.hasAttributes ? 0 : 1
        let result = withExtendedLifetime(handle) { git_checkout_tree($0.pointer, object, &options) }
        try check(
            result, "check out \(commit.hex.prefix(10)) in \(place.root)")
    }

    private final class Survey {
        let limit: Int
        let repository: OpaquePointer
        var files = 0
        var asksForFilter = false
        /// Whether a file may have attributes, or line endings to convert.
        var hasAttributes = false
        var needsGit = false

        init(limit: Int, repository: OpaquePointer) {
            self.limit = limit
            self.repository = repository
        }
    }

    private func survey(_ commit: CommitID) throws(RepositoryError) -> Survey {
        let tree = try repository.treeID(of: commit)
        let drivers = FilterDrivers(of: repository.pointer, root: place.root, environment: repository.environment)
        try drivers.refuseProgramsOfTree { repository.isFile($0, in: tree) }
        let survey = Survey(limit: smallTree, repository: repository.pointer)
        let hasOwnAttributes = try GitRepository.file("\(repository.commonDirectory)/info/attributes") != nil
        if repository.isPartialClone || hasOwnAttributes || repository.configured("core.attributesFile") != nil {
            survey.needsGit = true
            return survey
        }
        survey.hasAttributes = hasAttributesOfUser || ContentFilters.convertsLinesAnyway(in: repository.pointer)
        var oid = tree.oid
        var root: OpaquePointer?
        try check(git_tree_lookup(&root, repository.pointer, &oid), "read the tree of \(commit)")
        defer { git_tree_free(root) }
        let payload = Unmanaged.passUnretained(survey).toOpaque()
        let result = withExtendedLifetime(survey) { git_tree_walk(root, GIT_TREEWALK_PRE, Self.visit, payload) }
        survey.needsGit = survey.files > survey.limit || survey.asksForFilter
        if !survey.needsGit { try check(result, "list the files of \(commit)") }
        return survey
    }

    /// Whether the user or the machine has attributes for all repositories (gitattributes(5)).
    private var hasAttributesOfUser: Bool {
        let home = repository.environment["HOME"] ?? ""
        let settings = repository.environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.config"
        let files: [String] = [
            "\(settings)/git/attributes", "\(home)/.config/git/attributes", "/etc/gitattributes",
        ]
        return files.contains { access($0, F_OK) == 0 }
    }

    /// Counts files and searches attributes files for filters; -1 ends the walk (git_treewalk_cb).
    private static let visit: git_treewalk_cb = { _, entry, payload in
        guard let payload, let entry else { return -1 }
        let survey = Unmanaged<Survey>.fromOpaque(payload).takeUnretainedValue()
        guard git_tree_entry_type(entry) == GIT_OBJECT_BLOB else { return 0 }
        survey.files += 1
        if let name = git_tree_entry_name(entry), String(cString: name) == ".gitattributes" {
            survey.hasAttributes = true
            var blob: OpaquePointer?
            if git_blob_lookup(&blob, survey.repository, git_tree_entry_id(entry)) == 0 {
                let text = UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob)))
                survey.asksForFilter = String(decoding: text, as: UTF8.self).split { " \t\n".contains($0) }
                    .contains { word in ["filter", "working-tree-encoding", "[attr]"].contains { word.hasPrefix($0) } }
                git_blob_free(blob)
            }
        }
        return survey.files > survey.limit || survey.asksForFilter ? -1 : 0
    }
}
