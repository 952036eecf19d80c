internal import CWebSockets
import Glibc

/// The last line that libwebsockets logged on the current thread.
///
/// Some causes, such as why a certificate was rejected, are only in its log. Nothing is printed.
enum WebSocketLog {
    private final class Line {
        var text = ""
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key) { line in
            if let line { Unmanaged<Line>.fromOpaque(line).release() }
        }
        return key
    }()

    private static let capture: Void = {
        lws_set_log_level(LLL_ERR | LLL_WARN) { _, text in
            guard let text, let line = WebSocketLog.line else { return }
            line.text = String(cString: text)
        }
    }()

    /// Starts capturing on this thread; sets the log level of the whole process.
    static func captureOnThisThread() {
        capture
        guard pthread_getspecific(key) == nil else { return }
        pthread_setspecific(key, Unmanaged.passRetained(Line()).toOpaque())
    }

    /// The last line, without its line end; empty if there is none.
    static var lastLine: String {
        String(line?.text.prefix { !$0.isNewline } ?? "")
    }

    private static var line: Line? {
        pthread_getspecific(key).map { Unmanaged<Line>.fromOpaque($0).takeUnretainedValue() }
    }
}
