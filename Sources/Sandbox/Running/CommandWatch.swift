/// The checks before a command and after its last process.
struct CommandWatch: Sendable {
    private let cgroup: CommandCgroup?
    private let kills: Int
    private let guarded: GitGuard?
    private let closed: ClosedPaths?

    init(cgroup: CommandCgroup?, guarded: GitGuard?, closed: ClosedPaths?) {
        self.cgroup = cgroup
        kills = cgroup?.kills ?? 0
        self.guarded = guarded
        self.closed = closed
        guarded?.begin()
    }

    func complete(_ result: inout CommandResult) {
        guarded?.end()
        if (cgroup?.kills ?? 0) > kills { result.ranOutOfMemory = true }
        if let closed, !result.succeeded { result.closedPaths = closed.named(in: result) }
    }
}
