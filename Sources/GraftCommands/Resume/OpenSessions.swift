import Glibc
import Repository
import Session
import Terminal
import Text

/// The sessions of a repository that can go on.
struct OpenSessions {
    let store: SessionStore
    /// A folder in the repository.
    let folder: String

    /// So many are offered for choice.
    private static let choices = 9

    /// Prints which ones there are.
    func show(asJSON: Bool, environment: [String: String]) throws {
        let sessions = try all(environment: environment).filter(\.canGoOn)
        let output = StandardOutput()
        if asJSON { return output.write(SessionsCommand.json(sessions)) }
        guard !sessions.isEmpty else { return StandardError.write("graft: no session here has something left to do") }
        output.write(rows(sessions, environment: environment).joined(separator: "\n") + "\n")
    }

    /// The session that is meant where none is named: the latest, or the one that a person chooses.
    ///
    /// - Parameters:
    ///   - asks: Whether a person may be asked; only a terminal is.
    ///   - takesEnded: Whether one that has come to its end will do.
    func choose(asks: Bool, takesEnded: Bool, environment: [String: String]) throws -> SessionID {
        let sessions = try all(environment: environment).filter {
            takesEnded ? $0.start != nil && !$0.isRunning : $0.canGoOn
        }
        guard let latest = sessions.first else {
            throw Refusal(
                "no session of this repository can go on; graft sessions lists them, and graft resume SESSION "
                    + "PROMPT goes on with one that has come to its end")
        }
        guard asks, sessions.count > 1, TypedAnswer.isPossible(environment), isatty(1) == 1 else { return latest.id }
        let offered = Array(sessions.prefix(Self.choices))
        let rows = rows(offered, environment: environment)
        let output = StandardOutput()
        output.write("     \(rows[0])\n")
        for (number, row) in rows.dropFirst().enumerated() { output.write("  \(number + 1)  \(row)\n") }
        let more = sessions.count - offered.count
        if more > 0 { output.write("     and \(more) more: graft resume --list\n") }
        while true {
            output.write("Which one [1]? ")
            guard let line = TypedAnswer.line() else { throw Refusal("no session was chosen") }
            let word = line.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? "1"
            if let number = Int(word), offered.indices.contains(number - 1) { return offered[number - 1].id }
            output.write("  a number from 1 to \(offered.count), or ctrl-C\n")
        }
    }

    /// All sessions of the repository, the newest first; those that cannot be read are left out.
    private func all(environment: [String: String]) throws -> [SessionSummary] {
        let places: Set<String>
        do throws(RepositoryError) {
            places = Set(try GitRepository(discovering: folder, environment: environment).workingTreeRoots())
        } catch {
            throw Refusal("\(error.description); name the session: graft resume SESSION")
        }
        return store.identifiers().compactMap { id in
            guard let summary = try? store.summary(of: id), let start = summary.start else { return nil }
            return places.contains(start.repository) ? summary : nil
        }
    }

    private func rows(_ sessions: [SessionSummary], environment: [String: String]) -> [String] {
        let style = TerminalStyle(descriptor: 1, environment: environment)
        return SessionsCommand.table(sessions, all: false, home: environment["HOME"])
            .lines(width: ScreenSize.columns(of: 1).map { max(20, $0 - 5) }, style: style)
    }
}
