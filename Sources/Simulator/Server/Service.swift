import CWebSockets
import Glibc
import Responses

/// The server's side of libwebsockets; everything in it happens on the service thread, but for `wake`
/// and, when that thread has ended, `close`.
final class Service {
    let log: SimulatorLog
    var session: SimulatorSession
    var connections: [OpaquePointer: Connection] = [:]
    private let configuration: SimulatorServer.Configuration
    private let protocols = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 2)
    private let name = strdup("responses")
    private var context: OpaquePointer?
    private var accepted = 0
    /// A buffer with room for the library's frame header in front.
    var scratch = [UInt8]()

    init(scenario: Scenario, configuration: SimulatorServer.Configuration, log: SimulatorLog) {
        self.configuration = configuration
        self.log = log
        session = SimulatorSession(scenario: scenario, isStrict: configuration.isStrict, seed: configuration.seed)
        protocols.initialize(repeating: lws_protocols(), count: 2)
        protocols[0].name = UnsafePointer(name)
        protocols[0].callback = serviceCallback
        protocols[0].rx_buffer_size = 64 << 10
    }

    deinit {
        protocols.deallocate()
        free(name)
    }

    /// Starts to listen (`lws_create_context`); the port that it got.
    func open() -> Result<UInt16, ServerError> {
        if let reason = graft_websockets_load() { return .failure(ServerError(String(cString: reason))) }
        // The level is the whole process's: where a client has set its own, it stays.
        if lwsl_visible(LLL_NOTICE) != 0 { lws_set_log_level(0, nil) }
        var info = lws_context_creation_info()
        info.port = Int32(configuration.port)
        info.protocols = UnsafePointer(protocols)
        info.pt_serv_buf_size = 64 << 10
        info.max_http_header_data2 = 64 << 10
        info.max_http_header_pool2 = 256
        info.keepalive_timeout = 300
        info.timeout_secs = 60
        info.user = Unmanaged.passUnretained(self).toOpaque()
        // With IPv6 the library takes no notice of the interface, and listens on all of them.
        info.options = UInt64(LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND) | UInt64(LWS_SERVER_OPTION_DISABLE_IPV6)
        let certificate = strdup(configuration.tls?.certificate ?? "")
        let key = strdup(configuration.tls?.key ?? "")
        let interface = strdup("127.0.0.1")
        let alpn = strdup("http/1.1")
        // The library copies these when it makes the context, except for the interface.
        defer { for text in [certificate, key, alpn] { free(text) } }
        info.iface = UnsafePointer(interface)
        if configuration.tls != nil {
            info.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
            info.ssl_cert_filepath = UnsafePointer(certificate)
            info.ssl_private_key_filepath = UnsafePointer(key)
            info.alpn = UnsafePointer(alpn)
        }
        context = lws_create_context(&info)
        guard let context, let host = lws_get_vhost_by_name(context, "default") else {
            free(interface)
            let what = configuration.tls == nil ? "" : " with TLS (\(configuration.tls?.certificate ?? ""))"
            return .failure(ServerError("cannot listen on 127.0.0.1:\(configuration.port)\(what)"))
        }
        self.interface = interface
        return .success(UInt16(clamping: lws_get_vhost_listen_port(host)))
    }

    private var interface: UnsafeMutablePointer<CChar>?

    /// One round of the loop (`lws_service`); false when the context is broken.
    func serve() -> Bool {
        guard let context else { return false }
        return lws_service(context, 0) >= 0
    }

    /// Makes `serve` return; the one call for other threads.
    func wake() {
        if let context { lws_cancel_service(context) }
    }

    /// Closes everything (`lws_context_destroy`).
    func close() {
        if let context { lws_context_destroy(context) }
        context = nil
        connections = [:]
        free(interface)
    }

    /// The connection of a wsi, made when it is new.
    func connection(_ wsi: OpaquePointer) -> Connection {
        if let connection = connections[wsi] { return connection }
        let connection = Connection(number: accepted, wsi: wsi)
        accepted += 1
        connections[wsi] = connection
        return connection
    }

    /// Forgets a connection that is gone.
    func gone(_ wsi: OpaquePointer) {
        guard let connection = connections.removeValue(forKey: wsi) else { return }
        // A client may go before it is reported that the socket has taken everything.
        stamp(connection)
        for playing in connection.playing {
            if let id = playing.playback?.head.id { session.abandon(id) }
        }
        session.close(connection: connection.number)
        if connections.isEmpty, session.isLastTurnAnswered { configuration.whenOver?() }
    }

    /// Milliseconds since 1970, the session's clock.
    var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

/// The library's callback; the context's user pointer is the service, which outlives the context.
private func serviceCallback(
    wsi: OpaquePointer?, reason: lws_callback_reasons, user: UnsafeMutableRawPointer?, data: UnsafeMutableRawPointer?,
    length: Int
) -> Int32 {
    guard let wsi, let context = lws_get_context(wsi), let pointer = lws_context_user(context) else { return 0 }
    let service = Unmanaged<Service>.fromOpaque(pointer).takeUnretainedValue()
    let bytes = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : length)
    return service.handle(reason, wsi, bytes)
}
