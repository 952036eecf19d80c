import CSpawn
import Glibc
import Synchronization

/// The process that starts all launchers of one sandbox, and keeps what its commands share: the user's numbers, the
/// network, so that a server that one command has started is there for the next, the overlays, the control groups.
final class ForkServer: Sendable {
    /// The way out, if the policy names hosts.
    let proxy: HostProxy?
    private let socket: Mutex<Descriptor>
    private let process: Mutex<ChildProcess>
    /// Must not be removed while the server is in it.
    private let cgroup: CommandCgroup?

    /// Starts the launcher, which makes all that and waits for requests.
    init(
        program: String, policy: SandboxPolicy, overlays: [MountPlan.Mount] = [], cgroup: CommandCgroup?
    ) throws(LaunchFailure) {
        let plan = try LauncherPlan(servingFor: policy, overlays: overlays, cgroups: cgroup?.folders ?? [])
        let status = try Pipe()
        let ends = try SocketPair()
        let process = try Self.start(program, plan, status: status.writing, socket: ends.far)
        self.cgroup = cgroup
        var said = LauncherStatus(status.reading)
        do throws(LaunchFailure) {
            try said.waitUntilReady(.seconds(10))
            proxy = try policy.hosts.flatMap { hosts throws(LaunchFailure) in
                let listener = graft_receive_descriptor(ends.near.raw)
                guard listener >= 0 else { throw LaunchFailure("cannot reach the proxy's socket", errno) }
                return try HostProxy(hosts: hosts, listener: Descriptor(listener))
            }
        } catch {
            process.send(SIGKILL)
            if process.waitForEnd(milliseconds: 5000) { _ = process.reap() }
            throw error
        }
        self.process = Mutex(process)
        socket = Mutex(ends.near)
    }

    deinit {
        proxy?.end()
        // It ends by itself when the last of its processes has.
        socket.withLock { _ = shutdown($0.raw, Int32(SHUT_RDWR)) }
        process.withLock { process in
            if !process.waitForEnd(milliseconds: 5000) { process.send(SIGKILL) }
            _ = process.reap()
        }
    }

    /// Has it start a launcher; returns a pidfd.
    ///
    /// - Parameter line: Where the launcher's command will come from.
    func fork(plan: LauncherPlan, status: Descriptor, line: Descriptor) throws(LaunchFailure) -> Descriptor {
        let numbers = [plan.file, status, line].map(\.raw)
        let raw: Int32 = socket.withLock { socket in
            guard graft_send_descriptors(socket.raw, numbers, numbers.count) == 0 else { return -1 }
            return graft_receive_descriptor(socket.raw)
        }
        withExtendedLifetime((status, line)) {}
        guard raw >= 0 else {
            throw LaunchFailure(errno == 0 ? "the sandbox's fork server has ended" : "cannot start a process", errno)
        }
        return Descriptor(raw)
    }

    /// Takes the launcher's ends over, so that they are closed when it has ended.
    private static func start(
        _ program: String, _ plan: LauncherPlan, status: Descriptor, socket: Descriptor
    ) throws(LaunchFailure) -> ChildProcess {
        let null = Descriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
        guard null.raw >= 0 else { throw LaunchFailure("cannot open /dev/null", errno) }
        do {
            return try ChildProcess(
                path: program, arguments: [program], environment: [], directory: "/",
                descriptors: [null, null, null, plan.file, status, socket])
        } catch {
            throw LaunchFailure("cannot start \(program)", error.code)
        }
    }
}
