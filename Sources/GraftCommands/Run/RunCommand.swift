import Agent
import ArgumentParser
import Sandbox

/// `graft run PROMPT`: does a task.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Do a task in the repository.",
        discussion: """
            With --verify the exit code says whether that command passes on the last commit; without it the one that \
            your configuration or the repository's names (verify) does. Where there is none, nothing proves the work: \
            the verdict is unverified and the exit code 11.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var tree: TreeOptions
    @OptionGroup var protection: ProtectionOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var testReports: TestReportOptions
    @OptionGroup var images: ImageOptions
    @OptionGroup var proof: ProofOptions
    @OptionGroup var unattended: UnattendedOptions

    @Option(
        help: ArgumentHelp(
            "A shell line that passes if and only if the task is done; '' for none, whatever is configured.",
            valueName: "command"))
    var verify: String?

    @Argument(help: ArgumentHelp("What to do; - reads it from standard input.", valueName: "prompt"))
    var prompt: String

    func run() async throws {
        try options.check(with: model)
        let text = try PromptText.read(prompt)
        var request = RunRequest(
            repository: options.repo, job: .prompt(text, verify: decider), settings: model.settings,
            environment: ProcessEnvironment.current)
        options.apply(to: &request)
        protection.apply(to: &request.settings)
        unattended.apply(to: &request)
        testReports.apply(to: &request)
        request.tree = tree.choice
        proof.apply(to: &request)
        request.pictures = try images.read(prompt: PromptText.typed(prompt))
        try await TaskRun(request: request, options: options, unattended: unattended).run()
    }

    private var decider: RunRequest.Decider {
        guard let verify else { return .configured }
        return verify.contains { !$0.isWhitespace } ? .command(.shell(verify)) : .nothing
    }
}
