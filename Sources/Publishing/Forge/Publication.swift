import JSON
public import Repository
import Session
import Text
public import Transport

/// Brings a series to a forge: its branch, and exactly one request to merge it.
///
/// A second publication brings both up to date, and changes nothing where they are.
public struct Publication: Sendable {
    /// What was done.
    public enum Action: String, Sendable {
        // The names are those of the JSON object.
        case opened, updated, unchanged, merged
    }

    /// What came of it.
    public struct Outcome: Sendable, Equatable {
        /// What was done with the request.
        public let action: Action
        /// Whether the branch was moved.
        public let hasPushed: Bool
        /// The number of the request.
        public let number: Int
        /// The page of the request.
        public let url: String
        /// The branch with the commits.
        public let branch: String
        /// The branch that they are for.
        public let base: String
        /// The last commit.
        public let commit: CommitID
    }

    /// GitHub takes 65,536 characters, GitLab a million.
    private static let bodyByteLimit = 60_000

    let series: PublishableSeries
    let place: ForgePlace
    let remote: RemoteRepository
    let choices: PublicationChoices
    private let repository: GitRepository

    /// Prepares a publication; nothing is done yet.
    ///
    /// - Throws: `refused` for a series that must not be published like this, `usage` for wrong names.
    public init(
        _ series: PublishableSeries, at place: ForgePlace, remote: RemoteRepository, choices: PublicationChoices,
        in repository: GitRepository
    ) throws(ForgeError) {
        try choices.check(series.standing, place.kind)
        self.series = series
        self.place = place
        self.remote = remote
        self.choices = choices
        self.repository = repository
    }

    /// Publishes.
    ///
    /// - Parameters:
    ///   - limit: The longest time, waiting for a forge that asks for it included.
    ///   - notice: Told what a person may want to know, a line at a time.
    /// - Throws: `ForgeError`; where it is not said otherwise, nothing was changed.
    public func publish(
        token: ForgeToken, http: HTTPClient, limit: Duration, notice: @escaping @Sendable (String) -> Void
    ) async throws -> Outcome {
        let mask = token.mask(with: choices.secrets)
        let client = ForgeClient(
            place: place, token: token, mask: mask, http: http, deadline: .now + limit, notice: notice)
        let git = RemoteWork(remote: remote, token: token, client: client)
        let forge = place.forge
        let project = try await read(forge.projectCall, client).map(forge.project)
        try check(project)
        let heads = try await git.heads([choices.branch] + [choices.base, choices.checkedOut].compactMap { $0 })
        let base = try base(project, heads)
        let standing = heads.branches[choices.branch]
        if standing != nil { try await requireUnprotected(forge, client) }
        guard choices.branch != base, choices.branch != heads.standard ?? project?.standardBranch else {
            throw ForgeError(.refused, "nothing is ever pushed to \(choices.branch): requests are merged into it")
        }
        try await checkBase(base, heads, git, notice)

        let found = try await requests(forge, client)
        let current = try current(found, notice)
        if let current, current.state == .merged { return outcome(.merged, false, current, base) }
        let hasPushed = try await push(over: standing, found, git)
        // What fails from here on leaves the branch pushed; the next publication goes on.
        return try await bring(current, to: base, hasPushed, forge, client)
    }

    /// The request as it should be.
    ///
    /// - Parameter old: The text of the request that is there.
    func draft(base: String, over old: String? = nil, hiding mask: SecretMask) -> RequestDraft {
        var notes: [String] = []
        if case .unproven(let reason) = series.standing {
            notes.append(
                "> [!CAUTION]\n> Published without a proof (`--force-unverified`): \(reason.clipped(to: 500)).\n")
        }
        var result = series.result
        result.branch = choices.branch
        let report = MarkdownReport(result: result, start: series.start)
        let text = mask.masked((notes + [report.text(byteLimit: Self.bodyByteLimit)]).joined(separator: "\n"))
        let subjects = series.commits.map(\.parts.subject)
        let title =
            choices.title
            ?? RequestText.title(subjects: subjects, command: series.start?.command, task: series.start?.task)
        return RequestDraft(
            title: mask.masked(title),
            body: RequestText.text(session: series.session, head: series.tip, report: text, over: old),
            head: choices.branch, base: base, isDraft: choices.isDraft, labels: choices.labels)
    }

