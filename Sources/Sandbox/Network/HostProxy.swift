import Glibc
import OS
import Synchronization

/// The proxy of a sandbox whose policy names hosts: listens inside the sandbox, and connects from outside.
///
/// One thread accepts, and one thread serves each connection. Stopping the proxy ends them and closes all connections.
final class HostProxy: Sendable {
    /// Its address inside.
    static let address = "127.0.0.1:3128"

    private static let connectMilliseconds: Int32 = 10_000
    private static let connectionLimit = 128

    private let hosts: [HostPattern]
    private let listener: Descriptor
    private let stop: WakeSignal
    private let state = Mutex(State())

    private struct State {
        var denied: [String] = []
        var connections = 0
    }

    /// - Parameter listener: A listening socket of the sandbox's network.
    init(hosts: [HostPattern], listener: Descriptor) throws(LaunchFailure) {
        self.hosts = hosts
        self.listener = listener
        stop = try LaunchFailure.unless(WakeSignal.init)
        CommandThread.start { [self] in accept() }
    }

    /// The refused hosts since the last call, in order and without duplicates.
    func takeDenied() -> [String] {
        state.withLock { state in
            defer { state.denied = [] }
            return state.denied
        }
    }

    /// Stops the proxy and cuts open connections.
    func end() { stop.raise() }

    private func accept() {
        while wait(for: [listener.raw], milliseconds: -1) != nil {
            guard let client = listener.accept() else { continue }
            let isWelcome = state.withLock { state in
                guard state.connections < Self.connectionLimit else { return false }
                state.connections += 1
                return true
            }
            guard isWelcome else { continue }
            CommandThread.start { [self] in
                serve(client)
                state.withLock { $0.connections -= 1 }
            }
        }
    }

    private func serve(_ client: Descriptor) {
        var bytes: [UInt8] = []
        var hasMethod = false
        while true {
            switch ProxyGreeting.read(bytes, hasMethod: hasMethod) {
            case .incomplete:
                guard let more = read(client, milliseconds: 30_000) else { return }
                bytes += more
            case .method:
                hasMethod = true
                bytes.removeFirst(2 + Int(bytes[1]))
                guard write([5, 0], to: client) else { return }
            case .malformed:
                _ = write(Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".utf8), to: client)
                return
            case .target(let target, let consumed, let forward, let answer):
                guard hosts.contains(where: { $0.matches(host: target.host, port: target.port) }) else {
                    note(denied: target)
                    refuse(target, answer, to: client)
                    return
                }
                guard let server = HostAddress.connect(target, milliseconds: Self.connectMilliseconds) else {
                    _ = write(Self.unreachable(target, answer), to: client)
                    return
                }
                guard write(Self.accepted(answer), to: client),
                    write(forward + bytes.dropFirst(consumed), to: server)
                else { return }
                pump(client, server)
                return
            }
        }
    }

    private func note(denied target: ProxyGreeting.Target) {
        let name = "\(target.host):\(target.port)"
        state.withLock { if !$0.denied.contains(name), $0.denied.count < 100 { $0.denied.append(name) } }
    }

    private func refuse(_ target: ProxyGreeting.Target, _ answer: ProxyGreeting.Answer, to client: Descriptor) {
        let text = "\(target.host) is not on the list of hosts that this sandbox may reach\n"
        let socks: [UInt8] = [5, 2, 0, 1, 0, 0, 0, 0, 0, 0]
        let http =
            "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: \(text.utf8.count)\r\n"
            + "Connection: close\r\n\r\n" + text
        _ = write(answer == .socks ? socks : Array(http.utf8), to: client)
    }

    private static func unreachable(_ target: ProxyGreeting.Target, _ answer: ProxyGreeting.Answer) -> [UInt8] {
        if answer == .socks { return [5, 4, 0, 1, 0, 0, 0, 0, 0, 0] }
        return Array("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\ncannot reach \(target.host)\n".utf8)
    }

    private static func accepted(_ answer: ProxyGreeting.Answer) -> [UInt8] {
        switch answer {
        case .socks: [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        case .connect: Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8)
        case .forward: []
        }
    }

    /// Copies bytes both ways until both sides have ended, or ten minutes have passed without any.
    private func pump(_ one: Descriptor, _ other: Descriptor) {
        var open = [(from: one, to: other), (from: other, to: one)]
        while !open.isEmpty {
            guard let ready = wait(for: open.map(\.from.raw), milliseconds: 600_000) else { return }
            let way = open[ready]
            var buffer = [UInt8](repeating: 0, count: 64 * 1024)
            let count = recv(way.from.raw, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                guard write(Array(buffer[..<count]), to: way.to) else { return }
            } else if count == 0 {
                shutdown(way.to.raw, Int32(SHUT_WR))
                open.remove(at: ready)
            } else if errno != EAGAIN, errno != EINTR {
                return
            }
        }
    }

    private func read(_ descriptor: Descriptor, milliseconds: Int32) -> [UInt8]? {
        guard wait(for: [descriptor.raw], milliseconds: milliseconds) != nil else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor.raw, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private func write(_ bytes: [UInt8], to descriptor: Descriptor) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                guard wait(for: [descriptor.raw], event: POLLOUT, milliseconds: 60_000) != nil else { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// The index of the first ready descriptor; nil if the proxy is stopped or the time is over.
    private func wait(for descriptors: [Int32], event: Int32 = POLLIN, milliseconds: Int32) -> Int? {
        while true {
            var entries = descriptors.map { pollfd(fd: $0, events: Int16(event), revents: 0) }
            entries.append(pollfd(fd: stop.raw, events: Int16(POLLIN), revents: 0))
            let count = poll(&entries, nfds_t(entries.count), milliseconds)
            if count < 0, errno == EINTR { continue }
            guard count > 0, entries[descriptors.count].revents == 0 else { return nil }
            return entries.firstIndex { $0.revents != 0 }
        }
    }
}
