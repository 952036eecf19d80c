import OS
public import Text

/// A skill: a folder with instructions for a kind of task, which the model reads when it has such a task.
public struct Skill: Sendable, Equatable {
    /// Whose it is.
    public enum Origin: Sendable, Equatable {
        /// The repository's, as it is in one commit: its authors are not the person who gives the task.
        case repository(folder: BytePath)
        /// The person's own, or the machine's.
        case own
    }

    /// The name.
    public let name: String
    /// What it does and when to use it, in a line; untrusted text if it is the repository's.
    public let description: String
    /// Its folder, where commands see it; absolute.
    public let folder: String
    /// The name of its file with the instructions.
    public let file: String
    /// Whose it is.
    public let origin: Origin
    /// Whether the model is told of it; the others are used where a prompt names them.
    public let isOffered: Bool
    /// Where it is not as the format says, one clause each.
    public let problems: [String]
    /// Tells its text from others.
    let textHash: Int

    /// So large a file is no instructions any more.
    static let byteLimit = 128 << 10
    /// What a skill's file is called, the first name that is there.
    static let fileNames = ["SKILL.md", "skill.md"]
    /// The file that says whether it is offered.
    static let settings = "agents/openai.yaml"
    /// So deep below a place skills are looked for, and in so many folders.
    static let deepest = 4
    static let mostFolders = 500

    /// Whether the repository has brought it.
    public var isRepositorys: Bool { origin != .own }

    /// Its folder as a person names it: below the root of the repository, or on the machine.
    public var place: String {
        if case .repository(let folder) = origin { folder.text } else { folder }
    }

    /// The file with the instructions, where commands see it.
    public var path: String { "\(folder)/\(file)" }
}

/// A skill that is there and is not used.
public struct UnusedSkill: Sendable, Equatable {
    /// Its folder, as a person names it.
    public let folder: String
    /// Why it is not used, in a clause.
    public let reason: String
}

/// What was found in one place.
struct FoundSkills {
    /// Takes note of a place in which not all folders were looked into.
    mutating func stop(in place: String) {
        let one = UnusedSkill(folder: place, reason: "only the first \(Skill.mostFolders) folders are looked into")
        if !unused.contains(one) { unused.append(one) }
    }

    var skills: [Skill] = []
    var unused: [UnusedSkill] = []

    /// Takes a skill whose file has been read.
    ///
    /// - Parameters:
    ///   - name: The name of its folder.
    ///   - folder: Its folder, where commands see it.
    ///   - shown: Its folder, as a person names it.
    mutating func add(
        _ bytes: [UInt8], name: String, folder: String, file: String, shown: String, origin: Skill.Origin,
        settings: [UInt8]?
    ) {
        do throws(SkillHead.Trouble) {
            guard bytes.count <= Skill.byteLimit else {
                throw SkillHead.Trouble(
                    words:
                        "its \(file) has \(bytes.count.spelledAsBytes); \(Skill.byteLimit.spelledAsBytes) are the most")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw SkillHead.Trouble(words: "its \(file) is no UTF-8 text")
            }
            let head = try SkillHead(text, folder: name)
            let isOffered = SkillHead.isOffered(settings.flatMap { String(validating: $0, as: UTF8.self) })
            skills.append(
                Skill(
                    name: head.name, description: head.description, folder: folder, file: file, origin: origin,
                    isOffered: isOffered, problems: head.problems, textHash: bytes.hashValue))
        } catch {
            unused.append(UnusedSkill(folder: shown, reason: error.words))
        }
    }
}