    // MARK: Checks

    private func check(_ project: ForgeProject?) throws(ForgeError) {
        guard let project else { return }
        if project.isArchived { throw ForgeError(.refused, "\(place.project) is archived: it takes no changes") }
        if !project.takesRequests {
            throw ForgeError(.refused, "\(place.project) takes no \(place.kind.request)s: its settings turn them off")
        }
    }

    private func base(_ project: ForgeProject?, _ heads: RemoteRepository.Heads) throws(ForgeError) -> String {
        if let base = choices.base {
            guard heads.branches[base] != nil else {
                throw ForgeError(
                    .refused, "there is no branch \(base) at \(remote.address)", nextStep: "name another with --base")
            }
            return base
        }
        // A branch that was never pushed has no request.
        if let branch = choices.checkedOut, heads.branches[branch] != nil { return branch }
        guard let branch = project?.standardBranch ?? heads.standard else {
            throw ForgeError(.usage, "cannot tell which branch the commits are for", nextStep: "say --base BRANCH")
        }
        return branch
    }

    private func requireUnprotected(_ forge: any Forge, _ client: ForgeClient) async throws {
        guard let json = try await client.answer(to: forge.branchCall(choices.branch), allowsMissing: true),
            forge.isProtected(json)
        else { return }
        throw ForgeError(
            .refused, "nothing is ever pushed to \(choices.branch): \(place.kind.name) protects it",
            nextStep: "name another with --branch")
    }

    /// Refuses commits that the base branch does not know, which a request would bring along.
    private func checkBase(
        _ base: String, _ known: RemoteRepository.Heads, _ git: RemoteWork, _ notice: (String) -> Void
    ) async throws {
        let asked = known.branches[base] == nil ? try await git.heads([base]) : known
        guard let tip = asked.branches[base] else {
            throw ForgeError(.refused, "there is no branch \(base) at \(remote.address)", nextStep: "say --base BRANCH")
        }
        guard tip != series.base else { return }
        if choices.requiresCurrentBase {
            throw ForgeError(
                .refused, "\(base) has moved from \(series.base.short) to \(tip.short) since the run began",
                nextStep: "run graft fix again on what is there now")
        }
        if (try? repository.record(of: tip)) == nil { try await git.fetch(base) }
        guard try repository.isAncestor(series.base, of: tip) else {
            throw ForgeError(
                .refused,
                "the commits are built upon \(series.base.short), which is not in \(base) at \(remote.address)",
                nextStep: "push that first, or name the branch that has it with --base")
        }
        notice("\(base) has moved on to \(tip.short) since the run began; the forge tells whether it still merges")
    }

    // MARK: The branch

    /// Moves the branch, unless it stands where it should.
    private func push(
        over standing: CommitID?, _ requests: [ForgeRequest], _ git: RemoteWork
    ) async throws -> Bool {
        guard standing != series.tip else { return false }
        if let standing {
            let own = series.commits.map(\.id) + series.result.commits.compactMap { CommitID($0.id) }
            let isOwn = own.contains(standing) || requests.contains { RequestText.head(of: $0.body) == standing }
            guard isOwn else {
                throw ForgeError(
                    .refused, "the branch \(choices.branch) is at \(standing.short), which Graft has not pushed",
                    nextStep: "look at it; --branch NAME publishes to another one")
            }
        }
        try await git.push(series.tip, to: choices.branch, known: standing)
        return true
    }

    // MARK: The request

