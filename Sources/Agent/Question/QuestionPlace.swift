import Configuration
import Glibc
import MCP
import OS
import Repository
import Sandbox
import Session
import Text
import Tools
import Workspace

/// The repository that a question is about: the user's own checkout, in which commands can only look.
struct QuestionPlace: Sendable, CustomStringConvertible {
    /// What the repository's own file sets.
    let settings: Settings
    private let repository: GitRepository
    private let head: GitRepository.Head
    /// The folder that was asked from, below the checkout's root; empty for the root.
    private let folder: String
    private let policy: SessionPolicy
    /// The skills that the model may use.
    let skills: Skills
    private let mode: SandboxMode
    private let environment: [String: String]

    /// Opens the repository that contains a folder; nothing is changed.
    ///
    /// - Throws: `RepositoryError`, `ConfigurationError` and `SandboxError` for what cannot be used.
    init(_ path: String, own: Settings, mode: SandboxMode, environment: [String: String]) throws {
        // git must not see the key.
        let plain = environment.filter { !SandboxEnvironment.looksSecret($0.key) }
        repository = try GitRepository(discovering: path, environment: plain)
        head = try repository.head
        if let commit = head.commit {
            settings = try Settings.file(of: repository, at: commit)
        } else {
            settings = Settings()
        }
        let (root, real) = (FilePath.resolved(repository.workingDirectory), FilePath.resolved(path))
        if let root, let real, real.hasPrefix(root + "/") {
            folder = String(real.dropFirst(root.count + 1))
        } else {
            folder = ""
        }
        skills = Skills(
            of: repository, at: head.commit, folder: BytePath(folder), root: repository.workingDirectory,
            settings: own.over(settings), environment: environment)
        var policy = try SessionPolicy(own: own, repository: settings, environment: environment).onlyLooking()
        policy.skillFolders = skills.ownFolders
        self.policy = policy
        self.mode = mode
        self.environment = environment
    }

    /// What is the same for all checkouts of the repository.
    var identity: String { repository.commonDirectory }

    /// Whether an error says that there is no checkout to look at.
    static func isMissing(_ error: any Error) -> Bool {
        let code = (error as? RepositoryError)?.code
        return code == .notARepository || code == .bare
    }

    /// The place in words, for the model.
    var description: String {
        var lines = ["Repository: \(repository.workingDirectory)"]
        switch head {
        case .branch(let name, let commit): lines.append("Commit: \(commit.hex), branch \(name)")
        case .detached(let commit): lines.append("Commit: \(commit.hex)")
        case .unborn: lines.append("Commit: none yet")
        }
        if !folder.isEmpty { lines.append("Asked from: \(folder)") }
        let variables = policy.variables(from: environment)
        lines.append(Facts(ignored: [], path: variables["PATH"] ?? "", date: RunClock.system.date()).text)
        // The sandbox is made when the first command is run.
        if mode != .off {
            var rules = SandboxPolicy(workingTree: repository.workingDirectory)
            rules.apply(policy.profile, home: environment["HOME"] ?? "/root")
            lines.append(rules.network.forModel("Commands"))
        }
        return lines.joined(separator: "\n")
    }

    /// What people have written for agents, for the folder that was asked from.
    func instructions(_ settings: Settings, events: any EventSink) -> Instructions {
        Instructions(
            of: repository, at: head.commit, folder: BytePath(folder), root: repository.workingDirectory,
            settings: settings, environment: environment, events: events)
    }

    /// The sandbox of a question, and the tools in it.
    struct Desk: Sendable {
        let sandbox: Sandbox
        let tools: ToolDispatcher
    }

    /// Makes the sandbox, and the tools in it.
    ///
    /// - Parameters:
    ///   - folder: Holds the output of commands, their `/tmp`, and what they see of git.
    ///   - approvals: Decides what the server asks; commands get no further rights.
    /// - Throws: `SandboxError` if there is no sandbox, `RepositoryError` if git does not say what it ignores.
    func desk(
        _ catalog: ToolCatalog, in folder: SessionFolder, longestTimeout: Duration, approvals: ApprovalGate,
        servers: ServerPlan?, events: any EventSink
    ) async throws -> Desk {
        let (root, variables) = (repository.workingDirectory, policy.variables(from: environment))
        for notice in policy.notices { events.record(.notice(notice)) }
        var policy = policy.policy(
            workingTree: root, of: repository, temporaryFolder: folder.temporary, environment: environment)
        // A tree of a session's own lacks these files; secrets are kept in some of them.
        policy.hiddenPaths += try ignoredFiles().map { "\(root)/\($0)" }
        let view = try GitView(
            GitView.Place(
                root: root, gitDirectory: repository.gitDirectory, commonDirectory: repository.commonDirectory),
            of: { repository }, in: folder.git, home: environment["HOME"] ?? "/root")
        view.install(in: &policy)
        let sandbox = try await Sandbox.probe(mode: mode, policy: policy, searchPath: variables["PATH"] ?? "")
        let shell = ShellRunner(
            sandbox: sandbox, environment: variables, folder: folder, events: events, longestTimeout: longestTimeout)
        let sources = servers?.sources(
            beside: sandbox, variables: variables, logs: folder.output, events: events)
        let shelf = sources.flatMap { $0.isEmpty ? nil : catalog.shelf(of: $0) }
        shelf?.start()
        return Desk(
            sandbox: sandbox,
            tools: ToolDispatcher(
                catalog: catalog, steps: nil, shell: shell, commands: RunningCommands(shell), approvals: approvals,
                events: events, shelf: shelf))
    }

    /// The MCP servers that there are here; nothing is started.
    func servers(own: Settings, questions: ServerQuestions) -> ServerPlan {
        ServerPlan(
            own: own, repository: settings, root: repository.workingDirectory, environment: environment,
            questions: questions)
    }

    /// How many files are hidden one by one; each costs every command about 10 µs.
    private static let mostHidden = 500
    /// What compilers make, and nobody keeps a secret in.
    private static let products = [".o", ".a", ".so", ".d", ".obj", ".pyc", ".class", ".lo", ".la", ".gch", ".swp"]

    private func ignoredFiles() throws -> [String] {
        let all = try repository.ignoredFiles()
        guard all.count > Self.mostHidden else { return all }
        let telling = all.filter { name in !Self.products.contains { name.hasSuffix($0) } }
        guard telling.count <= Self.mostHidden else {
            throw SandboxError(
                .refused, "\(telling.count) files that git ignores are too many to hide",
                nextStep: "remove some (git clean -Xn lists them), or use graft run, which has a tree of its own")
        }
        return telling
    }

    /// Makes a folder for the output of commands and their `/tmp`; the caller removes it.
    ///
    /// - Throws: `SystemError` if there is no room for temporary files.
    func makeFolder() throws(SystemError) -> SessionFolder {
        let parent = SessionFolder.temporaryRoot(environment: environment)
        var template = Array("\(parent)/graft-ask-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make a folder in \(parent)") }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = SessionFolder(existing: path)
        for inner in [folder.output, folder.temporary] {
            guard mkdir(inner, 0o700) == 0 else { throw SystemError("make \(inner)") }
        }
        return folder
    }
}
