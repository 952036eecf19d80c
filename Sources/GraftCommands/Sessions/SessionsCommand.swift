import Agent
import ArgumentParser
import Evidence
import Glibc
import JSON
import Repository
import Responses
import Session
import Terminal
import Text

/// `graft sessions`: lists sessions.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List the sessions of this repository, the newest first.",
        discussion: """
            A session is running, crashed (its run was killed), or has the verdict of its run. Its age counts from \
            when something was last done in it; a size behind ≥ is of the first 20,000 files.
            """)

    @OptionGroup var state: StateOptions

    @Option(help: ArgumentHelp("A folder in the repository.", valueName: "dir"))
    var repo = "."

    @Flag(help: "List the sessions of all repositories.")
    var all = false

    @Flag(help: "Print one JSON object with all there is to say.")
    var json = false

    func run() async throws {
        let environment = ProcessEnvironment.current
        let store = SessionStore(environment: environment)
        let places = all ? nil : Set(try repository(environment))
        let sessions = store.identifiers().compactMap { id -> SessionSummary? in
            // Sessions that cannot be read are left out; graft clean says what is wrong with them.
            guard let summary = try? store.summary(of: id) else { return nil }
            guard let places else { return summary }
            return summary.start.map { places.contains($0.repository) } == true ? summary : nil
        }
        let output = StandardOutput(isForPeople: true)
        if json { return output.write(Self.json(sessions)) }
        guard !sessions.isEmpty else {
            let hint = all ? "" : "; --all lists those of all repositories"
            return StandardError.write("graft: no sessions\(all ? "" : " of \(places?.sorted().first ?? repo)")\(hint)")
        }
        let style = TerminalStyle(descriptor: 1, environment: environment)
        let lines = Self.table(sessions, all: all, home: environment["HOME"])
            .lines(width: ScreenSize.columns(of: 1), style: style)
        output.write(lines.joined(separator: "\n") + "\n")
    }

    /// The folders from which sessions of the repository may have been started.
    private func repository(_ environment: [String: String]) throws -> [String] {
        do throws(RepositoryError) {
            return try GitRepository(discovering: repo, environment: environment).workingTreeRoots()
        } catch {
            throw Refusal("\(error.description), or list all sessions with --all")
        }
    }

    /// Sessions as rows, with their repositories where they are of several.
    static func table(_ sessions: [SessionSummary], all: Bool, home: String?) -> TextTable {
        var table = TextTable(
            [
                .init(title: "SESSION"), .init(title: "VERDICT"), .init(title: "AGE", isRight: true, isSpare: true),
                .init(title: "COMMITS", isRight: true, isSpare: true),
                .init(title: "SIZE", isRight: true, isSpare: true),
            ] + (all ? [.init(title: "REPOSITORY", isPath: true, isSpare: true)] : []) + [.init(title: "TASK")])
        let now = time(nil)
        for session in sessions {
            let size = FolderSize(of: session.folder.path, entryLimit: Self.entryLimit)
            var cells = [session.id.rawValue, session.result?.verdict.rawValue ?? session.state.rawValue]
            cells.append(Duration.seconds(now - session.lastActivity).spelledAsAge)
            cells.append(session.result.map { "\($0.commits.count)" } ?? "-")
            cells.append((size.isPartial ? "≥ " : "") + size.bytes.spelledAsBytes)
            if all { cells.append(session.start?.repository.shortened(from: home) ?? "-") }
            table.add(cells + [session.title])
        }
        return table
    }

    static func json(_ sessions: [SessionSummary]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("sessions", array: { for session in sessions { $0.object { session.write(into: &$0) } } })
        }
        return writer.bytes + [0x0A]
    }

    /// How many files of a session are looked at for its size: about 20 ms.
    fileprivate static let entryLimit = 20_000
}

extension SessionSummary {
    fileprivate func write(into writer: inout JSONWriter) {
        func optional(_ name: String, _ value: String?) {
            writer.key(name)
            if let value { writer.string(value) } else { writer.null() }
        }
        writer.member("id", id.rawValue)
        writer.member("state", state.rawValue)
        optional("verdict", result?.verdict.rawValue)
        optional("message", result?.message)
        optional("repository", start?.repository)
        optional("task", start?.task)
        optional("command", start?.command)
        optional("model", start?.model)
        optional("base", start?.base)
        optional("branch", result.map(\.branch) ?? start?.branch)
        writer.member("commits", array: { for commit in result?.commits ?? [] { $0.string(commit.id) } })
        writer.member("started_at", start?.time ?? id.time)
        writer.member("last_activity_at", lastActivity)
        let size = FolderSize(of: folder.path, entryLimit: SessionsCommand.entryLimit)
        writer.member("size_bytes", size.bytes)
        writer.key("size_is_partial")
        writer.bool(size.isPartial)
        writer.member("folder", folder.path)
    }
}
