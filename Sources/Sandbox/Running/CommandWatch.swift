/// The checks before a command and after its last process.
struct CommandWatch: Sendable {
    private let cgroup: CommandCgroup?
    private let kills: Int
    private let guarded: GitGuard?

    init(cgroup: CommandCgroup?, guarded: GitGuard?) {
        self.cgroup = cgroup
        kills = cgroup?.kills ?? 0
        self.guarded = guarded
        guarded?.begin()
    }

    func complete(_ result: inout CommandResult) {
        guarded?.end()
        if (cgroup?.kills ?? 0) > kills { result.ranOutOfMemory = true }
    }
}
