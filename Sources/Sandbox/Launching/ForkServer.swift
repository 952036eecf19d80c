import Glibc
import OS
import Synchronization

/// The process that starts all launchers of one sandbox and holds what its commands share: the user namespace, the
/// overlays, the control groups, and the network, so that one command reaches the servers of another.
final class ForkServer: Sendable {
    /// The namespaces in which overlays are mounted, and the working tree if it is one.
    struct Overlays: Sendable {
        let user: Descriptor
        let mounts: Descriptor
        let tree: Descriptor?
    }

    /// The overlays; nil if there are none.
    let overlays: Overlays?
    /// The proxy to the policy's hosts; nil if it has none.
    let proxy: HostProxy?
    private let socket: Mutex<Descriptor>
    private let process: Mutex<ChildProcess>
    /// Kept alive, because the group must not be removed while the server is in it.
    private let cgroup: CommandCgroup?

    /// Starts the server and waits until the shared resources exist.
    ///
    /// - Parameter host: The overlays of another sandbox to share, because the kernel refuses to mount them twice; the
    ///   network is not shared.
    init(
        program: String, policy: SandboxPolicy, plan mounts: MountPlan, cgroup: CommandCgroup?,
        host: Overlays? = nil
    ) throws(LaunchFailure) {
        let plan = try LauncherPlan(
            servingFor: policy, plan: mounts, cgroups: cgroup?.folders ?? [], isGuest: host != nil)
        let status = try LaunchFailure.unless(Pipe.init)
        let ends = try LaunchFailure.unless(SocketPair.init)
        let process = try Self.start(
            program, plan, status: status.writing, [ends.far] + (host.map { [$0.user, $0.mounts] } ?? []))
        self.cgroup = cgroup
        var said = LauncherStatus(status.reading)
        do throws(LaunchFailure) {
            try said.waitUntilReady(.seconds(10))
            if let host { overlays = host } else { overlays = try Self.overlays(mounts, from: ends.near) }
            proxy = try policy.hosts.flatMap { hosts throws(LaunchFailure) in
                try HostProxy(hosts: hosts, listener: Self.receive("the proxy's socket", from: ends.near))
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
        close()
        waitForEnd()
    }

    /// Stops the server from starting further launchers.
    func close() {
        socket.withLock { _ = shutdown($0.raw, Int32(SHUT_RDWR)) }
    }

    /// Waits for the server, which ends after the last of its processes.
    func waitForEnd() {
        process.withLock { process in
            if !process.waitForEnd(milliseconds: 5000) { process.send(SIGKILL) }
            _ = process.reap()
        }
    }

    private static func overlays(_ plan: MountPlan, from socket: Descriptor) throws(LaunchFailure) -> Overlays? {
        guard plan.hasOverlays else { return nil }
        return Overlays(
            user: try receive("the user namespace", from: socket),
            mounts: try receive("the mount namespace", from: socket),
            tree: plan.overlaidTree == nil ? nil : try receive("the working tree", from: socket))
    }

    private static func receive(_ what: String, from socket: Descriptor) throws(LaunchFailure) -> Descriptor {
        do throws(SystemError) { return try socket.receive() } catch {
            throw LaunchFailure("cannot reach \(what)", error)
        }
    }

    /// Starts a launcher; returns its pidfd.
    ///
    /// - Parameter line: The socket over which the launcher receives its command.
    func fork(plan: LauncherPlan, status: Descriptor, line: Descriptor) throws(LaunchFailure) -> Descriptor {
        do throws(SystemError) {
            return try socket.withLock { socket throws(SystemError) in
                try socket.send([plan.file, status, line])
                return try socket.receive()
            }
        } catch {
            if error.number == 0 { throw LaunchFailure("the sandbox's fork server has ended") }
            throw LaunchFailure("cannot start a process", error)
        }
    }

    /// Starts the program with the descriptors of the plan, the status pipe and the others.
    private static func start(
        _ program: String, _ plan: LauncherPlan, status: Descriptor, _ rest: [Descriptor]
    ) throws(LaunchFailure) -> ChildProcess {
        try LaunchFailure.unless { () throws(SystemError) in
            let null = try Descriptor(opening: "/dev/null", O_RDWR)
            return try ChildProcess(
                path: program, arguments: [program], environment: [], directory: "/",
                descriptors: [null, null, null, plan.file, status] + rest)
        }
    }
}
