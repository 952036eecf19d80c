import CWebSockets
import JSON
import Responses

extension Service {
    /// Handles what the library reports; anything but 0 closes the connection.
    func handle(_ reason: lws_callback_reasons, _ wsi: OpaquePointer, _ data: UnsafeRawBufferPointer) -> Int32 {
        switch reason {
        case LWS_CALLBACK_FILTER_NETWORK_CONNECTION: return session.refusesConnection() ? 1 : 0
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return confirmUpgrade(wsi)
        case LWS_CALLBACK_ESTABLISHED: established(connection(wsi))
        case LWS_CALLBACK_RECEIVE: return received(connection(wsi), data)
        case LWS_CALLBACK_HTTP: return requested(wsi)
        case LWS_CALLBACK_HTTP_BODY: bodyReceived(connection(wsi), data)
        case LWS_CALLBACK_HTTP_BODY_COMPLETION:
            // If a request comes before the last one is answered, the library reports the end of a body for ever.
            if connection(wsi).isAnswering { return -1 }
            lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
            respond(connection(wsi))
        case LWS_CALLBACK_SERVER_WRITEABLE, LWS_CALLBACK_HTTP_WRITEABLE:
            guard let connection = connections[wsi] else { return 0 }
            return writeable(connection)
        case LWS_CALLBACK_TIMER:
            guard let connection = connections[wsi] else { return 0 }
            return timer(connection)
        case LWS_CALLBACK_CLOSED, LWS_CALLBACK_CLOSED_HTTP, LWS_CALLBACK_WSI_DESTROY: gone(wsi)
        default: break
        }
        return 0
    }

    private func confirmUpgrade(_ wsi: OpaquePointer) -> Int32 {
        let arrived = SimulatorLog.now
        let head = RequestHead(reading: wsi)
        let connection = connection(wsi)
        connection.head = head
        let refusal: APIError
        if !Route.isUpgrade(head.path) {
            refusal = APIError("Invalid URL (\(head.method) \(head.path))", status: 404)
        } else if let error = head.authorizationError {
            refusal = error
        } else {
            switch session.handshakeRefusal() {
            case nil: return 0
            case .error(let error): refusal = error
            case .bytes(let bytes):
                if !bytes.isEmpty { write(bytes, to: wsi, as: LWS_WRITE_HTTP_HEADERS) }
                return 1
            }
        }
        let index = log.received(
            connection: connection.number, transport: .http, head, arrived: arrived, body: [])
        let bytes = HTTPHead.answer(
            status: refusal.status, headers: refusal.headers, body: refusal.body, request: index)
        write(bytes, to: wsi, as: LWS_WRITE_HTTP_HEADERS)
        log.update(index) { request in
            request.status = refusal.status
            request.error = refusal.code ?? refusal.message
            request.answered = SimulatorLog.now
        }
        return 1
    }

    private func established(_ connection: Connection) {
        connection.isWebSocket = true
        guard let lifetime = session.scenario.connectionLifetimeMilliseconds else { return }
        connection.endsAt = SimulatorLog.now + UInt64(lifetime) * 1_000_000
        arm(connection)
    }

    private func received(_ connection: Connection, _ data: UnsafeRawBufferPointer) -> Int32 {
        let wsi = connection.wsi
        if lws_frame_is_binary(wsi) != 0 { return close(wsi, 1003, "binary frames are not supported") }
        connection.received.append(contentsOf: data)
        if connection.received.count > SimulatorServer.messageLimit {
            return close(wsi, 1009, "a message has at most 256 MiB")
        }
        guard lws_is_final_fragment(wsi) != 0, lws_remaining_packet_payload(wsi) == 0 else { return 0 }
        let arrived = SimulatorLog.now
        var bytes: [UInt8] = []
        swap(&bytes, &connection.received)
        guard isValidUTF8(bytes) else { return close(wsi, 1007, "a text message must be UTF-8") }
        message(connection, bytes, arrived: arrived)
        return 0
    }

    private func message(_ connection: Connection, _ bytes: [UInt8], arrived: UInt64) {
        let index = log.received(
            connection: connection.number, transport: .webSocket, connection.head, arrived: arrived, body: bytes)
        guard let body = try? JSON(bytes) else {  // the client's fault, and said to it
            return refuse(connection, index, .init(error: .notJSON))
        }
        switch body["type"]?.string {
        case "response.create": create(connection, body, request: index)
        case "response.steer":
            let event = Event(
                type: "response.steer.failed", bytes: SimulatorSession.refuseSteering(body), role: .terminal)
            play(connection, Connection.Playing(steps: [.event(event)], request: index))
        case let type:
            let known = ["response.create", "response.steer"]
            refuse(connection, index, .init(error: .value("type", type ?? "null", supported: known)))
        }
    }

    /// Starts what a `response.create` leads to.
    func create(_ connection: Connection, _ body: JSON, request index: Int) {
        let outcome = session.create(body, from: .webSocket(connection: connection.number), now: now)
        note(index)
        switch outcome {
        case .play(let playback):
            log.update(index) { $0.responseID = playback.head.id }
            play(
                connection,
                Connection.Playing(playback: playback, request: index, lane: playback.streamID))
        case .refuse(let refusal): refuse(connection, index, refusal)
        case .wait: connection.waiting[body["stream_id"]?.string, default: []].append(index)
        }
    }

    private func refuse(_ connection: Connection, _ index: Int, _ refusal: SimulatorSession.Refusal) {
        log.update(index) { request in
            request.status = refusal.error.status
            request.error = refusal.error.code ?? refusal.error.message
        }
        let event = Event(
            type: "error", bytes: refusal.error.event(stream: refusal.streamID), role: .terminal)
        var steps: [Playback.Step] = refusal.delay > 0 ? [.wait(refusal.delay)] : []
        if !refusal.isCut { steps.append(.event(event)) }
        if refusal.isCut || refusal.closeCode != nil { steps.append(.cut(refusal.closeCode)) }
        play(connection, Connection.Playing(steps: steps[...], request: index))
    }

    /// Puts what the session noticed about the last call into the log.
    func note(_ index: Int) {
        let note = session.note
        log.update(index) { request in
            request.violations += note.violations
            request.turn = note.position
        }
    }

    func play(_ connection: Connection, _ playing: Connection.Playing) {
        connection.playing.append(playing)
        lws_callback_on_writable(connection.wsi)
    }

    private func close(_ wsi: OpaquePointer, _ code: UInt16, _ reason: String) -> Int32 {
        var text = Array(reason.utf8)
        lws_close_reason(wsi, lws_close_status(UInt32(code)), &text, text.count)
        return -1
    }

    private func timer(_ connection: Connection) -> Int32 {
        if let endsAt = connection.endsAt, endsAt <= SimulatorLog.now {
            connection.endsAt = nil
            let error = APIError(
                "Responses websocket connection limit reached (60 minutes). Create a new websocket connection to "
                    + "continue.", code: "websocket_connection_limit_reached")
            let event = Event(type: "error", bytes: error.event(stream: nil))
            connection.playing.insert(
                Connection.Playing(steps: [.event(event), .cut(1000)], request: -1), at: 0)
            connection.turn = 0
        }
        lws_callback_on_writable(connection.wsi)
        return 0
    }
}
