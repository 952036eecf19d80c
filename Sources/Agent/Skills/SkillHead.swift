import Text

/// What the head of a skill's file says (agentskills, specification): its name, and what it is for.
struct SkillHead: Equatable {
    /// The name.
    let name: String
    /// What the skill does and when to use it, on one line.
    let description: String
    /// Where it is not as the format says, and can be used all the same; one clause each.
    let problems: [String]

    /// Why a skill cannot be used, in a clause.
    struct Trouble: Error, Equatable {
        let words: String
    }

    private static let longestName = 64
    static let longestDescription = 1024
    private static let longestCompatibility = 500
    private static let known: Set<String> = [
        "name", "description", "license", "compatibility", "metadata", "allowed-tools",
    ]

    /// Reads a file.
    ///
    /// - Parameter folder: The name of its folder, which is the skill's where the head has none.
    init(_ text: String, folder: String) throws(Trouble) {
        var (text, problems) = (text, [String]())
        if text.unicodeScalars.first == "\u{FEFF}" {
            text.unicodeScalars.removeFirst()
            problems.append("begins with a byte-order mark")
        }
        let members: [HeadReader.Member]
        do throws(HeadReader.Trouble) { members = try HeadReader.members(of: text) } catch {
            throw Trouble(words: error.line == 1 ? error.words : "line \(error.line) of its head \(error.words)")
        }
        func value(_ key: String) -> HeadReader.Value? { members.first { $0.key == key }?.value }

        let extra = members.map(\.key).filter { !Self.known.contains($0) }.sorted()
        if !extra.isEmpty {
            problems.append("has keys that the format does not know: \(extra.joined(separator: ", "))")
        }
        for member in members where Self.hasFlow(member.value) {
            problems.append("has \(member.key) in brackets; the format takes text, or a list with dashes")
        }
        switch value("description") {
        case nil: throw Trouble(words: "it has no description")
        case .text(let said)?:
            let line = said.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard !line.isEmpty else { throw Trouble(words: "its description is empty") }
            if said.count > Self.longestDescription {
                problems.append(
                    "has a description of \(said.count) characters; \(Self.longestDescription) are the most")
            }
            description = line.cutTo(Self.longestDescription)
        default: throw Trouble(words: "its description is no text")
        }
        if let compatibility = value("compatibility") {
            guard case .text(let said) = compatibility else { throw Trouble(words: "its compatibility is no text") }
            if said.count > Self.longestCompatibility {
                problems.append("has a compatibility of more than \(Self.longestCompatibility) characters")
            }
        }
        switch value("name") {
        case nil:
            name = folder
            problems.append("has no name; that of its folder counts")
        case .text(let said)?:
            name = said.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if name != folder { problems.append("is named \(name.quoted) in a folder named \(folder.quoted)") }
        default: throw Trouble(words: "its name is no text")
        }
        if let wrong = Self.fault(of: name) { throw Trouble(words: "its name \(name.cutTo(80).quoted) \(wrong)") }
        self.problems = problems
    }

    private static func hasFlow(_ value: HeadReader.Value) -> Bool {
        switch value {
        case .flow: true
        case .text: false
        case .list(let values): values.contains(where: hasFlow)
        case .map(let members): members.contains { hasFlow($0.value) }
        }
    }

    /// What is wrong with a name; nil for one that the format takes.
    private static func fault(of name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.count > longestName { return "has more than \(longestName) characters" }
        if name != name.lowercased() { return "must be in small letters" }
        if name.hasPrefix("-") || name.hasSuffix("-") { return "begins or ends with a hyphen" }
        if name.contains("--") { return "has two hyphens in a row" }
        let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
        return isPlain ? nil : "has other characters than letters, digits and hyphens"
    }

    /// Whether a skill may be offered without being asked for by name, as its `agents/openai.yaml` says; true for a file
    /// that does not say or cannot be read.
    static func isOffered(_ settings: String?) -> Bool {
        guard let settings, let members = try? HeadReader.members(of: "---\n\(settings)\n---") else { return true }
        guard case .map(let policy)? = members.first(where: { $0.key == "policy" })?.value,
            case .text(let word)? = policy.first(where: { $0.key == "allow_implicit_invocation" })?.value
        else { return true }
        return word.lowercased() != "false"
    }
}

extension String {
    /// The beginning with an ellipsis, if it is longer.
    func cutTo(_ limit: Int) -> String { count > limit ? prefix(max(0, limit - 1)) + "…" : self }
}
