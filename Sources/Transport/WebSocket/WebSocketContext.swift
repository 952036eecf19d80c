internal import CWebSockets
import Synchronization

/// Owns an `lws_context` with one client vhost, and the memory that libwebsockets points to.
///
/// A context is used on one thread. Making and freeing are serialized in the process, because libwebsockets keeps its
/// OpenSSL index numbers in globals.
struct WebSocketContext: ~Copyable {
    /// Whether libwebsockets has initialized OpenSSL.
    ///
    /// A second initialization would renumber the indexes that running handshakes use, so that only the first context
    /// does it; later ones enable TLS for their vhost alone.
    private static let isTLSReady = Mutex(false)

    typealias Callback =
        @convention(c) (
            OpaquePointer?, lws_callback_reasons, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, Int
        ) -> CInt

    let pointer: OpaquePointer
    let vhost: OpaquePointer
    let idlePolicy: UnsafeMutablePointer<lws_retry_bo_t>
    private let protocols: UnsafeMutablePointer<lws_protocols>

    init(
        options: WebSocketOptions, proxy: String?, isSecure: Bool, user: UnsafeMutableRawPointer,
        callback: @escaping Callback
    ) throws(TransportError) {
        protocols = .allocate(capacity: 2)
        protocols.initialize(repeating: lws_protocols(), count: 2)
        let name: StaticString = "graft"
        protocols[0].name = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        protocols[0].callback = callback
        protocols[0].rx_buffer_size = Self.bufferSize
        idlePolicy = .allocate(capacity: 1)
        idlePolicy.initialize(to: lws_retry_bo_t())
        idlePolicy.pointee.secs_since_valid_ping = UInt16(clamping: options.pingAfter.wholeSeconds)
        // libwebsockets asserts that the hang-up is after the ping.
        idlePolicy.pointee.secs_since_valid_hangup = UInt16(
            clamping: max(options.hangUpAfter.wholeSeconds, options.pingAfter.wholeSeconds + 1))

        var info = lws_context_creation_info()
        info.port = CInt(CONTEXT_PORT_NO_LISTEN)
        info.gid = -1
        info.uid = -1
        info.user = user
        info.protocols = UnsafePointer(protocols)
        info.pt_serv_buf_size = UInt32(Self.bufferSize)
        info.max_http_header_data2 = 16384
        info.fd_limit_per_thread = 16
        info.timeout_secs = UInt32(clamping: options.handshakeTimeout.wholeSeconds + 1)
        info.connect_timeout_secs = info.timeout_secs

        let made = Self.make(&info, options, proxy: proxy, isSecure: isSecure)
        guard let made else {
            protocols.deallocate()
            idlePolicy.deallocate()
            let line = WebSocketLog.lastLine
            throw TransportError(isSecure ? .tls : .connectFailed, "libwebsockets does not start: \(line)")
        }
        (pointer, vhost) = made
    }

    deinit {
        Self.isTLSReady.withLock { _ in lws_context_destroy(pointer) }
        protocols.deallocate()
        idlePolicy.deallocate()
    }

    /// The most bytes that one callback delivers.
    private static let bufferSize = 64 << 10

    private static func make(
        _ info: inout lws_context_creation_info, _ options: WebSocketOptions, proxy: String?, isSecure: Bool
    ) -> (OpaquePointer, OpaquePointer)? {
        // The pointers leave the lock, but there is no other owner.
        nonisolated(unsafe) var made: (OpaquePointer, OpaquePointer)?
        nonisolated(unsafe) var locked = info
        isTLSReady.withLock { isTLSReady in
            made = make(&locked, options, proxy: proxy, isSecure: isSecure, isTLSReady: &isTLSReady)
        }
        return made
    }

    private static func make(
        _ info: inout lws_context_creation_info, _ options: WebSocketOptions, proxy: String?, isSecure: Bool,
        isTLSReady: inout Bool
    ) -> (OpaquePointer, OpaquePointer)? {
        info.options = UInt64(LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
        if isSecure, !isTLSReady { info.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT) }
        guard let context = lws_create_context(&info) else { return nil }
        if isSecure {
            isTLSReady = true
            info.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
            if options.trust.certificateFile != nil {
                info.options |= UInt64(LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS)
            }
        }
        // Port 0 means no proxy; without an address libwebsockets would read http_proxy from the environment.
        let vhost = (proxy ?? ":0").withCString { proxy in
            info.http_proxy_address = proxy
            guard let file = options.trust.certificateFile, isSecure else { return lws_create_vhost(context, &info) }
            return file.withCString { file in
                info.client_ssl_ca_filepath = file
                return lws_create_vhost(context, &info)
            }
        }
        guard let vhost else {
            lws_context_destroy(context)
            return nil
        }
        return (context, vhost)
    }
}

extension Duration {
    /// The seconds, rounded up, at least one.
    fileprivate var wholeSeconds: Int {
        let (seconds, rest) = components
        return max(1, Int(clamping: seconds) + (rest > 0 ? 1 : 0))
    }
}
