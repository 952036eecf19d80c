import Foundation
package import Sandbox

extension Rung {
    /// The rungs of the ladder that this machine can have, or all of them where `GRAFT_REQUIRE_ALL_RUNGS` is set: one
    /// that is missing then fails the tests that need it.
    package static var tested: [Rung] {
        get async { await working.value }
    }

    /// Whether this rung is among those.
    package var isTested: Bool {
        get async { await Self.tested.contains(self) }
    }

    private static let working = Task<[Rung], Never> {
        let environment = ProcessInfo.processInfo.environment
        guard environment["GRAFT_REQUIRE_ALL_RUNGS"] == nil else { return ladder }
        let folder = NSTemporaryDirectory() + "/graft-rungs-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Where nothing can be said of the rungs, the tests that need one say why.
        let report = try? await Sandbox.report(
            policy: SandboxPolicy(workingTree: folder), searchPath: environment["PATH"] ?? "")
        return report?.filter { $0.trouble == nil }.map(\.rung) ?? ladder
    }
}
