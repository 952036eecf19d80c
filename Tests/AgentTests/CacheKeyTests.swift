import Foundation
import Responses
import Synchronization
import Testing

@testable import Agent

/// Which cache keys runs have.
@Suite struct `A cache key` {
    private let home = FileManager.default.temporaryDirectory.appending(path: "cache-\(UUID().uuidString)").path
    private let time = Clock()

    private final class Clock: Sendable {
        let seconds = Atomic(1_700_000_000)
    }

    private func key(
        _ place: String = "/home/ann/secret-project/.git", model: String = "m", rules: String = "Rules.",
        tools: [ToolDefinition] = [.applyPatch], effort: String? = nil
    ) -> CacheKey {
        try? FileManager.default.createDirectory(atPath: home + "/graft", withIntermediateDirectories: true)
        return CacheKey(
            place: place, parameters: RequestParameters(model: model, effort: effort, tools: tools), profile: .openai,
            rules: rules, environment: ["XDG_STATE_HOME": home],
            now: { [time] in time.seconds.load(ordering: .relaxed) })
    }

    @Test func `is the same for one run after the other, and tells nothing of the place`() {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let first = key().value
        #expect(key(effort: "high").value == first)
        #expect(first.utf8.count <= 64 && !first.contains("secret"))
        #expect(first.wholeMatch(of: /graft-[0-9a-f]{16}-0/) != nil)
    }

    @Test func `is another for another place, model, version of the rules, or tools`() {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let keys = [
            key(), key("/other/.git"), key(model: "n"), key(rules: "Other rules."), key(tools: [.localShell()]),
        ].map(\.value)
        #expect(Set(keys).count == keys.count)
    }

    @Test func `is nobody else's as long as a run lasts, however many there are`() async {
        defer { try? FileManager.default.removeItem(atPath: home) }
        let keys = await withTaskGroup(of: CacheKey.self) { group in
            for _ in 0..<40 { group.addTask { key() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(keys.map(\.value)).count == 40)
        #expect(keys.map(\.value).allSatisfy { $0.wholeMatch(of: /graft-[0-9a-f]{16}-[0-9]{1,2}/) != nil })
    }

    @Test func `rests after a busy minute`() {
        defer { try? FileManager.default.removeItem(atPath: home) }
        func run(requests: Int) -> String {
            let key = key()
            for _ in 0..<requests { key.note() }
            return key.value
        }
        let first = run(requests: 5)
        #expect(run(requests: 1) == first)
        let second = run(requests: 40)
        #expect(second != first)
        let third = run(requests: 1)
        #expect(third != second && third != first)
        time.seconds.add(61, ordering: .relaxed)
        #expect(run(requests: 0) == first)
    }

    @Test func `is drawn where no file can be written`() {
        let keys = (0..<3).map { _ in
            CacheKey(
                place: "", parameters: RequestParameters(model: "m"), profile: .openai, rules: "",
                environment: ["XDG_STATE_HOME": "/proc/nowhere"], now: { 0 })
        }
        #expect(keys.allSatisfy { $0.value.wholeMatch(of: /graft-[0-9a-f]{16}-[0-9]{4}/) != nil })
        keys.first?.note()
    }
}
