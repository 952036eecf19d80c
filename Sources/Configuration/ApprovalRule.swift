import OS
public import Sandbox
import TOML
import Text

/// A rule of the user's configuration that approves or denies without asking.
public struct ApprovalRule: Sendable, Equatable {
    /// What a rule decides.
    public enum Verdict: Sendable, Equatable { case approve, deny }

    /// What the rule decides.
    public let verdict: Verdict
    /// The first words of the command; empty for every command.
    let words: [Substring]
    /// The rights that the rule is about.
    let rights: CommandRights

    /// Whether the rule applies to a command that asks for rights.
    ///
    /// An approving rule must cover all rights asked for; with `command` it applies only to a line of plain words,
    /// without shell syntax. A denying rule applies if any part of the line and any of the rights match.
    ///
    /// - Parameter home: What `~` stands for.
    public func decides(_ command: String, with asked: CommandRights, home: String) -> Bool {
        func resolved(_ path: String) -> String {
            let path = FilePath.absolute(path, home: home)
            return FilePath.resolved(path) ?? path
        }
        var rights = rights
        rights.writablePaths = rights.writablePaths.map(resolved)
        rights.readablePaths = rights.readablePaths.map(resolved)
        switch verdict {
        case .approve:
            guard rights.covers(asked) else { return false }
            return words.isEmpty || ShellLine(command).plainWords?.starts(with: words) == true
        case .deny:
            guard rights.isEmpty || rights.overlaps(asked) else { return false }
            return words.isEmpty || ShellLine(command).mayRun(words)
        }
    }
}

extension ApprovalRule {
    private enum Key: String, CaseIterable { case command, network, write, read }

    /// Reads one `[[approve]]` or `[[deny]]`.
    ///
    /// - Throws: For the first key that is unknown or has an invalid value, and for a rule without rights.
    init(_ verdict: Verdict, _ section: TOMLSection) throws(TOMLError) {
        var words: [Substring] = []
        var rights = CommandRights()
        for field in section.fields {
            switch try field.key() as Key {
            case .command:
                words = try field.text("the first words of a command") { text in
                    let words = text.split(separator: " ")
                    return words.isEmpty ? nil : words
                }
            case .network where field.value.string == "all": rights.network = .all
            case .network:
                let expected = "\"all\", or a list of host names such as \"example.org\""
                let hosts = try field.list(expected) { HostPattern($0) }
                guard !hosts.isEmpty else { throw field.mismatch(expected) }
                rights.network = .hosts(hosts)
            case .write: rights.writablePaths = try paths(field)
            case .read: rights.readablePaths = try paths(field)
            }
        }
        guard !rights.isEmpty || (verdict == .deny && !words.isEmpty) else {
            throw section.error("must name what it is about: network, write or read")
        }
        self.verdict = verdict
        self.words = words
        self.rights = rights

        func paths(_ field: TOMLField) throws(TOMLError) -> [String] {
            let paths = try field.list("paths that begin with / or ~/") { path in
                path.utf8.first == UInt8(ascii: "/") || path.utf8.starts(with: "~/".utf8) ? path : nil
            }
            guard !paths.isEmpty else { throw field.mismatch("a list of paths that begin with / or ~/") }
            return paths
        }
    }
}
