import ArgumentParser
import Glibc
import OS
import Publishing
import Repository
import Review
import Sandbox
import Session
import Text

/// Where the commits to publish come from: a session of this machine, or what another one has handed over.
struct PublishSource: ParsableArguments {
    @Option(
        help: ArgumentHelp("The session: its name, or the start or end of it (default: the latest).", valueName: "id"))
    var session: String?

    @Option(help: ArgumentHelp("The result of a run (--result of graft fix), instead of a session.", valueName: "file"))
    var result: String?

    @Option(
        help: ArgumentHelp("The bundle that has the result's commits, where they are not here yet.", valueName: "file"))
    var bundle: String?

    @Option(
        help: ArgumentHelp(
            "The folder of patches (--patch-dir of graft fix) that has the result's commits, instead of a bundle.",
            valueName: "dir"))
    var patches: String?

    @Option(
        help: ArgumentHelp(
            "The commit that the series has to begin after, whatever the result says.", valueName: "commit"))
    var upon: String?

    @Option(help: ArgumentHelp("A folder in the repository.", valueName: "dir"))
    var repo = "."

    /// A series, and where it is.
    struct Found {
        let series: PublishableSeries
        /// The branch that it is on (short name).
        let branch: String
        let repository: GitRepository
    }

    /// The largest bundle that is looked at.
    private static let bundleByteLimit = 256 << 20
    /// The largest result that is read.
    private static let resultByteLimit = 64 << 20

    func validate() throws {
        if session != nil, result != nil || bundle != nil || patches != nil {
            throw ValidationError("--session names one of this machine; leave out --result, --bundle and --patches")
        }
        if bundle != nil, patches != nil { throw ValidationError("say --bundle FILE or --patches DIR, not both") }
    }

    /// Finds the series.
    ///
    /// - Throws: `Refusal`, `ForgeError`, and what the session, the review and git throw.
    func series(_ environment: [String: String]) throws -> Found {
        // An agent of ssh is no secret, and git needs it.
        let plain = environment.filter { !SandboxEnvironment.looksSecret($0.key) || $0.key == "SSH_AUTH_SOCK" }
        let repository = try GitRepository(discovering: repo, environment: plain)
        try repository.doWithoutUnreadableIndex()
        let required = try upon.map { text in
            do throws(RepositoryError) { return try repository.resolve(text) } catch {
                throw Refusal("there is no commit \(text) here: \(error.message)")
            }
        }
        if result == nil, bundle == nil, patches == nil { return try ofSession(repository, required, environment) }
        return try ofResult(repository, required, environment)
    }

    // MARK: A session

    private func ofSession(
        _ repository: GitRepository, _ required: CommitID?, _ environment: [String: String]
    ) throws -> Found {
        let review = try ReviewSession.find(session, in: repo, environment: environment)
        guard !review.summary.isRunning else {
            throw Refusal("the session \(review.id) is still at work", code: 1)
        }
        let reviewed = try review.series()
        guard let last = reviewed.last else {
            throw review.want ?? ReviewError(.refused, "the session \(review.id) has no commits to publish")
        }
        guard let start = review.summary.start, start.base == start.start else {
            throw Refusal(
                "the session \(review.id) took uncommitted work along, which is nobody's to publish; commit it and run "
                    + "again, or take the commits with graft review accept", code: 1)
        }
        let base = try began(review.start, required)
        var result = review.summary.result ?? RunResult(verdict: .internal, message: "the run was killed")
        let own = last.evidence.own
        if result.commits.last?.id != last.id.hex {
            result.commits = reviewed.map(\.report)
            result.commit = last.id.hex
        }
        // A person has changed the series and proven it anew; what was doubted before still is.
        if let own, own.isPassing, own.command == start.command, result.verdict == .fixed,
            result.verification?.commit != last.id.hex
        {
            var verification = Verification(commit: last.id.hex, report: own.report)
            verification.doubts = result.verification?.doubts ?? []
            result.verification = verification
            result.message = "the command passes on commit \(last.id.hex.prefix(10)), verified on a clean checkout"
        }
        let series = try PublishableSeries(
            session: review.id.rawValue, result: result, start: start, base: base, tip: last.id,
            in: repository)
        return Found(series: series, branch: review.branch, repository: repository)
    }

    // MARK: A result

