import Repository
import Responses
import Session
import TestSupport
import Testing
import Workspace

@testable import Tools

/// How steps on a real repository become a series, by the model's word.
@Suite struct `Steps that are ordered` {
    private static let files = ["answer.txt": "wrong\n", "list.txt": "one\n"]
    private static let both =
        #"{"commits":[{"subject":"Count","why":"w","hunks":["h2"]},{"subject":"Say it","why":"w","hunks":["h1"]}]}"#

    /// A session of two steps.
    private func twoSteps() async throws -> ToolWorld {
        let world = try await ToolWorld(Self.files)
        _ = try await world.answer(.update("answer.txt", "wrong", "right"))
        _ = try await world.answer(.update("list.txt", "one", "two"))
        await world.tools.settle()
        return world
    }

    private func order(_ world: ToolWorld, _ arguments: String = both) async throws -> String {
        try await world.answer(.function("order_commits", arguments), only: "order_commits").first?.shown ?? ""
    }

    @Test func `become commits with the same files, on the session's branch`() async throws {
        let world = try await twoSteps()
        #expect(await world.steps.openOrdering()?.pieces.count == 2)
        #expect(try await order(world) == "c Done: 2 commits")
        let steps = world.steps
        #expect(await steps.hasSeries)
        #expect(await steps.commits.map(\.subject) == ["Count", "Say it"])
        #expect(try world.fixture.git("log", "--format=%s", "main..graft/s") == "Say it\nCount\n")
        #expect(try world.fixture.git("rev-parse", "graft/s") == "\(await steps.tip.hex)\n")
        #expect(try world.fixture.git("diff", "graft/s", await steps.head.hex) == "")
        #expect(try world.fixture.git("rev-parse", SessionID("s").steps) == "\(await steps.head.hex)\n")
    }

    @Test func `are not opened when there is one of them`() async throws {
        let world = try await ToolWorld(Self.files)
        _ = try await world.answer(.update("answer.txt", "wrong", "right"))
        await world.tools.settle()
        #expect(await world.steps.openOrdering() == nil)
    }

    @Test func `are not opened when they undo each other`() async throws {
        let world = try await ToolWorld(Self.files)
        _ = try await world.answer(.update("answer.txt", "wrong", "right"))
        _ = try await world.answer(.update("answer.txt", "right", "wrong"))
        await world.tools.settle()
        #expect(await world.steps.openOrdering() == nil)
        #expect(world.events.notices == [])
    }

    @Test func `are not opened again until there is a further one`() async throws {
        let world = try await twoSteps()
        _ = await world.steps.openOrdering()
        _ = try await order(world)
        #expect(await world.steps.openOrdering() == nil)
        _ = try await world.answer(.update("list.txt", "two", "three"))
        await world.tools.settle()
        #expect(await world.steps.openOrdering()?.pieces.count == 2)
        _ = try await order(world)
        #expect(try world.fixture.git("log", "--format=%s", "main..graft/s") == "Say it\nCount\n")
        #expect(await world.steps.steps.count == 3)
    }

    @Test(arguments: [
        (
            #"{"commits":[{"subject":"S","why":"","hunks":["h1","h77"]}]}"#,
            "there is no hunk h77; the hunks are h1 to h2"
        ),
        (#"{"commits":[{"subject":"S","why":"","hunks":["h1"]}]}"#, "in no commit: h2"),
        (#"{"commits":[]}"#, #""commits" is empty"#),
        (#""{""#, "send one JSON object"),
    ])
    func `stay when the order does not fit, and can be ordered once more`(
        _ arguments: String, _ words: String
    ) async throws {
        let world = try await twoSteps()
        _ = await world.steps.openOrdering()
        #expect(try await order(world, arguments).contains(words))
        #expect(await !world.steps.hasSeries)
        #expect(try await order(world) == "c Done: 2 commits")
    }

    @Test func `stay when nobody asks any more`() async throws {
        let world = try await twoSteps()
        _ = await world.steps.openOrdering()
        await world.steps.closeOrdering()
        #expect(try await order(world).contains("for when you are asked to order the finished change"))
        #expect(await !world.steps.hasSeries)
    }
}
