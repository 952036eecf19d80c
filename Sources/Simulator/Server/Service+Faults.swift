import CWebSockets
import Glibc

extension Service {
    /// The bytes of an event on the wire: a frame, or a chunk of the body.
    func framed(_ event: Event, _ connection: Connection) -> [UInt8] {
        guard connection.isWebSocket else {
            let isFirst = !connection.areHeadersOut
            connection.areHeadersOut = true
            let head = isFirst ? HTTPHead.events(request: connection.request) : []
            return head + EventText.chunk(EventText([]).text(event.type, event.bytes, isFirst: isFirst))
        }
        var frame: [UInt8] = [0x81]
        let count = event.bytes.count
        if count < 126 {
            frame.append(UInt8(count))
        } else if count < 65536 {
            frame += [126, UInt8(count >> 8), UInt8(count & 0xFF)]
        } else {
            frame.append(127)
            frame += (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        }
        return frame + event.bytes
    }

    /// Sends bytes that are no frame, or only a part of one; a value is what the callback returns at once.
    ///
    /// Under a WebSocket they go past the library, which would frame them; so there is no TLS.
    func sendAsIs(_ bytes: some Collection<UInt8>, _ connection: Connection) -> Int32? {
        guard connection.isWebSocket else {
            connection.pending += bytes
            return flush(connection)
        }
        let sent = Array(bytes).withUnsafeBytes {
            Glibc.send(lws_get_socket_fd(connection.wsi), $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
        return sent == bytes.count ? nil : -1
    }
}

/// Writes server-sent events (the event stream format of the HTML standard) in one of its forms.
struct EventText {
    private let lines: Set<Scenario.EventLines>

    init(_ lines: Set<Scenario.EventLines>) {
        self.lines = lines
    }

    /// One event; line breaks in its data become further `data` lines.
    func text(_ type: String?, _ bytes: [UInt8], isFirst: Bool) -> [UInt8] {
        let end: [UInt8] = lines.contains(.crlf) ? [0x0D, 0x0A] : lines.contains(.cr) ? [0x0D] : [0x0A]
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 64)
        if isFirst, lines.contains(.bom) { text += [0xEF, 0xBB, 0xBF] }
        if lines.contains(.comments) { text += Array(": still here".utf8) + end + Array("retry: 10".utf8) + end + end }
        if let type { text += Array("event: \(type)".utf8) + end }
        // Line breaks between the tokens of JSON change nothing.
        let data =
            lines.contains(.split) && bytes.first == UInt8(ascii: "{") ? [bytes[0], 0x0A] + bytes[1...] : bytes[...]
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            text += Array("data: ".utf8) + line + end
        }
        return text + end
    }

    /// A chunk of a body (RFC 9112, section 7.1).
    static func chunk(_ text: [UInt8]) -> [UInt8] {
        Array("\(String(text.count, radix: 16))\r\n".utf8) + text + Array("\r\n".utf8)
    }
}
