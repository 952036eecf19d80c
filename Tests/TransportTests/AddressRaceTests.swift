import Glibc
import Testing

@testable import Transport

@Suite struct AddressRaceTests {
    @Test func `the address that answers is taken, whatever the family`() throws {
        let server = try TestServer { $0.waitForEnd() }
        let winner = try AddressRace(host: "localhost", port: server.port)
            .winner(within: .seconds(5)) { false }
        #expect(winner == "127.0.0.1" || winner == "::1")
        #expect(
            try AddressRace(host: "127.0.0.1", port: server.port).winner(within: .seconds(5)) { false } == "127.0.0.1")
        server.stop()
    }

    @Test func `a name that does not exist is no address that refuses`() {
        #expect(throws: AddressRace.Failure.unknownName) {
            try AddressRace(host: "nonexistent.invalid", port: 80).winner(within: .seconds(5)) { false }
        }
    }

    private func address(_ port: Int) throws -> AddressRace.Address {
        try #require(try AddressRace(host: "127.0.0.1", port: port).resolve().first)
    }

    @Test func `one that swallows packets costs a quarter of a second, and is not asked again`() throws {
        let server = try TestServer { $0.waitForEnd() }
        // A listener whose queue is full does not answer any more.
        let deaf = try FullListener()
        let (good, bad) = (try address(server.port), try address(deaf.port))
        let start = ContinuousClock.now
        let position = try AddressRace.race([bad, good], until: start + .seconds(10)) { false }
        #expect(position == 1)
        #expect((.milliseconds(200) ..< .seconds(5)).contains(ContinuousClock.now - start))
        server.stop()
    }

    @Test func `addresses that all refuse, or never answer, are told apart`() throws {
        let server = try TestServer { _ in }
        let port = server.port
        server.stop()
        let refusing = try address(port)
        #expect(throws: AddressRace.Failure.unreachable) {
            try AddressRace.race([refusing, refusing], until: .now + .seconds(10)) { false }
        }
        let deaf = try FullListener()
        let silent = try address(deaf.port)
        #expect(throws: AddressRace.Failure.timedOut) {
            try AddressRace.race([silent], until: .now + .milliseconds(300)) { false }
        }
        #expect(throws: AddressRace.Failure.stopped) {
            try AddressRace.race([silent], until: .now + .seconds(10)) { true }
        }
    }
}

/// A listener that takes no more connections, so that SYN packets are dropped.
private final class FullListener {
    let port: Int
    private let listener: Int32
    private var waiting: [Int32] = []

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (listener, bound) = (
            listener,
            withUnsafeMutablePointer(to: &address) { [listener] pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bind(listener, address, length) == 0 && listen(listener, 0) == 0
                        && getsockname(listener, address, &length) == 0
                }
            }
        )
        try #require(bound && listener >= 0)
        port = Int(UInt16(bigEndian: address.sin_port))
        for _ in 0..<4 {
            let client = socket(
                AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
            waiting.append(client)
            _ = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(client, $0, length) }
            }
            usleep(20_000)
        }
    }

    deinit { for descriptor in [listener] + waiting { close(descriptor) } }
}