    private func requests(_ forge: any Forge, _ client: ForgeClient) async throws -> [ForgeRequest] {
        guard let json = try await client.answer(to: forge.requestsCall(head: choices.branch)), json.kind == .array
        else {
            throw ForgeError(.forge, "\(place.kind.name) did not answer with a list of \(place.kind.request)s")
        }
        return forge.requests(json)
    }

    /// The request that is to be brought up to date; nil to open one.
    private func current(_ found: [ForgeRequest], _ notice: (String) -> Void) throws(ForgeError) -> ForgeRequest? {
        if let open = found.first(where: { $0.state == .open }) { return open }
        let own = found.filter { RequestText.session(of: $0.body) == series.session }
        guard let last = own.first else { return nil }
        if last.state == .merged, RequestText.head(of: last.body) == series.tip { return last }
        guard last.state == .closed else { return nil }
        throw ForgeError(
            .refused, "the \(place.kind.request) \(place.kind.sign)\(last.number) of this session was closed",
            nextStep: "reopen it at \(last.url), or publish to another branch with --branch NAME")
    }

    /// Opens the request or brings it up to date.
    private func bring(
        _ current: ForgeRequest?, to base: String, _ hasPushed: Bool, _ forge: any Forge, _ client: ForgeClient
    ) async throws -> Outcome {
        guard let current else {
            let made = try await create(draft(base: base, hiding: client.mask), forge, client)
            if let made = made.existing { return try await bring(made, to: base, hasPushed, forge, client) }
            guard let request = made.request else {
                throw ForgeError(.forge, "\(place.kind.name) did not answer with a \(place.kind.request)")
            }
            try await label(request, forge, client)
            return outcome(.opened, hasPushed, request, base)
        }
        let draft = draft(base: base, over: current.body, hiding: client.mask)
        var isChanged = hasPushed
        if let call = forge.updateCall(current, draft) {
            _ = try await client.answer(to: call)
            isChanged = true
        }
        if try await label(current, forge, client) { isChanged = true }
        if place.kind == .github, current.isDraft != draft.isDraft {
            client.notice(
                "#\(current.number) \(current.isDraft ? "stays" : "is not made") a draft: only its page can change that"
            )
        }
        return outcome(isChanged ? .updated : .unchanged, hasPushed, current, base)
    }

    /// Opens a request. If the answer is lost, or another process was quicker, the one that is there is taken.
    private func create(
        _ draft: RequestDraft, _ forge: any Forge, _ client: ForgeClient
    ) async throws -> (request: ForgeRequest?, existing: ForgeRequest?) {
        var attempt = 1
        while true {
            do throws(ForgeError) {
                return (try await client.answer(to: forge.createCall(draft)).flatMap(forge.request), nil)
            } catch {
                let failure = error
                guard failure.mayBeDone || failure.code == .forge else { throw failure }
                if let open = try? await requests(forge, client).first(where: { $0.state == .open }) {
                    return (nil, open)
                }
                guard failure.code == .temporary, attempt < 4 else { throw failure }
                try await client.pause(.milliseconds(500 << attempt), for: failure)
                attempt += 1
            }
        }
    }

    @discardableResult private func label(
        _ request: ForgeRequest, _ forge: any Forge, _ client: ForgeClient
    ) async throws -> Bool {
        let missing = choices.labels.filter { !request.labels.contains($0) }
        guard let call = forge.labelCall(request.number, missing) else { return false }
        _ = try await client.answer(to: call)
        return true
    }

    private func read(_ call: ForgeCall, _ client: ForgeClient) async throws(ForgeError) -> JSON? {
        // What a job of GitLab may not read is told by what follows.
        do throws(ForgeError) { return try await client.answer(to: call) } catch {
            guard client.token.isOfJob, error.code != .temporary else { throw error }
            return nil
        }
    }

    private func outcome(_ action: Action, _ hasPushed: Bool, _ request: ForgeRequest, _ base: String) -> Outcome {
        Outcome(
            action: action, hasPushed: hasPushed, number: request.number, url: request.url, branch: choices.branch,
            base: base, commit: series.tip)
    }
}
