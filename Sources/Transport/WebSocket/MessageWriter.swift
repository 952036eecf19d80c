internal import CWebSockets

/// Writes messages through `lws_write`, which needs room before the bytes and masks them in place.
final class MessageWriter {
    /// The most bytes of a frame; a longer message is fragmented, so that pings and pongs fit in between.
    private static let frameByteLimit = 1 << 20

    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 16)
    private var message: [UInt8] = []
    private var written = 0

    deinit { buffer.deallocate() }

    /// Whether a message is partly written.
    private(set) var isWriting = false

    func begin(_ message: [UInt8]) {
        self.message = message
        written = 0
        isWriting = true
    }

    /// Writes the next frame; false if the socket is broken.
    func writeFrame(to socket: OpaquePointer) -> Bool {
        let count = min(message.count - written, Self.frameByteLimit)
        let isLast = written + count == message.count
        makeRoom(Int(GRAFT_LWS_PRE) + count)
        let payload = UnsafeMutableRawBufferPointer(rebasing: buffer[Int(GRAFT_LWS_PRE)...])
        message.withUnsafeBytes { bytes in
            payload.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[written..<written + count]))
        }
        var kind = written == 0 ? LWS_WRITE_TEXT.rawValue : LWS_WRITE_CONTINUATION.rawValue
        if !isLast { kind |= LWS_WRITE_NO_FIN.rawValue }
        written += count
        if isLast {
            message = []
            isWriting = false
        }
        let start = payload.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return lws_write(socket, start, count, lws_write_protocol(rawValue: kind)) >= 0
    }

    private func makeRoom(_ byteCount: Int) {
        guard buffer.count < byteCount else { return }
        buffer.deallocate()
        buffer = .allocate(byteCount: max(byteCount, 4096), alignment: 16)
    }
}
