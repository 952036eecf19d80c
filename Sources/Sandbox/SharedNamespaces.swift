import CSpawn
import Glibc

/// The namespaces that all commands of one sandbox share: the user's numbers, the network, so that a server that one
/// command has started is there for the next, and the overlays.
///
/// They live as long as these descriptors; no process keeps them.
final class SharedNamespaces: Sendable {
    let user: Descriptor
    let network: Descriptor
    /// Where the policy's overlays are mounted; nil if there are none.
    let mounts: Descriptor?
    /// The way out, if the policy names hosts.
    let proxy: HostProxy?

    /// Starts the launcher once, which makes them and hands them out.
    init(program: String, policy: SandboxPolicy, overlays: [MountPlan.Mount] = []) throws(LaunchFailure) {
        let plan = try LauncherPlan(makingNamespacesFor: policy, overlays: overlays)
        let status = try Pipe()
        var ends: [Int32] = [-1, -1]
        guard graft_socket_pair(&ends) == 0 else { throw LaunchFailure("cannot make sockets", errno) }
        let near = Descriptor(ends[0])
        let launcher = try Self.start(program, plan, status: status.writing, bridge: Descriptor(ends[1]))
        guard launcher.waitForEnd(milliseconds: 10_000) else {
            launcher.send(SIGKILL)
            throw LaunchFailure("making namespaces takes too long")
        }
        let end = launcher.reap()
        guard let end, graft_exited(end.status) != 0, graft_exit_code(end.status) == 0,
            let user = Self.receive(near), let network = Self.receive(near)
        else {
            var said = LauncherStatus(status.reading)
            said.read()
            if case .failed(let message) = said.outcome { throw LaunchFailure(message) }
            throw LaunchFailure("cannot make namespaces")
        }
        self.user = user
        self.network = network
        mounts = overlays.isEmpty ? nil : Self.receive(near)
        proxy = try policy.hosts.flatMap { hosts throws(LaunchFailure) in
            try Self.receive(near).map { listener throws(LaunchFailure) in
                try HostProxy(hosts: hosts, listener: listener)
            }
        }
    }

    /// What a launch that joins them gets, in the order of the launcher's numbers.
    var all: [Descriptor] { [user, network] + (mounts.map { [$0] } ?? []) }

    deinit {
        proxy?.end()
    }

    /// Takes the launcher's ends over, so that they are closed when it has ended.
    private static func start(
        _ program: String, _ plan: LauncherPlan, status: Descriptor, bridge: Descriptor
    ) throws(LaunchFailure) -> ChildProcess {
        let null = Descriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
        guard null.raw >= 0 else { throw LaunchFailure("cannot open /dev/null", errno) }
        do {
            return try ChildProcess(
                path: program, arguments: [program, "\(getpid())", "/", "-"], environment: [], directory: "/",
                descriptors: [null, null, null, plan.file, status, bridge])
        } catch {
            throw LaunchFailure("cannot start \(program)", error.code)
        }
    }

    private static func receive(_ socket: Descriptor) -> Descriptor? {
        let raw = graft_receive_descriptor(socket.raw)
        return raw < 0 ? nil : Descriptor(raw)
    }
}
