import Agent
import ArgumentParser
import Evidence
import Sandbox

/// `graft fix -- COMMAND`: makes a failing command pass.
struct FixCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fix",
        abstract: "Make a failing command pass, and prove it.",
        discussion: """
            Runs COMMAND, has the model repair what makes it fail, and runs it again on a clean checkout of the last \
            commit. Exits with 0 only if it passes there, with its tests as they were. The commits are on a branch \
            graft/<session>; your branch, index and files stay as they are. One word after -- is a shell line, several \
            are an argv. Without \
            COMMAND it is the one that your configuration or the repository's names (verify), or else one that the \
            repository's files propose: CI definitions, Makefile, package.json and the like, as they are in the commit \
            that you are at. On a terminal you choose; elsewhere the first is taken with --yes only.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var tree: TreeOptions
    @OptionGroup var protection: ProtectionOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var testReports: TestReportOptions
    @OptionGroup var savedLog: LogOptions
    @OptionGroup var images: ImageOptions
    @OptionGroup var proof: ProofOptions
    @OptionGroup var unattended: UnattendedOptions

    @Flag(help: "Without COMMAND, take the first one that is proposed.")
    var yes = false

    @Flag(help: "Run no fixers ([fixers] in the configuration) before the model is asked.")
    var noFixers = false

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The command, behind --.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard command != [""] else { throw ValidationError("the command behind -- is empty") }
        try CommandWords.check(command, in: "graft fix")
    }

    func run() async throws {
        try options.check(with: model)
        if let hint = CommandWords.hint(command) { StandardError.write("graft: \(hint)") }
        var request = RunRequest(
            repository: options.repo, job: .fix(command.isEmpty ? nil : .init(words: command)),
            settings: model.settings,
            environment: ProcessEnvironment.current)
        options.apply(to: &request)
        protection.apply(to: &request.settings)
        unattended.apply(to: &request)
        request.usesFixers = !noFixers
        testReports.apply(to: &request)
        request.tree = tree.choice
        proof.apply(to: &request)
        request.pictures = try images.read(prompt: nil)
        let log = try savedLog.read()
        if let log { request.log = log.material(named: savedLog.log ?? "") }
        if command.isEmpty { try await propose(to: &request, after: log?.candidates ?? []) }
        try await TaskRun(request: request, options: options, unattended: unattended).run()
    }

    /// Finds a command where none is named.
    ///
    /// - Parameter earlier: What a saved log proposes, before the repository's files.
    private func propose(to request: inout RunRequest, after earlier: [CommandProposal]) async throws {
        let search = ProposedCommand(
            folder: options.repo, environment: request.environment, takesFirst: yes, showsJSON: options.json,
            earlier: earlier, log: savedLog.log)
        switch try await search.choose(request.settings) {
        case .none: break
        case .taken(let proposal): request.take(proposal)
        case .open(let proposals): request.proposals = proposals
        }
    }
}
