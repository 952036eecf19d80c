public import Configuration
import OS
import Prompts
public import Repository
import Responses
public import Text
import Tools

/// The skills that a session may use: the repository's as they are in its base commit, and the person's own.
public struct Skills: Sendable {
    /// All that are used, by their names.
    public let all: [Skill]
    /// What is there and is not used, with the reason.
    public let unused: [UnusedSkill]
    private let repository: GitRepository?
    private let commit: CommitID?

    /// So many that are not used are told of in a run.
    private static let mostTold = 5

    /// Looks for skills.
    ///
    /// Where two have one name, the nearest one counts: the repository's from the person's folder up to the root, then
    /// the person's, then the machine's.
    ///
    /// - Parameters:
    ///   - folder: Where the person is, below the root of the tree.
    ///   - root: Where commands see the tree.
    public init(
        of repository: GitRepository?, at commit: CommitID?, folder: BytePath, root: String, settings: Settings,
        environment: [String: String]
    ) {
        (self.repository, self.commit) = (repository, commit)
        guard settings.skills != false else {
            (all, unused) = ([], [])
            return
        }
        var found = FoundSkills()
        if let repository, let commit {
            found = RepositorySkills.find(in: repository, at: commit, downTo: folder, root: root)
        }
        let own = OwnSkills.find(environment: environment)
        var (nearest, unused): ([String: Skill], [UnusedSkill]) = ([:], found.unused + own.unused)
        for skill in found.skills + own.skills {
            guard let nearer = nearest[skill.name] else {
                nearest[skill.name] = skill
                continue
            }
            // The same text in the places of two agents is one skill.
            guard nearer.textHash != skill.textHash else { continue }
            unused.append(
                UnusedSkill(folder: skill.folder, reason: "the one of the same name in \(nearer.folder) counts"))
        }
        all = nearest.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.unused = unused
    }

    /// The folders that lie outside of the tree, and that commands must see.
    var ownFolders: [String] { all.filter { !$0.isRepositorys }.map(\.folder) }

    /// What a person should know about what is not used, a sentence each.
    var notices: [String] {
        let told = unused.prefix(Self.mostTold).map { "the skill \($0.folder) is not used: \($0.reason)" }
        let left = unused.count - told.count
        return told + (left > 0 ? ["\(left) more skills are not used; graft skills says why"] : [])
    }

    /// What the model is told of.
    ///
    /// - Parameter window: How many tokens the model can read at once; nil if nobody knows.
    func list(window: Int?) -> SkillList {
        SkillList(all.filter(\.isOffered), window: window)
    }

    /// The skills of the list, as tools need them.
    func offered(_ list: SkillList) -> OfferedSkills {
        OfferedSkills(list.skills) { [self] name in
            guard let skill = all.first(where: { $0.name == name && $0.isOffered }) else { return nil }
            return try block(of: skill)
        }
    }

    // MARK: Skills that a prompt names

    /// The skills that a prompt names as `$NAME`, in order and once each.
    func named(in prompt: String) -> [Skill] {
        guard !all.isEmpty, prompt.utf8.contains(UInt8(ascii: "$")) else { return [] }
        var (found, before): ([Skill], Character) = ([], " ")
        var rest = prompt[...]
        while let next = rest.popFirst() {
            defer { before = next }
            guard next == "$", !before.isLetter, !before.isNumber, !"$\\_".contains(before) else { continue }
            let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            var name = String(word)
            while name.hasSuffix("-") { name.removeLast() }
            if let skill = all.first(where: { $0.name == name }), !found.contains(skill) { found.append(skill) }
        }
        return found
    }

    /// The message with the whole text of skills that a prompt names; nil where it names none.
    ///
    /// - Parameter tell: Takes a sentence for the person about each skill.
    func message(for prompt: String, tell: (String) -> Void) -> String? {
        var blocks: [String] = []
        for skill in named(in: prompt) {
            do {
                blocks.append(try block(of: skill))
                tell("the skill \(skill.name) goes with the prompt: \(skill.path)")
            } catch {
                tell("the skill \(skill.name) does not go with the prompt: \(error)")
            }
        }
        return blocks.isEmpty ? nil : Prompt.skills + "\n" + blocks.joined(separator: "\n")
    }

    /// The whole text of a skill, in a form in which nothing of it can look like its end.
    private func block(of skill: Skill) throws -> String {
        let text = String(decoding: try bytes(of: skill), as: UTF8.self)
        let from = skill.isRepositorys ? " from=\"the repository\"" : ""
        let safe = text.replacing("</skill", with: "<\\/skill")
        return
            "<skill name=\"\(skill.name)\"\(from) folder=\"\(skill.folder)\">\n\(safe)\(safe.hasSuffix("\n") ? "" : "\n")"
            + "</skill>\n"
    }

    private func bytes(of skill: Skill) throws -> [UInt8] {
        switch skill.origin {
        case .own:
            guard let bytes = try OwnSkills.contents(of: skill.path, inside: skill.folder) else {
                throw SkillHead.Trouble(words: "\(skill.path) is no file in its folder any more")
            }
            return bytes
        case .repository(let folder):
            guard let repository, let commit,
                let place = try repository.place(followingLinks: folder.appending(BytePath(skill.file)), in: commit),
                place.isBelow(folder), let bytes = try repository.contents(of: place, in: commit)
            else { throw SkillHead.Trouble(words: "\(skill.path) is not in the commit") }
            return bytes
        }
    }
}

extension SkillHead.Trouble: CustomStringConvertible {
    var description: String { words }
}
