import CWebSockets
import JSON
import Responses

extension Service {
    /// Sends what is ready, as much as the socket takes.
    func writeable(_ connection: Connection) -> Int32 {
        let wsi = connection.wsi
        if !connection.isWebSocket, !connection.pending.isEmpty || connection.isLastPending {
            if let code = flush(connection) { return code }
            guard connection.pending.isEmpty else { return 0 }
        }
        stamp(connection)
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
            case .bytes(let bytes):
                if let code = sendAsIs(bytes, connection) { return code }
            case .part(let event, let count):
                if let code = sendAsIs(framed(event, connection).prefix(count), connection) { return code }
            case .drip(let event, let pause):
                let frame = framed(event, connection)
                connection.playing[index].steps =
                    (frame.flatMap { [.bytes([$0]), .wait(pause)] } + connection.playing[index].steps)[...]
            case .stall(let isDeaf):
                connection.playing[index].wakeAt = .max
                if isDeaf { lws_rx_flow_control(wsi, 0) }
            case .text(let text):
                if let code = send(text, connection, index) { return code }
            case .event(let event):
                if connection.playing[index].skip > 0 {
                    connection.playing[index].skip -= 1
                    continue
                }
                if let code = send(event, connection, index) { return code }
            }
            if !connection.pending.isEmpty || lws_send_pipe_choked(wsi) != 0 { break }
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
                let lines = connection.playing[index].playback?.eventLines ?? []
                sendEvent(event.type, event.bytes, isLast: isTerminal, lines, connection)
                if !isTerminal, let code = flush(connection) { return code }
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
        if connection.isWebSocket {
            stamp(connection)
            if !connection.unstamped.isEmpty { lws_callback_on_writable(connection.wsi) }
        }
        ended(connection, index, isWhole: true)
        guard !connection.isWebSocket else { return nil }
        connection.isLastPending = true
        return flush(connection) ?? 0
    }

    /// Sends text that is not an event.
    private func send(_ text: String, _ connection: Connection, _ index: Int) -> Int32? {
        if connection.isWebSocket {
            write(Array(text.utf8), to: connection.wsi, as: LWS_WRITE_TEXT)
            return nil
        }
        switch connection.answer {
        case .events:
            sendEvent(nil, Array(text.utf8), isLast: false, [], connection)
            return flush(connection)
        case .json(let status, let headers):
            sendBody(Array(text.utf8), status, headers, connection)
            connection.unstamped.append(connection.playing[index].request)
            ended(connection, index)
            connection.isLastPending = true
            return flush(connection) ?? 0
        }
    }

    /// Ends an answer: its lane is free for the next request.
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

    /// Writes pending bytes of an HTTP answer in pieces while the socket takes them; a value is what the callback
    /// returns at once.
    ///
    /// The end of the transaction follows its last byte in the same callback: the client's next request must not
    /// find the library waiting for the rest of this one.
    func flush(_ connection: Connection) -> Int32? {
        let wsi = connection.wsi
        while !connection.pending.isEmpty {
            guard lws_send_pipe_choked(wsi) == 0 else {
                lws_callback_on_writable(wsi)
                return connection.isLastPending ? 0 : nil
            }
            let piece = connection.pending.prefix(64 << 10)
            connection.pending = connection.pending.dropFirst(piece.count)
            write(piece, to: wsi, as: LWS_WRITE_HTTP)
        }
        connection.pending = []
        guard connection.isLastPending else { return nil }
        connection.isLastPending = false
        connection.isAnswering = false
        stampAll(connection)
        return lws_http_transaction_completed(wsi) == 0 ? 0 : -1
    }

    /// Notes the time for answers that are all in the socket.
    func stamp(_ connection: Connection) {
        guard !connection.unstamped.isEmpty else { return }
        guard connection.pending.isEmpty, lws_partial_buffered(connection.wsi) == 0 else { return }
        stampAll(connection)
    }

    private func stampAll(_ connection: Connection) {
        let now = SimulatorLog.now
        for index in connection.unstamped { log.update(index) { $0.answered = now } }
        connection.unstamped = []
    }

    private func sendBody(_ body: [UInt8], _ status: Int, _ headers: [String: String], _ connection: Connection) {
        let head = HTTPHead.json(status: status, headers: headers, length: body.count, request: connection.request)
        connection.pending += head + body
    }

    /// Sends one server-sent event as a chunk; line breaks in the JSON become further `data` lines.
    private func sendEvent(
        _ type: String?, _ bytes: [UInt8], isLast: Bool, _ lines: Set<Scenario.EventLines>, _ connection: Connection
    ) {
        let isFirst = !connection.areHeadersOut
        var out: [UInt8] = isFirst ? HTTPHead.events(request: connection.request) : []
        connection.areHeadersOut = true
        var text = EventText(lines).text(type, bytes, isFirst: isFirst)
        if isLast, lines.contains(.done) { text += EventText(lines).text(nil, Array("[DONE]".utf8), isFirst: false) }
        out += EventText.chunk(text)
        if isLast { out += Array("0\r\n\r\n".utf8) }
        connection.pending += out
    }

    /// Hands bytes to the library (`lws_write`), which keeps what the socket does not take.
    func write(_ bytes: some RandomAccessCollection<UInt8>, to wsi: OpaquePointer, as kind: lws_write_protocol) {
        let front = Int(GRAFT_LWS_PRE)
        if scratch.count < front + bytes.count {
            scratch = [UInt8](repeating: 0, count: front + max(bytes.count, 64 << 10))
        }
        scratch.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress?.advanced(by: front) else { return }
            UnsafeMutableRawBufferPointer(rebasing: buffer[front...]).copyBytes(from: bytes)
            // A failed write ends in the connection's own close callback.
            _ = lws_write(wsi, start.assumingMemoryBound(to: UInt8.self), bytes.count, kind)
        }
    }
}
