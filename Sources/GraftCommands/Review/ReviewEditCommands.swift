import ArgumentParser
import JSON
import Repository
import Responses
import Review
import Terminal

extension ReviewOptions {
    /// Runs a change of the series and shows the new series.
    func edit(_ operation: String, _ body: (ReviewTargets) throws -> SeriesOutcome) async throws {
        try await review { session, printer in
            let outcome = try body(try ReviewTargets(session))
            let series = try session.series()
            printer.show(ReviewListText(session, series, style: printer.style).text) { writer in
                writer.member("op", operation)
                outcome.write(into: &writer)
            }
        }
    }
}

/// `graft review drop`: takes commits out of the series.
struct ReviewDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "drop", abstract: "Take commits out of the series.")

    @OptionGroup var options: ReviewOptions

    @Argument(help: ArgumentHelp("The commits, as in 1 3 or 2-4.", valueName: "commit"))
    var commits: [String]

    func run() async throws {
        try await options.edit("drop") { try $0.session.drop($0.all(commits).map(\.id)) }
    }
}

/// `graft review reword`: gives a commit another message.
struct ReviewRewordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reword", abstract: "Give a commit another message; its trailers stay.")

    @OptionGroup var options: ReviewOptions
    @OptionGroup var message: MessageOptions

    @Argument(help: ArgumentHelp("The commit.", valueName: "commit"))
    var commit: String

    func validate() throws {
        guard message.isGiven else { throw ValidationError("give the message with -m TEXT or -F FILE") }
    }

    func run() async throws {
        try await options.edit("reword") { try $0.session.reword($0.one(commit).id, message: message.text() ?? "") }
    }
}

/// `graft review squash`: joins a commit with the one before it.
struct ReviewSquashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "squash", abstract: "Join a commit with the one before it, which keeps its message.")

    @OptionGroup var options: ReviewOptions
    @OptionGroup var message: MessageOptions

    @Argument(help: ArgumentHelp("The commit.", valueName: "commit"))
    var commit: String

    func run() async throws {
        try await options.edit("squash") { try $0.session.squash($0.one(commit).id, message: message.text()) }
    }
}

/// `graft review split`: makes pieces of a commit a commit of their own.
struct ReviewSplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Make pieces of a commit a commit of their own, in front of it.",
        discussion: "The pieces are numbered in: graft review show COMMIT.")

    @OptionGroup var options: ReviewOptions
    @OptionGroup var message: MessageOptions

    @Option(help: ArgumentHelp("The pieces, as in 1,3 or 2-4.", valueName: "list"))
    var hunks: String

    @Argument(help: ArgumentHelp("The commit.", valueName: "commit"))
    var commit: String

    func validate() throws {
        _ = try pieces()
    }

    func run() async throws {
        try await options.edit("split") {
            try $0.session.split($0.one(commit).id, pieces: pieces(), message: message.text())
        }
    }

    private func pieces() throws -> Set<Int> {
        var pieces: Set<Int> = []
        for part in hunks.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first > 0,
                first <= last, last < 1_000_000
            else { throw ValidationError("--hunks: invalid list '\(hunks)'; write 1,3 or 2-4") }
            pieces.formUnion(first...last)
        }
        return pieces
    }
}
