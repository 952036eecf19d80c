import ArgumentParser
import JSON
import Repository
import Responses
import Review
import Terminal
import Text

/// `graft review accept`: puts commits onto the branch that is checked out.
struct ReviewAcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Put commits onto the branch that is checked out.",
        discussion: """
            All of them or none: a conflict, or uncommitted work in one of their files, is reported and leaves \
            everything as it was.
            """)

    @OptionGroup var options: ReviewOptions

    @Flag(help: "All commits that are not accepted yet.")
    var all = false

    @Argument(help: ArgumentHelp("The commits, as in 1 3 or 2-4.", valueName: "commit"))
    var commits: [String] = []

    func validate() throws {
        guard all != !commits.isEmpty else {
            throw ValidationError("name the commits, as in: graft review accept 1 2, or say --all")
        }
    }

    func run() async throws {
        try await options.review { session, printer in
            let targets = try ReviewTargets(session)
            let chosen = try all ? targets.series.filter { !$0.isAccepted } : targets.all(commits)
            guard !chosen.isEmpty else {
                throw ReviewError(
                    .refused,
                    targets.series.isEmpty
                        ? "the series is empty: there is nothing to accept" : "all commits have been accepted already")
            }
            let outcome = try session.accept(chosen.map(\.id))
            printer.show(Self.text(outcome, style: printer.style)) { outcome.write(into: &$0) }
        }
    }

    private static func text(_ outcome: AcceptOutcome, style: TerminalStyle) -> String {
        let place = outcome.branch.map { "onto \($0)" } ?? "onto the detached HEAD"
        let lines = outcome.commits.map { accepted in
            let note = accepted.wasThere ? style(.faint, "  (was there already)") : ""
            let id = style(.warning, accepted.new.hex.prefix(10))
            return "  \(accepted.commit.number)  \(id)  \(accepted.commit.subject.markedLine)\(note)\n"
        }
        return style(.good, "✓ accepted") + " \(place)\n" + lines.joined()
    }
}

extension AcceptOutcome {
    fileprivate func write(into writer: inout JSONWriter) {
        writer.member("op", "accept")
        writer.key("branch")
        if let branch { writer.string(branch) } else { writer.null() }
        writer.member("before", before.hex)
        writer.member("after", after.hex)
        writer.member(
            "accepted",
            array: {
                for accepted in commits {
                    $0.object {
                        $0.member("n", accepted.commit.number)
                        $0.member("id", accepted.commit.id.hex)
                        $0.member("as", accepted.new.hex)
                        $0.member("was_there", accepted.wasThere)
                    }
                }
            })
    }
}
