import FoundationEssentials

/// The server's side of RFC 6455, as far as the tests need it.
extension Peer {
    struct Frame {
        var opcode: UInt8
        var isFinal: Bool
        var payload: [UInt8]
    }

    /// Reads the request and answers 101.
    @discardableResult
    func acceptWebSocket() throws -> (request: String, headers: [String: String]) {
        let head = try readHead()
        try accept(head.headers)
        return head
    }

    /// Answers a request with 101.
    func accept(_ headers: [String: String]) throws {
        let key = headers["sec-websocket-key", default: ""] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        let accept = Data(sha1(Array(key.utf8))).base64EncodedString()
        try send(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: \(accept)\r\n\r\n")
    }

    func sendFrame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) throws {
        var frame: [UInt8] = [opcode | (isFinal ? 0x80 : 0)]
        if payload.count < 126 {
            frame.append(UInt8(payload.count))
        } else if payload.count < 65536 {
            frame += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        } else {
            frame.append(127)
            frame += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        try send(frame + payload)
    }

    func sendText(_ text: String) throws { try sendFrame(1, Array(text.utf8)) }

    func sendClose(_ code: UInt16?, _ reason: String = "") throws {
        try sendFrame(8, (code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []) + Array(reason.utf8))
    }

    func readFrame() throws -> Frame {
        let head = try read(2)
        var count = Int(head[1] & 0x7F)
        if count >= 126 { count = try read(count == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
        let mask = head[1] & 0x80 == 0 ? [0, 0, 0, 0] : try read(4)
        var payload = try read(count)
        payload.withUnsafeMutableBufferPointer { payload in
            for index in payload.indices { payload[index] ^= mask[index & 3] }
        }
        return Frame(opcode: head[0] & 0x0F, isFinal: head[0] & 0x80 != 0, payload: payload)
    }

    /// Reads a whole text message and how many frames it had; a close frame is answered and ends the script.
    func readMessage() throws -> (bytes: [UInt8], frames: Int) {
        var message: [UInt8] = []
        var frames = 0
        while true {
            let frame = try readFrame()
            if frame.opcode == 8 {
                try sendFrame(8, frame.payload)
                throw PeerError(what: "closed")
            }
            if frame.opcode > 8 { continue }
            frames += 1
            message += frame.payload
            if frame.isFinal { return (message, frames) }
        }
    }
}

/// Sends back every message; answers a close.
@Sendable func echo(_ peer: Peer) throws {
    try peer.acceptWebSocket()
    while true { try peer.sendFrame(1, peer.readMessage().bytes) }
}

private func sha1(_ message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    var padded = message + [0x80]
    while padded.count % 64 != 56 { padded.append(0) }
    padded += (0..<8).reversed().map { UInt8(truncatingIfNeeded: (message.count * 8) >> ($0 * 8)) }
    for block in stride(from: 0, to: padded.count, by: 64) {
        var words = (0..<16).map { word in
            (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(padded[block + word * 4 + $1]) }
        }
        for index in 16..<80 {
            words.append((words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]).rotated(1))
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for (index, word) in words.enumerated() {
            let (f, k): (UInt32, UInt32) =
                switch index {
                case ..<20: ((b & c) | (~b & d), 0x5A82_7999)
                case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                case ..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            (a, b, c, d, e) = (a.rotated(5) &+ f &+ e &+ k &+ word, a, b.rotated(30), c, d)
        }
        state = zip(state, [a, b, c, d, e]).map { $0 &+ $1 }
    }
    return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
}

extension UInt32 {
    fileprivate func rotated(_ count: UInt32) -> UInt32 { self << count | self >> (32 - count) }
}
