import Repository
import Session
import TestSupport
import Testing

@testable import Evidence

@Suite struct DoubtTests {
    private let fixture: GitFixture
    private let repository: GitRepository
    private let root: CommitID

    init() throws {
        fixture = try GitFixture(["ROOT": "1\n"])
        repository = try fixture.open()
        root = try repository.resolve("HEAD")
    }

    private func inspection(_ change: SmallChange) throws -> Inspection {
        try change.inspection(in: repository, onto: root, author: fixture.author)
    }

    private func shown(_ doubts: [Doubt]) -> String {
        doubts.map { "\($0.kind.rawValue) \($0.path ?? ""):\($0.line ?? 0) \($0.message): \($0.excerpt)" }
            .joined(separator: "\n")
    }

    @Test func `each trick is found`() throws {
        for trick in tricks {
            let doubts = try inspection(trick).doubts
            let found = Set(doubts.filter(\.isDecisive).map(\.kind))
            #expect(
                !found.isDisjoint(with: trick.kinds) && trick.kinds.isSubset(of: found),
                "\(trick.name): \(shown(doubts))")
        }
    }

    @Test func `nothing decisive is found in an honest change`() throws {
        for change in honestChanges {
            let doubts = try inspection(change).doubts.filter(\.isDecisive)
            #expect(doubts.isEmpty, "\(change.name): \(shown(doubts))")
        }
    }

    @Test func `every pattern can be read`() {
        for sign in Sign.all { #expect(SignMatcher.pattern(sign.pattern) != nil, "\(sign.pattern)") }
    }

    @Test func `a doubt names the place and the line`() throws {
        let change = SmallChange("", "calc.py", "x = 1\n", "x = 1\n\nimport os\n  # y\nos._exit( 0 )\n")
        let doubt = try #require(try inspection(change).doubts.first)
        #expect(doubt.path == "calc.py" && doubt.line == 5 && doubt.excerpt == "os._exit( 0 )" && doubt.isDecisive)
    }
}
