import OS
import Publishing
import Repository
import Sandbox
import Session
import Text

/// The commits of a run as files: a folder of patches, and a bundle. A run without commits leaves none, not even those
/// of an earlier one.
struct SeriesFiles: Sendable {
    private let folder: (path: String, folder: PatchFolder)?
    private let bundle: (path: String, draft: FileDraft)?
    private let environment: [String: String]

    /// Opens folder and file.
    ///
    /// - Throws: `OutputFileFailure` or `Refusal` for what cannot be written, or holds something of others.
    init(_ options: ReportOptions, environment: [String: String]) throws {
        self.environment = environment
        do {
            folder = try options.patchDir.map { ($0, try PatchFolder($0)) }
        } catch let error as PatchFolderError {
            throw Refusal("cannot write the patches: \(error.description)")
        } catch let error as SystemError {
            throw OutputFileFailure("the patches", to: options.patchDir ?? "", error)
        }
        do throws(SystemError) {
            bundle = try options.bundle.map { (path: String) throws(SystemError) in (path, try FileDraft(path)) }
        } catch {
            throw OutputFileFailure("the bundle", to: options.bundle ?? "", error)
        }
        guard let path = options.bundle, Self.isOfOthers(path) else { return }
        throw Refusal("cannot write the bundle: \(path) is there and is no bundle; name another file")
    }

    /// Writes the commits.
    ///
    /// - Parameter limit: How long `git` may take for each.
    /// - Returns: Why something could not be written.
    func write(_ result: RunResult, start: RunStart?, within limit: Duration) -> [String] {
        guard folder != nil || bundle != nil else { return [] }
        var reasons: [String] = []
        if let (path, folder) = folder {
            attempt("the patches", path, &reasons) {
                guard let (repository, start, tip) = try place(result, start) else {
                    return try folder.replace(with: [])
                }
                let mails = try repository.mails(from: start, to: tip, within: limit)
                try folder.replace(
                    with: mails.enumerated().map { index, each in
                        PatchFile(number: index + 1, subject: each.commit.parts.subject, bytes: each.mail)
                    })
            }
        }
        if let (path, draft) = bundle {
            attempt("the bundle", path, &reasons) {
                guard let (repository, _, _) = try place(result, start), let branch = result.branch,
                    let base = result.base.flatMap({ CommitID($0) })
                else { return try draft.remove() }
                try draft.write(repository.bundle(of: "refs/heads/\(branch)", since: base, within: limit))
            }
        }
        return reasons
    }

    /// How the commits can be had, as shell lines.
    ///
    /// - Parameter isThrownAway: Whether the machine is, so that what is only there is of no use.
    func ways(isThrownAway: Bool) -> @Sendable (RunResult, RunStart?) -> [String] {
        let (patches, file) = (folder?.path, bundle?.path)
        return { result, start in
            guard let branch = result.branch, !result.commits.isEmpty else { return [] }
            let isOnBase = start.map { $0.start == $0.base } ?? true
            var ways = isThrownAway ? [] : ["graft review accept --all"]
            // A merge would bring the user's own uncommitted work as a commit of the session.
            if !isThrownAway, isOnBase { ways.append("git merge \(branch)") }
            if let patches { ways.append("git am \(patches.quotedForShell)/*.patch") }
            if let file { ways.append("git fetch \(file.quotedForShell) \(branch)") }
            return ways
        }
    }

    private typealias Place = (repository: GitRepository, start: CommitID, tip: CommitID)

    /// Where the commits are; nil if there are none.
    private func place(_ result: RunResult, _ start: RunStart?) throws -> Place? {
        guard !result.commits.isEmpty, let start, let first = CommitID(start.start),
            let tip = result.commit.flatMap({ CommitID($0) })
        else { return nil }
        let plain = environment.filter { !SandboxEnvironment.looksSecret($0.key) }
        let repository = try GitRepository(discovering: start.repository, environment: plain)
        return (repository, first, tip)
    }

    private func attempt(_ what: String, _ path: String, _ reasons: inout [String], _ body: () throws -> Void) {
        do { try body() } catch let error as SystemError {
            reasons.append(OutputFileFailure(what, to: path, error).description)
        } catch {
            reasons.append("cannot write \(what) to \(path): \(error)")
        }
    }

    /// Whether a file is there that no bundle was written to.
    private static func isOfOthers(_ path: String) -> Bool {
        guard FilePath.isRegularFile(path), let start = try? FileContent.start(of: path, count: 16) else {
            return false
        }
        return !start.isEmpty && !["# v2 git bundle\n", "# v3 git bundle\n"].contains { start.elementsEqual($0.utf8) }
    }
}
