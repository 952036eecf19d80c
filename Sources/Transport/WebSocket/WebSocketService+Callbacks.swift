internal import CWebSockets

extension WebSocketService {
    /// Handles one callback; -1 closes the socket.
    func handle(
        _ reason: lws_callback_reasons, _ socket: OpaquePointer, _ bytes: UnsafeMutableRawBufferPointer
    ) -> CInt {
        switch reason {
        case LWS_CALLBACK_WSI_CREATE:
            stage = .connected
        case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
            stage = .upgrading
            return appendHeaders(socket, bytes)
        case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
            link.fail(handshakeFailure(socket, reason: String(decoding: bytes, as: UTF8.self)))
        case LWS_CALLBACK_CLIENT_ESTABLISHED:
            stage = .open
            self.socket = socket
            link.handshake.finish(with: .success(()))
        case LWS_CALLBACK_CLIENT_RECEIVE:
            return receive(socket, UnsafeRawBufferPointer(bytes))
        case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
            if let socket = self.socket, link.hasOutgoing { lws_callback_on_writable(socket) }
        case LWS_CALLBACK_CLIENT_WRITEABLE:
            return write(socket)
        case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
            peerCloses(UnsafeRawBufferPointer(bytes))
        case LWS_CALLBACK_CLIENT_CLOSED, LWS_CALLBACK_CLOSED_CLIENT_HTTP, LWS_CALLBACK_WSI_DESTROY:
            finish()
        default:
            break
        }
        return 0
    }

    private func appendHeaders(_ socket: OpaquePointer, _ bytes: UnsafeMutableRawBufferPointer) -> CInt {
        guard let position = bytes.baseAddress?.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self),
            let end = position.pointee?.advanced(by: bytes.count)
        else { return -1 }
        for field in request.headers {
            let failure = (field.name + ":").withCString { name in
                field.value.withCString { value in
                    lws_add_http_header_by_name(
                        socket, UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self),
                        UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self), CInt(field.value.utf8.count),
                        position, end)
                }
            }
            guard failure == 0 else {
                link.fail(TransportError(.invalid, "the headers of the handshake are longer than 60 KiB"))
                return -1
            }
        }
        return 0
    }

    private func receive(_ socket: OpaquePointer, _ bytes: UnsafeRawBufferPointer) -> CInt {
        // Any byte shows that the peer is alive; libwebsockets counts only pongs, which wait behind a long message.
        lws_validity_confirmed(socket)
        let piece = MessageAssembler.Piece(
            isBinary: lws_frame_is_binary(socket) != 0, isFinal: lws_is_final_fragment(socket) != 0,
            remaining: lws_remaining_packet_payload(socket))
        do {
            if let message = try assembler.add(bytes, piece) { link.events.put(.message(message, at: .now)) }
            return 0
        } catch {
            // At once, since the peer may answer the close frame late.
            link.announceEnd(code: error.code, reason: error.reason)
            return close(socket, code: error.code, reason: error.reason)
        }
    }

    private func write(_ socket: OpaquePointer) -> CInt {
        if writer.isWriting {
            // The socket took the last frame, so the peer is reading.
            lws_validity_confirmed(socket)
        } else {
            switch link.nextOutgoing() {
            case .message(let message): writer.begin(message)
            case .close(let code, let reason): return close(socket, code: code, reason: reason)
            case nil: return 0
            }
        }
        guard writer.writeFrame(to: socket) else { return -1 }
        if writer.isWriting || link.hasOutgoing { lws_callback_on_writable(socket) }
        return 0
    }

    /// Makes libwebsockets send a close frame; returns the value for the callback to return.
    private func close(_ socket: OpaquePointer, code: UInt16, reason: String) -> CInt {
        closing = (code, reason)
        // Truncated at a character, since the reason must be UTF-8 (RFC 6455, section 5.5.1).
        var text = Substring(reason)
        while text.utf8.count > 123 { text.removeLast() }
        var bytes = Array(text.utf8)
        lws_close_reason(socket, lws_close_status(rawValue: UInt32(code)), &bytes, bytes.count)
        return -1
    }

    private func peerCloses(_ bytes: UnsafeRawBufferPointer) {
        guard closing == nil else { return }
        guard bytes.count >= 2 else {
            closing = (1005, "")
            return
        }
        let code = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        // libwebsockets has replaced unknown codes with 1002 (client-parser-ws.c).
        closing = (code == 1002 ? nil : code, String(decoding: bytes[2...], as: UTF8.self))
    }

    private func finish() {
        guard stage == .open else { return link.fail(cutOffHandshake) }
        socket = nil
        if let closing {
            link.end(code: closing.code, reason: closing.reason)
        } else {
            link.end(code: nil, reason: "the connection to \(request.endpoint.authority) was cut off")
        }
    }
}
