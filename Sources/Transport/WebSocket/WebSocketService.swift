internal import CWebSockets

/// The thread of one connection: context, loop and callbacks.
///
/// Everything here runs on the service thread. Callbacks may follow a reported end, and some ends are only a destroyed
/// socket, so that every path calls `WebSocketLink.end`, which has an effect once.
final class WebSocketService {
    /// The stage of the handshake, which decides what a failure means.
    enum Stage {
        case connecting
        case connected
        case upgrading
        case open
    }

    let link: WebSocketLink
    let request: WebSocketRequest
    let writer = MessageWriter()
    var assembler: MessageAssembler
    let start = ContinuousClock.now
    var stage = Stage.connecting
    var socket: OpaquePointer?
    /// The close frame that was sent or received, kept until the socket is destroyed.
    var closing: (code: UInt16?, reason: String)?

    /// Finds the address of the server, or of the proxy to it.
    let race: AddressRace

    init(link: WebSocketLink, request: WebSocketRequest) {
        self.link = link
        self.request = request
        race = AddressRace(
            host: request.options.proxy?.host ?? request.endpoint.host,
            port: request.options.proxy?.port ?? request.endpoint.port)
        assembler = MessageAssembler(byteLimit: request.options.messageByteLimit)
    }

    /// Connects and serves the connection until it ends.
    func run() {
        do throws(TransportError) {
            if let reason = graft_websockets_load() {
                throw TransportError(.connectFailed, "a WebSocket needs libwebsockets: \(String(cString: reason))")
            }
            WebSocketLog.captureOnThisThread()
            let address = try race.winner(for: request) { link.isStopped }
            let context = try WebSocketContext(
                options: request.options, proxy: request.options.proxy?.libwebsocketsAddress(at: address),
                isSecure: request.endpoint.isSecure, user: Unmanaged.passUnretained(self).toOpaque(),
                callback: webSocketCallback)
            link.bind(context.pointer)
            // A stop may precede binding or connecting; the loop checks before it blocks.
            // A proxy is given the authority as it is written (RFC 9110, section 9.3.6).
            let target = request.options.proxy == nil ? address : request.endpoint.bracketedHost
            if !link.isStopped { connect(context, to: target) }
            while !link.isStopped, lws_service(context.pointer, 0) >= 0 {}
            link.bind(nil)
        } catch {
            link.fail(error)
        }
        link.end(code: nil, reason: "the connection was cut off")
        withExtendedLifetime(self) {}
    }

    private func connect(_ context: borrowing WebSocketContext, to address: String) {
        // The slot is written while callbacks already run, so that it cannot be a property.
        let slot = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: 1)
        slot.initialize(to: nil)
        defer { slot.deallocate() }
        let endpoint = request.endpoint
        var info = lws_client_connect_info()
        info.context = context.pointer
        info.vhost = context.vhost
        info.port = CInt(endpoint.port)
        info.ssl_connection = CInt(LCCSCF_HTTP_NO_FOLLOW_REDIRECT.rawValue)
        if endpoint.isSecure { info.ssl_connection |= CInt(LCCSCF_USE_SSL.rawValue) }
        info.ietf_version_or_minus_one = -1
        info.retry_and_idle_policy = UnsafePointer(context.idlePolicy)
        info.pwsi = slot
        // libwebsockets copies the texts before it returns.
        let connected = address.withCString { address in
            endpoint.hostAndPort.withCString { host in
                endpoint.requestTarget.withCString { path in
                    "http/1.1".withCString { alpn in
                        info.address = address
                        info.host = host
                        info.path = path
                        // A WebSocket over HTTP/2 is not supported, so it must not be negotiated.
                        info.alpn = alpn
                        return lws_client_connect_via_info(&info)
                    }
                }
            }
        }
        if connected == nil {
            link.fail(TransportError(.connectFailed, "cannot connect to \(endpoint.authority)"))
        }
    }
}

/// The callback of the only protocol (`lws_callback_function`).
private func webSocketCallback(
    _ socket: OpaquePointer?, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
    _ bytes: UnsafeMutableRawPointer?, _ count: Int
) -> CInt {
    guard let socket, let context = lws_get_context(socket), let pointer = lws_context_user(context) else { return 0 }
    let service = Unmanaged<WebSocketService>.fromOpaque(pointer).takeUnretainedValue()
    if reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS {
        // Here the user is the TLS context of all handshakes.
        if service.request.endpoint.hasAddress {
            graft_websockets_expect_address(user, service.request.endpoint.host)
        }
        return 0
    }
    return
        service.handle(reason, socket, UnsafeMutableRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
}

extension AddressRace {
    /// The address for a connection.
    ///
    /// - Throws: `.connectFailed` or `.timedOut`, or what nobody waits for any more.
    fileprivate func winner(
        for request: WebSocketRequest, unless isStopped: () -> Bool
    ) throws(TransportError) -> String {
        let limit = request.options.handshakeTimeout
        do throws(Failure) { return try winner(within: limit, unless: isStopped) } catch {
            throw switch error {
            case .unknownName: .cannotConnect(request, "the name is not known")
            case .unreachable: .cannotConnect(request, "it refuses, or there is no route to it")
            case .timedOut: .handshakeTimeOut(request.endpoint, limit)
            case .stopped: TransportError(.cancelled, "the handshake was stopped")
            }
        }
    }
}
