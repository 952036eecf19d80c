import Testing

@testable import Sandbox

/// Composed and decomposed names are two places, of which one may be open and the other not.
@Suite struct `Two forms of a name` {
    private typealias Mount = MountPlan.Mount
    private static let composed = "/h/\u{E9}"
    private static let decomposed = "/h/e\u{301}"

    @Test func `are two mounts`() {
        let plan = MountPlan([
            Mount(path: "/h", kind: .workingTree), Mount(path: Self.composed, kind: .hiddenFolder),
            Mount(path: Self.decomposed, kind: .readOnly), Mount(path: "/h/x/\u{301}y", kind: .hiddenFile),
        ])
        let found = plan.mounts.map { Array($0.path.utf8) }
        #expect(
            Set(found) == Set(["/h", Self.composed, Self.decomposed, "/h/x", "/h/x/\u{301}y"].map { Array($0.utf8) }))
        #expect(plan.mounts.first { $0.path.utf8.elementsEqual("/h/x".utf8) }?.kind == .pinned)
    }

    @Test func `are two rights`() {
        let right = CommandRights(writablePaths: [Self.composed])
        let other = CommandRights(writablePaths: [Self.decomposed])
        #expect(right.covers(right) && !right.covers(other) && !right.overlaps(other))
    }
}
