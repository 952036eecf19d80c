import CSpawn
import Glibc
import Synchronization

/// The proxy of one command, from the moment its sandbox hands out the listening socket.
final class ProxyBridge: Sendable {
    private struct State {
        var proxy: HostProxy?
        var isOver = false
    }

    private let near: Descriptor
    private let state = Mutex(State())

    /// Makes the bridge and the end that belongs to the launcher.
    static func make() throws(LaunchFailure) -> (bridge: ProxyBridge, far: Descriptor) {
        var ends: [Int32] = [-1, -1]
        guard graft_socket_pair(&ends) == 0 else { throw LaunchFailure("cannot make sockets", errno) }
        return (ProxyBridge(near: Descriptor(ends[0])), Descriptor(ends[1]))
    }

    private init(near: Descriptor) {
        self.near = near
    }

    /// Waits on a thread for the socket; to be called once the far end is with the launcher alone.
    func open(hosts: [HostPattern]) {
        CommandThread.start { [self] in
            // Nothing comes if the sandbox could not be made; then there is nothing to serve.
            let listener = graft_receive_descriptor(near.raw)
            guard listener >= 0, let proxy = try? HostProxy(hosts: hosts, listener: Descriptor(listener)) else {
                return
            }
            let isOver = state.withLock { state in
                state.proxy = proxy
                return state.isOver
            }
            if isOver { proxy.end() }
        }
    }

    /// Ends the proxy; returns the hosts that were refused.
    func end() -> [String] {
        let proxy = state.withLock { state in
            state.isOver = true
            return state.proxy
        }
        proxy?.end()
        return proxy?.denied ?? []
    }
}
