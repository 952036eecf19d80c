import CWebSockets
import Responses

extension Service {
    /// The socket takes more: sends what is ready, as much as the socket takes.
    func writeable(_ connection: Connection) -> Int32 {
        let wsi = connection.wsi
        stamp(connection)
        if connection.completesWhenDrained { return complete(connection) }
        for _ in 0..<64 {
            guard let index = connection.ready(at: SimulatorLog.now) else { break }
            guard let step = connection.playing[index].next() else {
                ended(connection, index)
                continue
            }
            switch step {
            case .wait(let milliseconds):
                let longest = connection.playing[index].longestWait ?? milliseconds
                connection.playing[index].wakeAt = SimulatorLog.now + UInt64(min(milliseconds, longest)) * 1_000_000
                continue
            case .cut(let code):
                cut(connection, index)
                if connection.isWebSocket, let code {
                    lws_close_reason(wsi, lws_close_status(UInt32(code)), nil, 0)
                }
                return -1
            case .text(let text):
                if let code = send(text, connection, index) { return code }
            case .event(let event):
                if connection.playing[index].skip > 0 {
                    connection.playing[index].skip -= 1
                    continue
                }
                if let code = send(event, connection, index) { return code }
            }
            if lws_send_pipe_choked(wsi) != 0 { break }
        }
        if connection.ready(at: SimulatorLog.now) != nil { lws_callback_on_writable(wsi) }
        arm(connection)
        return 0
    }

    private func cut(_ connection: Connection, _ index: Int) {
        stampAll(connection)
        let request = connection.playing[index].request
        guard request >= 0 else { return }
        log.update(request) { request in
            guard request.answered == nil else { return }
            request.error = "cut"
            request.answered = SimulatorLog.now
        }
    }

    /// Sets the timer of a connection to the next time at which it has something to do.
    func arm(_ connection: Connection) {
        let now = SimulatorLog.now
        guard let alarm = connection.alarm, alarm > now else { return }
        lws_set_timer_usecs(connection.wsi, lws_usec_t((alarm - now) / 1000 + 1))
    }

    /// Sends one event; a value is what the callback returns at once.
    private func send(_ event: Event, _ connection: Connection, _ index: Int) -> Int32? {
        let isTerminal = event.role == .terminal
        let request = connection.playing[index].request
        let id = connection.playing[index].playback?.head.id
        if connection.isWebSocket {
            write(event.bytes, to: connection.wsi, as: LWS_WRITE_TEXT)
        } else {
            switch connection.answer {
            case .events:
                sendEvent(event.type, event.bytes, isLast: isTerminal, connection)
            case .json(let status, let headers):
                guard isTerminal else { return nil }
                sendBody(connection.playing[index].playback?.response ?? event.bytes, status, headers, connection)
            }
        }
        if case .itemDone(let item) = event.role, let id { session.sent(item: item, of: id) }
        guard isTerminal else { return nil }
        if request >= 0 {
            if id != nil { log.update(request) { $0.status = 200 } }
            connection.unstamped.append(request)
        }
        stamp(connection)
        ended(connection, index, isWhole: true)
        return connection.isWebSocket ? nil : complete(connection)
    }

    /// Sends a text that is no event.
    private func send(_ text: String, _ connection: Connection, _ index: Int) -> Int32? {
        if connection.isWebSocket {
            write(Array(text.utf8), to: connection.wsi, as: LWS_WRITE_TEXT)
            return nil
        }
        switch connection.answer {
        case .events: sendEvent(nil, Array(text.utf8), isLast: false, connection)
        case .json(let status, let headers):
            sendBody(Array(text.utf8), status, headers, connection)
            connection.unstamped.append(connection.playing[index].request)
            stamp(connection)
            ended(connection, index)
            return complete(connection)
        }
        return nil
    }

    /// An answer is over: its lane is free for the next request.
    private func ended(_ connection: Connection, _ index: Int, isWhole: Bool = false) {
        let playing = connection.playing[index]
        guard isWhole else {
            if playing.steps.isEmpty { connection.playing.remove(at: index) }
            if let id = playing.playback?.head.id { session.abandon(id) }
            return
        }
        // A close may follow the last event.
        if playing.steps.isEmpty { connection.playing.remove(at: index) }
        guard let id = playing.playback?.head.id else { return }
        let origin: SimulatorSession.Origin = connection.isWebSocket ? .webSocket(connection: connection.number) : .http
        session.finish(id, origin: origin, lane: playing.lane)
        while let body = session.nextWaiting(connection: connection.number) {
            let lane = body["stream_id"]?.string
            guard let request = connection.waiting[lane]?.first else { return }
            connection.waiting[lane]?.removeFirst()
            create(connection, body, request: request)
        }
    }

    /// The HTTP answer is handed over; the connection takes the next request when it is all in the socket.
    private func complete(_ connection: Connection) -> Int32 {
        guard lws_partial_buffered(connection.wsi) == 0 else {
            connection.completesWhenDrained = true
            lws_callback_on_writable(connection.wsi)
            return 0
        }
        connection.completesWhenDrained = false
        return lws_http_transaction_completed(connection.wsi) == 0 ? 0 : -1
    }

    /// Notes the time for answers that are all in the socket.
    private func stamp(_ connection: Connection) {
        guard !connection.unstamped.isEmpty else { return }
        if lws_partial_buffered(connection.wsi) == 0 {
            stampAll(connection)
        } else {
            lws_callback_on_writable(connection.wsi)
        }
    }

    private func stampAll(_ connection: Connection) {
        let now = SimulatorLog.now
        for index in connection.unstamped { log.update(index) { $0.answered = now } }
        connection.unstamped = []
    }

    private func sendBody(_ body: [UInt8], _ status: Int, _ headers: [String: String], _ connection: Connection) {
        let head = HTTPHead.json(status: status, headers: headers, length: body.count)
        write(head + body, to: connection.wsi, as: LWS_WRITE_HTTP)
    }

    /// Sends one server-sent event as a chunk; line breaks in the JSON become further `data` lines.
    private func sendEvent(_ type: String?, _ bytes: [UInt8], isLast: Bool, _ connection: Connection) {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 64)
        if let type { text += Array("event: \(type)\n".utf8) }
        for line in bytes.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            text += "data: ".utf8
            text += line
            text.append(0x0A)
        }
        text.append(0x0A)
        var out: [UInt8] = connection.areHeadersOut ? [] : HTTPHead.events()
        connection.areHeadersOut = true
        out += Array("\(String(text.count, radix: 16))\r\n".utf8)
        out += text
        out += Array("\r\n".utf8)
        if isLast { out += Array("0\r\n\r\n".utf8) }
        write(out, to: connection.wsi, as: LWS_WRITE_HTTP)
    }

    /// Hands bytes to the library (`lws_write`), which keeps what the socket does not take.
    func write(_ bytes: [UInt8], to wsi: OpaquePointer, as kind: lws_write_protocol) {
        let front = Int(GRAFT_LWS_PRE)
        if scratch.count < front + bytes.count {
            scratch = [UInt8](repeating: 0, count: front + max(bytes.count, 64 << 10))
        }
        scratch.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress?.advanced(by: front) else { return }
            bytes.withUnsafeBytes { source in
                if let base = source.baseAddress { start.copyMemory(from: base, byteCount: source.count) }
            }
            // A failed write ends in the connection's own close callback.
            _ = lws_write(wsi, start.assumingMemoryBound(to: UInt8.self), bytes.count, kind)
        }
    }
}
