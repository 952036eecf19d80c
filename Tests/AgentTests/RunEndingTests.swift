import Configuration
import Glibc
import OS
import Responses
import Sandbox
import Testing
import Text
import Transport

@testable import Agent
@testable import Repository
@testable import Session
@testable import Workspace

/// Which verdict an error is, and what a person reads of it.
@Suite struct `The ending that an error means` {
    @Test(arguments: [
        (ConnectionMachine.Failure.Kind.credentials, Verdict.credentials, "refuses the key: No; check OPENAI_API_KEY"),
        (.temporary, .temporary, "no response came from the server: No; try again later"),
        (.untrusted, .provider, "no connection to the server can be trusted: No; check OPENAI_BASE_URL"),
        (.contextOverflow, .provider, "the conversation is too long for the model: No"),
        (.parameter("text.verbosity"), .provider, "the server refuses text.verbosity: No"),
        (.permanent, .provider, "the server refuses the request: No"),
    ])
    func `is told for each way in which a request is given up`(
        _ kind: ConnectionMachine.Failure.Kind, _ verdict: Verdict, _ words: String
    ) async throws {
        let failure = ConnectionMachine.Failure(kind: kind, error: ProviderError(message: "No."))
        let world = LoopWorld(.fails(failure))
        let error = await #expect(throws: ConnectionMachine.Failure.self) { try await world.run() }
        let ending = RunEnding(try #require(error), interruption: nil)
        #expect(ending.verdict == verdict)
        #expect(ending.message.contains(words))
        #expect(world.story.lines.last == "turn failed: No.")
    }

    @Test(arguments: [
        (RunEnding(.notFixed, "m") as any Error, Verdict.notFixed),
        (SandboxError(.refused, "m"), .sandbox),
        (TransportError(.invalid, "m"), .usage),
        (ConfigurationError(.value, "m"), .usage),
        (WorkspaceError(.unsuitable, "m"), .usage),
        (WorkspaceError(.sandbox, "m"), .sandbox),
        (WorkspaceError(.busy, "m"), .internal),
        (RepositoryError(.notARepository, "m"), .usage),
        (RepositoryError(.bare, "m"), .usage),
        (RepositoryError(.ownedBySomeoneElse, "m"), .usage),
        (RepositoryError(.locked, "m"), .internal),
        (RepositoryError(.system, "m"), .internal),
        (SessionError(.journal, "m"), .internal),
        (CancellationError(), .internal),
    ])
    func `has the verdict of its kind`(_ error: any Error, _ verdict: Verdict) {
        #expect(RunEnding(error, interruption: nil).verdict == verdict)
    }

    @Test(arguments: [
        (Interruption.Reason.interrupted, Verdict.interrupted), (.terminated, .terminated), (.timeUp, .budget),
    ])
    func `is the interruption's where the run was cancelled`(_ reason: Interruption.Reason, _ verdict: Verdict) {
        let interruption = Interruption()
        interruption.raise(reason)
        let ending = RunEnding(CancellationError(), interruption: interruption)
        #expect(ending.verdict == verdict)
    }

    /// A result with a commit, and a verification of that one or of another.
    private func result(verified commit: String? = nil) -> RunResult {
        var result = RunResult(verdict: .internal, message: "")
        (result.commit, result.commits) = ("c2", [CommitReport(id: "c2", subject: "s", files: [])])
        result.sessionFolder = "/state/sessions/20260101-000000-abcd"
        result.verification = commit.map { Verification(commit: $0, report: Judgement(isPassing: false).report) }
        return result
    }

    @Test func `says how to verify what was not verified`() {
        let hint =
            "stopped by SIGINT; what was committed so far is not verified: "
            + "graft review verify --session 20260101-000000-abcd does that"
        let ending = RunEnding(Interruption.Reason.interrupted)
        #expect(ending.over(result(), command: "make").message == hint)
        #expect(ending.over(result(verified: "c1"), command: "make").message == hint)
        let failed = ending.over(result(verified: "c2"), command: "make").message
        #expect(failed == "stopped by SIGINT; the command fails on what was committed so far")
        #expect(ending.over(result(), command: nil).message == "stopped by SIGINT; what was committed so far is kept")
    }

    @Test func `says nothing of commits that there are not, or that it is about`() {
        let empty = RunResult(verdict: .internal, message: "")
        #expect(RunEnding(Interruption.Reason.timeUp).over(empty, command: "make").message.hasSuffix("(--max-time)"))
        for ending in [RunEnding(.fixed, "m"), RunEnding(.notFixed, "m")] {
            #expect(ending.over(result(verified: "c2"), command: "make").message == "m")
        }
        #expect(RunEnding(.unverified, "m").over(result(), command: nil).message == "m")
    }

    @Test func `says how to go on where something was used up`() {
        let turns = RunEnding(.budget, "m", flagForMore: "--max-turns 5")
        let resume = "graft resume 20260101-000000-abcd"
        #expect(turns.over(result(), command: "make").message.hasSuffix("; \(resume) --max-turns 5 goes on"))
        let time = RunEnding(Interruption.Reason.timeUp).offering(moreTime: .seconds(5400))
        #expect(time.over(result(), command: nil).message.hasSuffix("; \(resume) --max-time 1h30min goes on"))
        #expect(Duration(spelledOut: "1h30min") == .seconds(5400))
        var unnamed = result()
        unnamed.sessionFolder = nil
        #expect(!turns.over(unnamed, command: "make").message.contains("resume"))
    }

    @Test func `says what helps against a full disk`() {
        let full = SystemError("write", ENOSPC)
        let help = "; free some space, or point XDG_STATE_HOME elsewhere"
        #expect(RunEnding(full, interruption: nil).message == "cannot write: No space left on device" + help)
        let repository = RepositoryError(.system, "could not write", underlying: full)
        #expect(RunEnding(repository, interruption: nil).message == "could not write" + help)
        let helped = RepositoryError(.system, "could not write", nextStep: "check the disk", underlying: full)
        #expect(RunEnding(helped, interruption: nil).message == "could not write; check the disk")
        let other = RepositoryError(.system, "could not write", underlying: SystemError("write", EACCES))
        #expect(!RunEnding(other, interruption: nil).message.contains("space"))
    }

    @Test func `is a bug where nobody knows the error`() {
        struct Unknown: Error {}
        let ending = RunEnding(Unknown(), interruption: nil)
        #expect(ending.verdict == .internal && ending.message == "internal error: Unknown(); this is a bug")
    }

    @Test func `of tools is that of the run`() async throws {
        let world = LoopWorld(.says(Said.shell("c1")), tools: .init(failure: RepositoryError(.locked, "m")))
        await #expect(throws: RepositoryError.self) { try await world.run() }
    }
}
