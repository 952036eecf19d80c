import CWebSockets
import JSON
import Responses

extension Service {
    /// Handles the head of a request; one with a body is answered when the body has come.
    func requested(_ wsi: OpaquePointer) -> Int32 {
        let connection = connection(wsi)
        connection.head = RequestHead(reading: wsi)
        connection.received = []
        connection.isOverLimit = false
        connection.areHeadersOut = false
        connection.pending = []
        connection.isLastPending = false
        connection.isAnswering = false
        let headers = connection.head.headers
        if headers["transfer-encoding"] != nil {
            return refuseNow(connection, APIError("A request body needs a Content-Length.", status: 411))
        }
        guard let length = headers["content-length"].flatMap({ Int($0) }) else {
            lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
            respond(connection)
            return 0
        }
        if length > SimulatorServer.messageLimit {
            return refuseNow(connection, APIError("A body has at most 256 MiB.", status: 413))
        }
        // A client with a large body may wait to be asked for it.
        if headers["expect"]?.lowercased() == "100-continue" {
            write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), to: wsi, as: LWS_WRITE_HTTP_HEADERS)
        }
        if length == 0, connection.head.method != "POST" { respond(connection) }
        connection.received.reserveCapacity(length)
        return 0
    }

    func bodyReceived(_ connection: Connection, _ data: UnsafeRawBufferPointer) {
        connection.received.append(contentsOf: data)
    }

    /// Answers before the body has come, and closes the connection with it.
    private func refuseNow(_ connection: Connection, _ error: APIError) -> Int32 {
        let index = log.received(
            connection: connection.number, transport: .http, connection.head, arrived: SimulatorLog.now, body: [])
        var headers = error.headers
        headers["connection"] = "close"
        write(
            HTTPHead.answer(status: error.status, headers: headers, body: error.body, request: index),
            to: connection.wsi,
            as: LWS_WRITE_HTTP_HEADERS)
        log.update(index) { request in
            request.status = error.status
            request.error = error.code ?? error.message
            request.answered = SimulatorLog.now
        }
        return -1
    }

    /// Handles a request that has come whole.
    func respond(_ connection: Connection) {
        let arrived = SimulatorLog.now
        connection.isAnswering = true
        var bytes: [UInt8] = []
        swap(&bytes, &connection.received)
        let head = connection.head
        let index = log.received(
            connection: connection.number, transport: .http, head, arrived: arrived, body: bytes)
        connection.request = index
        if let error = head.authorizationError { return answer(connection, index, .failure(.init(error: error))) }
        let route: Route
        switch Route.find(method: head.method, path: head.path) {
        case .success(let found): route = found
        case .failure(let failure): return answer(connection, index, .failure(.init(error: failure.error)))
        }
        switch route {
        case .create, .compact, .inputTokens:
            guard isValidUTF8(bytes), let body = try? JSON(bytes) else {  // the client's fault, and said to it
                return answer(connection, index, .failure(.init(error: .notJSON)))
            }
            switch route {
            case .compact: answer(connection, index, session.compact(body, now: now))
            case .inputTokens: answer(connection, index, session.countTokens(body, now: now))
            default: return create(connection, body, index)
            }
            note(index)
        case .retrieve(let id):
            if head.argument("stream") == "true" { return replay(connection, id, index) }
            answer(connection, index, session.retrieve(id, now: now))
        case .delete(let id): answer(connection, index, session.delete(id))
        case .cancel(let id): answer(connection, index, session.cancel(id, now: now))
        case .inputItems(let id):
            answer(
                connection, index,
                session.inputItems(
                    id, limit: head.argument("limit").flatMap { Int($0) } ?? 20,
                    isAscending: head.argument("order") == "asc", after: head.argument("after")))
        case .models: answer(connection, index, session.models())
        case .model(let id): answer(connection, index, session.models(id))
        }
    }

    private func create(_ connection: Connection, _ body: JSON, _ index: Int) {
        let outcome = session.create(body, from: .http, now: now)
        note(index)
        switch outcome {
        case .refuse(let refusal): refuse(connection, index, refusal)
        case .wait: break
        case .play(var playback):
            log.update(index) { $0.responseID = playback.head.id }
            if body["stream"]?.bool == true {
                connection.answer = .events
                play(connection, Connection.Playing(playback: playback, request: index))
            } else if body["background"]?.bool == true {
                answer(connection, index, session.queued(playback.head.id, now: now))
            } else {
                connection.answer = .json(status: 200, headers: [:])
                playback.isCollected = true
                play(connection, Connection.Playing(playback: playback, request: index))
            }
        }
    }

    private func refuse(_ connection: Connection, _ index: Int, _ refusal: SimulatorSession.Refusal) {
        let error = refusal.error
        log.update(index) { request in
            request.status = error.status
            request.error = error.code ?? error.message
        }
        connection.answer = .json(status: error.status, headers: error.headers)
        var steps: [Playback.Step] = refusal.delay > 0 ? [.wait(refusal.delay)] : []
        if refusal.isCut {
            if !refusal.bytes.isEmpty { steps.append(.bytes(refusal.bytes)) }
            steps.append(.cut(nil))
        } else {
            steps.append(.event(Event(type: "error", bytes: error.body, role: .terminal)))
        }
        play(connection, Connection.Playing(steps: steps[...], request: index))
    }

    private func replay(_ connection: Connection, _ id: String, _ index: Int) {
        switch session.replay(id, now: now) {
        case .failure(let failure): answer(connection, index, .failure(failure))
        case .success((let playback, let remaining)):
            connection.answer = .events
            var playing = Connection.Playing(playback: playback, request: index)
            playing.skip = (connection.head.argument("starting_after").flatMap { Int($0) } ?? -1) + 1
            playing.longestWait = remaining
            play(connection, playing)
        }
    }

    private func answer(
        _ connection: Connection, _ index: Int, _ result: Result<[UInt8], SimulatorSession.Failure>
    ) {
        switch result {
        case .failure(let failure): refuse(connection, index, .init(error: failure.error))
        case .success(let bytes):
            connection.answer = .json(status: 200, headers: [:])
            let event = Event(type: "answer", bytes: bytes, role: .terminal)
            play(connection, Connection.Playing(steps: [.event(event)], request: index))
        }
    }
}
