import CWebSockets
import Glibc

extension WebSocketConnection {
    /// The version of libwebsockets (lws_get_library_version), or nil if it cannot be loaded.
    public static var libraryVersion: String? {
        guard graft_websockets_load() == nil else { return nil }
        return lws_get_library_version().map { String(cString: $0) } ?? "unknown"
    }
}

extension HTTPClient {
    /// The version of libcurl and of what it is built with (curl_version), or nil if it cannot be opened.
    public static var libraryVersion: String? {
        guard let library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(library, "curl_version")
        else { return nil }
        // `char *curl_version(void)`
        let version = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<CChar>?).self)
        return version().map { String(cString: $0) }?.split(separator: " ").first.map(String.init)
    }
}
