import Glibc
import Testing

@testable import Transport

/// An instruction of the packet filter (`struct sock_filter`).
private struct FilterInstruction {
    var code: UInt16
    var jumps: UInt16 = 0
    var operand: UInt32 = 0
}

/// `struct sock_fprog`.
private struct FilterProgram {
    var count: UInt16 = 1
    var instructions: UnsafeMutablePointer<FilterInstruction>
}

extension Peer {
    /// Takes nothing any more, not even to acknowledge it, as a machine that is gone (socket(7), `SO_ATTACH_FILTER`).
    fileprivate func vanish() throws {
        // BPF_RET | BPF_K: keeps no byte of any packet.
        var nothing = FilterInstruction(code: 6)
        let failure = withUnsafeMutablePointer(to: &nothing) { instruction in
            var program = FilterProgram(instructions: instruction)
            return setsockopt(
                descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<FilterProgram>.size))
        }
        guard failure == 0 else { throw PeerError(what: "no filter") }
    }
}

/// When the peer stops in the middle of a request.
private enum Moment: String, CaseIterable, CustomStringConvertible {
    case afterTheRequest = "after the request"
    case inTheRequest = "in the request"
    case inTheAnswer = "in the answer"

    var description: String { rawValue }
}

@Suite(.timeLimit(.minutes(1))) struct LostPeerTests {
    @Test(arguments: Moment.allCases)
    fileprivate func `a peer that is gone without a word ends the request`(_ moment: Moment) async throws {
        let server = try TestServer { peer in
            if moment == .inTheRequest {
                _ = try peer.readHead()
            } else {
                _ = try peer.readRequest()
            }
            if moment == .inTheAnswer {
                try peer.startChunks()
                try peer.sendChunk("data: 1")
            }
            try peer.vanish()
            // Longer than the test: what it stands for never comes back.
            sleep(50)
        }
        // Larger than what kernels take for a peer that does not read.
        let body = moment == .inTheRequest ? [UInt8](repeating: 0x61, count: 32 << 20) : [0x61]
        var request = HTTPRequest("POST", try server.url, body: body)
        request.timeouts.lostPeer = .seconds(3)
        let (client, start) = (HTTPClient(), ContinuousClock.now)
        do {
            for try await _ in try await client.stream(request).body {}
            Issue.record("the answer came to its end")
        } catch {
            #expect(error.code == .closed, "\(error)")
        }
        #expect((.seconds(2)..<(.seconds(30))).contains(ContinuousClock.now - start))
    }
}
