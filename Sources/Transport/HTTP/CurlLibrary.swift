internal import CCurl
import Glibc

/// libcurl, opened on the first request: linking it would cost every start 3 ms.
///
/// Sendable, because libcurl documents its functions as thread-safe.
struct CurlLibrary: @unchecked Sendable {  // Constant pointers to thread-safe functions.
    typealias Handle = UnsafeMutableRawPointer
    typealias List = UnsafeMutablePointer<curl_slist>

    let easyInit: @convention(c) () -> Handle?
    let easyCleanup: @convention(c) (Handle?) -> Void
    let easyError: @convention(c) (CURLcode) -> UnsafePointer<CChar>?
    let listAppend: @convention(c) (List?, UnsafePointer<CChar>?) -> List?
    let listFree: @convention(c) (List?) -> Void
    let multiInit: @convention(c) () -> Handle?
    let multiCleanup: @convention(c) (Handle?) -> CURLMcode
    let multiAdd: @convention(c) (Handle?, Handle?) -> CURLMcode
    let multiRemove: @convention(c) (Handle?, Handle?) -> CURLMcode
    let multiPerform: @convention(c) (Handle?, UnsafeMutablePointer<CInt>?) -> CURLMcode
    let multiPoll:
        @convention(c) (Handle?, UnsafeMutableRawPointer?, CUnsignedInt, CInt, UnsafeMutablePointer<CInt>?)
            -> CURLMcode
    let multiWakeup: @convention(c) (Handle?) -> CURLMcode
    let multiInfoRead: @convention(c) (Handle?, UnsafeMutablePointer<CInt>?) -> UnsafeMutablePointer<CURLMsg>?
    private let easySetopt: UnsafeMutableRawPointer
    private let easyGetinfo: UnsafeMutableRawPointer

    /// The library, or why it cannot be used.
    static let shared = Result { () throws(TransportError) in try CurlLibrary() }

    private init() throws(TransportError) {
        guard let library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL) else {
            throw TransportError(.connectFailed, "HTTP needs libcurl.so.4: \(String(cString: dlerror()))")
        }
        func address(_ name: String) throws(TransportError) -> UnsafeMutableRawPointer {
            guard let address = dlsym(library, name) else {
                throw TransportError(.connectFailed, "this libcurl.so.4 is too old: it has no \(name)")
            }
            return address
        }
        func function<Function>(
            _ name: String, _ type: Function.Type = Function.self
        ) throws(TransportError) -> Function {
            // The caller passes the documented C type of the function.
            unsafeBitCast(try address(name), to: type)
        }
        easyInit = try function("curl_easy_init")
        easyCleanup = try function("curl_easy_cleanup")
        easyError = try function("curl_easy_strerror")
        listAppend = try function("curl_slist_append")
        listFree = try function("curl_slist_free_all")
        multiInit = try function("curl_multi_init")
        multiCleanup = try function("curl_multi_cleanup")
        multiAdd = try function("curl_multi_add_handle")
        multiRemove = try function("curl_multi_remove_handle")
        multiPerform = try function("curl_multi_perform")
        multiPoll = try function("curl_multi_poll")
        multiWakeup = try function("curl_multi_wakeup")
        multiInfoRead = try function("curl_multi_info_read")
        easySetopt = try address("curl_easy_setopt")
        easyGetinfo = try address("curl_easy_getinfo")
        let globalInit: @convention(c) (Int) -> CURLcode = try function("curl_global_init")
        let outcome = globalInit(Int(CURL_GLOBAL_ALL))
        guard outcome == CURLE_OK else {
            throw TransportError(.connectFailed, "libcurl does not start: error \(outcome.rawValue)")
        }
    }

    func set(_ handle: Handle, _ option: CURLoption, _ value: Int) {
        _ = graft_curl_set_long(easySetopt, handle, option, value)
    }

    func set(_ handle: Handle, _ option: CURLoption, offset value: Int) {
        _ = graft_curl_set_offset(easySetopt, handle, option, curl_off_t(value))
    }

    /// libcurl copies the text, except for `CURLOPT_POSTFIELDS`.
    func set(_ handle: Handle, _ option: CURLoption, _ value: String) {
        _ = graft_curl_set_text(easySetopt, handle, option, value)
    }

    func set(_ handle: Handle, _ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        _ = graft_curl_set_pointer(easySetopt, handle, option, value)
    }

    func set(_ handle: Handle, _ option: CURLoption, callback value: @escaping graft_curl_write) {
        _ = graft_curl_set_write(easySetopt, handle, option, value)
    }

    func set(_ handle: Handle, sockets value: @escaping graft_curl_sockopt) {
        _ = graft_curl_set_sockopt(easySetopt, handle, value)
    }

    func uploadedBytes(_ handle: Handle) -> Int {
        var count: curl_off_t = 0
        _ = graft_curl_get_offset(easyGetinfo, handle, CURLINFO_SIZE_UPLOAD_T, &count)
        return Int(count)
    }
}
