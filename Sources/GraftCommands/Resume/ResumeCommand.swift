import Agent
import ArgumentParser
import Glibc
import Repository
import Session
import Terminal
import Text

/// `graft resume [SESSION] [PROMPT]`: goes on with a session.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a session that was stopped.",
        discussion: """
            Goes on after a crash, ctrl-C, a limit or a verdict such as not_fixed, with all that is committed and all \
            that the model knows. A command that was cut off is not run again: the model is told of it. Without SESSION \
            it is the latest one of this repository in which something is left to do; on a terminal you choose. With \
            PROMPT the model is told what to do now, also in a session that has come to its end. The limits count from \
            here; what flags do not say is as the session began.

            Examples:
              graft resume                            the latest session of this repository
              graft resume k3f9 --max-time 2h         one by the end of its name, for two more hours
              graft resume --last 'Keep the old API'  the latest one, with a further instruction
              graft resume --list                     which sessions can go on

            Exits with the code of the verdict, as graft fix and graft run do, and with 64 where the session is not \
            there, is in use, or cannot go on.
            """)

    @Flag(help: "Take the latest session; the only argument is then the prompt.")
    var last = false

    @Flag(help: "List the sessions of this repository that can go on; with --json as one object.")
    var list = false

    @OptionGroup var options: RunOptions
    @OptionGroup var protection: ProtectionOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var testReports: TestReportOptions
    @OptionGroup var images: ImageOptions
    @OptionGroup var proof: ProofOptions
    @OptionGroup var state: StateOptions

    @Argument(
        help: ArgumentHelp("The session: its name, or the start or end of it.", valueName: "session"))
    var first: String?

    @Argument(help: ArgumentHelp("What to do now; - reads it from standard input.", valueName: "prompt"))
    var second: String?

    func validate() throws {
        if last, second != nil { throw ValidationError("--last takes the latest session: name no other") }
        if list, last || first != nil { throw ValidationError("--list takes no session and no prompt") }
    }

    func run() async throws {
        try options.check(with: model)
        let environment = ProcessEnvironment.current
        let sessions = OpenSessions(store: SessionStore(environment: environment), folder: options.repo)
        if list { return try sessions.show(asJSON: options.json, environment: environment) }
        let prompt = try (last ? first : second).map(PromptText.read)
        let typed = (last ? first : second).flatMap(PromptText.typed)
        guard prompt != nil || images.images.isEmpty else {
            throw Refusal("--image goes with a prompt: say what to do with the picture")
        }
        let pictures = try images.read(prompt: typed)
        let id: SessionID
        if let name = first, !last {
            id = try Self.resolve(name, hasPrompt: prompt != nil, in: sessions.store)
        } else {
            id = try sessions.choose(asks: !last && !options.json, takesEnded: prompt != nil, environment: environment)
        }
        let start = try sessions.store.summary(of: id).start
        let run = RunSession(resuming: start, options: options, environment: environment) {
            [options, protection, model, proof, testReports, store = sessions.store] listeners in
            var request = RunRequest(
                repository: options.repo, job: .fix(nil), settings: model.settings, environment: environment)
            options.apply(to: &request)
            protection.apply(to: &request.settings)
            proof.apply(to: &request)
            testReports.apply(to: &request)
            var resumption = ResumeRequest(
                session: try store.open(id, listeners: listeners), prompt: prompt, settings: request.settings,
                sandbox: request.sandbox, usesHTTPOnly: request.usesHTTPOnly, environment: environment)
            resumption.pictures = pictures
            return resumption
        }
        try await run.run()
    }

    /// Finds a session by name; a sentence in its place is a prompt that has no session.
    private static func resolve(_ name: String, hasPrompt: Bool, in store: SessionStore) throws -> SessionID {
        do throws(SessionError) { return try store.resolve(name, repository: nil) } catch {
            guard error.code == .notFound, !hasPrompt else { throw error }
            throw Refusal(
                "\(error.message); if that was meant as a prompt: graft resume --last \(name.quotedForShell)")
        }
    }
}