    private func ofResult(
        _ repository: GitRepository, _ required: CommitID?, _ environment: [String: String]
    ) throws -> Found {
        let result = try result.map(read) ?? RunResult(verdict: .unverified, message: "nothing is known of the run")
        let base = result.base.flatMap { CommitID($0) } ?? required
        let brought = try brought(to: repository, upon: required ?? base, environment)
        guard let tip = result.commit.flatMap({ CommitID($0) }) ?? brought else {
            throw Refusal("the result has no commit to publish: its verdict is \(result.verdict.rawValue)", code: 1)
        }
        if let brought, brought != tip {
            throw Refusal(
                "\(bundle ?? patches ?? "") brings \(brought.hex.prefix(10)), and the result is about "
                    + "\(tip.hex.prefix(10))", code: 1)
        }
        guard let said = base else { throw Self.baseIsMissing }
        do throws(RepositoryError) { _ = try repository.record(of: tip) } catch {
            throw Refusal(
                "the commit \(tip.hex.prefix(10)) of the result is not in this repository; bring it with --bundle FILE")
        }
        let id = result.sessionFolder.flatMap { $0.split(separator: "/").last }.flatMap {
            SessionID(parsing: String($0))
        }
        let name = try id?.rawValue ?? sessionName(of: tip, in: repository)
        let series = try PublishableSeries(
            session: name, result: result, start: start(id, environment), base: began(said, required), tip: tip,
            in: repository)
        let foreign = series.commits.map(\.id.hex) != result.commits.map(\.id)
        guard result.commits.isEmpty || !foreign else {
            throw Refusal("the commits upon \(said.hex.prefix(10)) are not those that the result names", code: 1)
        }
        return Found(series: series, branch: "graft/\(name)", repository: repository)
    }

    private static let baseIsMissing = Refusal(
        "nothing says which commit the series begins after; say it with --upon COMMIT")

    /// The last commit of a bundle or of patches, which are then here.
    private func brought(
        to repository: GitRepository, upon base: CommitID?, _ environment: [String: String]
    ) throws -> CommitID? {
        if let bundle {
            do throws(RepositoryError) {
                return try repository.takeBundle(bundle, byteLimit: Self.bundleByteLimit)
            } catch {
                throw Refusal("the bundle cannot be used: \(error.description)")
            }
        }
        guard let patches else { return nil }
        guard let base else { throw Self.baseIsMissing }
        let files = try PatchFiles(of: patches).paths
        let parent = SessionFolder.temporaryRoot(environment: environment)
        var name = Array("\(parent)/graft-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw SystemError("make a folder in \(parent)") }
        let place = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // It is among temporary files, where others clear up, too.
        defer { try? FolderRemoval.remove(place) }
        do throws(RepositoryError) {
            return try repository.commits(ofPatches: files, upon: base, in: place + "/tree")
        } catch {
            guard error.code == .gitCommand else { throw error }
            throw Refusal(
                "the patches in \(patches) do not apply upon \(base.hex.prefix(10)): \(error.message)", code: 1)
        }
    }

    private func read(_ path: String) throws -> RunResult {
        guard let text = TextFile.contents(of: path) else { throw Refusal("cannot read the result \(path)") }
        guard text.utf8.count <= Self.resultByteLimit, let result = RunResult(reading: Array(text.utf8)) else {
            throw Refusal("\(path) is no result of graft fix")
        }
        return result
    }

    /// The session that made a commit, as its message says.
    private func sessionName(of tip: CommitID, in repository: GitRepository) throws -> String {
        let trailers = try repository.record(of: tip).parts.trailers
        let name = trailers.last { $0.key == "Graft-Session" }.flatMap { SessionID(parsing: $0.value) }
        guard let name else {
            throw Refusal("the commit \(tip.hex.prefix(10)) is not one of Graft's: it names no session", code: 1)
        }
        return name.rawValue
    }

    /// What the run worked on, if it was one of this machine.
    private func start(_ id: SessionID?, _ environment: [String: String]) -> RunStart? {
        // A result of another machine has no session here.
        id.flatMap { try? SessionStore(environment: environment).summary(of: $0) }?.start
    }

    /// The commit that the series begins after.
    private func began(_ said: CommitID, _ required: CommitID?) throws -> CommitID {
        guard let required, required != said else { return said }
        throw Refusal(
            "the series begins after \(said.hex.prefix(10)), and not after \(required.hex.prefix(10))", code: 1)
    }
}

extension ReviewedCommit {
    /// The commit as a result names it.
    fileprivate var report: CommitReport {
        CommitReport(
            id: id.hex, subject: subject,
            files: files.map { file in
                let kinds: [FileChangeKind: FileSummary.Kind] = [.added: .add, .deleted: .delete]
                return FileSummary(path: file.path, kind: kinds[file.kind] ?? .update)
            })
    }
}
