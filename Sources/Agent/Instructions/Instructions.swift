import Configuration
import OS
import Prompts
import Repository
import Responses
import Session
import Text

/// What people have written for agents: the user's own file, and the repository's.
struct Instructions: Sendable {
    /// The message for the start of the history; nil where nobody has written anything.
    let opening: String?
    /// The files that the message holds.
    let files: [BytePath]
    /// The rest of the repository's.
    private var nested: RepositoryInstructions?
    /// Where commands see the tree.
    private let root: String
    private let events: any EventSink

    /// What the user's own file may take.
    private static let roomForOwn = 16 << 10
    /// Larger files are no text for a model.
    private static let longest = 8 << 20
    private static let names: [BytePath] = ["AGENTS.override.md", "AGENTS.md"]

    /// Reads what holds for a folder.
    ///
    /// - Parameters:
    ///   - folder: Where the person is, below the root of the tree.
    ///   - root: Where commands see the tree.
    ///   - events: Gets a notice of each file that is there and is not taken, or not all of it.
    init(
        of repository: GitRepository, at commit: CommitID?, folder: BytePath, root: String, settings: Settings,
        environment: [String: String], events: any EventSink
    ) {
        (self.root, self.events) = (root, events)
        guard settings.instructions != false else {
            (opening, files) = (nil, [])
            return
        }
        let names = Self.names + (settings.instructionFiles ?? []).map { BytePath($0) }
        let own = Self.own(names, Settings.folder(environment: environment), events)
        nested = commit.map { RepositoryInstructions(of: repository, at: $0, names: names) }
        let theirs = nested?.files(downTo: folder) ?? []
        files = (own.map { [$0] } ?? []).map(\.path) + theirs.map(\.path)
        var parts: [String] = []
        if let own { parts.append(Prompt.ownInstructions + "\n" + own.block) }
        if !theirs.isEmpty { parts.append(Prompt.instructions + "\n" + theirs.map(\.block).joined(separator: "\n")) }
        opening = parts.isEmpty ? nil : parts.joined(separator: "\n")
        tell()
    }

    /// What the model has to read before it goes on, now that it works where these calls do; nil if that is nothing new.
    mutating func text(for calls: [ToolCall]) -> String? {
        let paths = CallPaths(calls, root: root).paths
        guard let files = nested?.files(leadingTo: paths), !files.isEmpty else { return nil }
        tell()
        return Prompt.nestedInstructions + "\n" + files.map(\.block).joined(separator: "\n")
    }

    /// Does not give again what a history holds.
    mutating func skip(givenIn items: [Item]) {
        for item in items where item.type == "message" {
            guard let text = item.messageText, text.hasPrefix(Prompt.nestedInstructions) else { continue }
            for path in InstructionFile.paths(in: text) { nested?.skip(path) }
        }
    }

    private mutating func tell() {
        for remark in nested?.takeRemarks() ?? [] { events.record(.notice(remark)) }
    }

    private static func own(_ names: [BytePath], _ folder: String, _ events: any EventSink) -> InstructionFile? {
        for name in names {
            let path = "\(folder)/\(name.text)"
            guard FilePath.kind(path) == .other else { continue }
            do {
                let file = try InstructionFile(
                    BytePath(path), try FileContent.read(path, limit: longest), room: roomForOwn)
                if file.isCut { events.record(.notice("the model gets the first 16 KB of \(path.named)")) }
                return file
            } catch InstructionFile.Trouble.blank {
                continue
            } catch {
                let reason = error is InstructionFile.Trouble ? "it is no UTF-8 text" : "\(error)"
                events.record(.notice("the model does not get \(path.named): \(reason)"))
            }
        }
        return nil
    }
}
