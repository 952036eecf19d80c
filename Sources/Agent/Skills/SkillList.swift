import Responses

/// The list of skills that stands in the beginning of every conversation: bounded, and the same bytes every time.
struct SkillList: Equatable {
    /// The skills, with what there is room for of their descriptions.
    let skills: [LocalSkill]
    /// What a person should know about what was cut, a sentence each.
    let notices: [String]

    /// The most characters of all names, descriptions and paths; with a small window 2 % of it.
    private static let room = 8000
    /// So many skills are taken by the API (Responses API, "shell").
    private static let most = 200
    /// What one costs beside its texts.
    private static let overhead = 40
    /// A shorter description tells nothing.
    private static let shortest = 30

    /// Cuts the longest descriptions until all fit; what has no room even then is left out from the end.
    ///
    /// - Parameters:
    ///   - skills: What is offered, by name.
    ///   - window: How many tokens the model can read at once; nil if nobody knows.
    init(_ skills: [Skill], window: Int?) {
        let room = min(Self.room, window.map { $0 * 4 / 50 } ?? Self.room)
        let all = skills.map { skill in
            LocalSkill(
                name: skill.name,
                description: (skill.isRepositorys ? "[the repository's] " : "") + skill.description, path: skill.folder)
        }
        func size(_ skill: LocalSkill, _ limit: Int) -> Int {
            Self.overhead + skill.name.count + skill.path.count + min(skill.description.count, limit)
        }
        var count = 0
        var used = 0
        for skill in all.prefix(Self.most) {
            used += size(skill, Self.shortest)
            if used > room { break }
            count += 1
        }
        let kept = all.prefix(count)
        var (low, high) = (Self.shortest, kept.map(\.description.count).max() ?? 0)
        while low < high {
            let middle = (low + high + 1) / 2
            if kept.reduce(0, { $0 + size($1, middle) }) <= room { low = middle } else { high = middle - 1 }
        }
        self.skills = kept.map { skill in
            LocalSkill(
                name: skill.name, description: skill.description.cutTo(max(low, Self.shortest)), path: skill.path)
        }
        var notices: [String] = []
        let cut = zip(kept, self.skills).count { $0 != $1 }
        if cut > 0 {
            notices.append(
                "the descriptions of \(cut) of \(all.count) skills are cut: all of them have \(room) characters together"
            )
        }
        let left = all.dropFirst(count).map(\.name)
        if !left.isEmpty {
            let names = left.prefix(5).joined(separator: ", ") + (left.count > 5 ? " and \(left.count - 5) more" : "")
            notices.append(
                "the model is not told of the skills \(names): there is no room; $NAME in a prompt uses them")
        }
        self.notices = notices
    }
}
