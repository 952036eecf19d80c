import Responses
import Testing
import Text

@testable import Agent

/// What the model is told of skills.
@Suite struct `The list of skills` {
    private func skill(_ name: String, _ length: Int, origin: Skill.Origin = .own) -> Skill {
        Skill(
            name: name, description: String(repeating: "d", count: length), folder: "/s/\(name)", file: "SKILL.md",
            origin: origin, isOffered: true, problems: [], textHash: 0)
    }

    private func size(_ list: SkillList) -> Int {
        list.skills.reduce(0) { $0 + $1.name.count + $1.description.count + $1.path.count }
    }

    @Test func `is whole where there is room, and says whose a skill is`() {
        let list = SkillList([skill("a", 1024), skill("b", 5, origin: .repository(folder: "s/b"))], window: 272_000)
        #expect(list.notices == [] && list.skills[0].description.count == 1024)
        #expect(list.skills[1].description == "[the repository's] ddddd")
    }

    @Test func `cuts the longest descriptions first`() {
        let list = SkillList((10..<30).map { skill("n\($0)", $0 % 2 == 0 ? 50 : 1000) }, window: nil)
        #expect(list.skills.count == 20 && size(list) < 8000 && size(list) > 6500)
        for one in list.skills { #expect(one.description.hasSuffix("…") == (Int(one.name.dropFirst())! % 2 == 1)) }
        #expect(
            list.notices == ["the descriptions of 10 of 20 skills are cut: all of them have 8000 characters together"])
    }

    @Test func `leaves out from its end what has no room at all, and names it`() {
        let list = SkillList((100..<400).map { skill("n\($0)", 500) }, window: 272_000)
        #expect(size(list) < 8000 && list.skills.count < 200 && list.skills.first?.name == "n100")
        #expect(list.notices.count == 2 && list.notices[1].contains("more: there is no room; $NAME"))
    }

    @Test func `takes two hundredths of a small window`() {
        let list = SkillList((10..<60).map { skill("n\($0)", 500) }, window: 32_000)
        #expect(size(list) < 2560 && !list.skills.isEmpty)
    }
}
