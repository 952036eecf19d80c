import CWebSockets

extension RequestHead {
    /// Reads the head of the request that a wsi holds.
    init(reading wsi: OpaquePointer) {
        let methods = [
            (WSI_TOKEN_GET_URI, "GET"), (WSI_TOKEN_POST_URI, "POST"), (WSI_TOKEN_DELETE_URI, "DELETE"),
            (WSI_TOKEN_PUT_URI, "PUT"), (WSI_TOKEN_PATCH_URI, "PATCH"), (WSI_TOKEN_OPTIONS_URI, "OPTIONS"),
            (WSI_TOKEN_HEAD_URI, "HEAD"),
        ]
        for (token, name) in methods {
            guard let path = Self.copy(wsi, token) else { continue }
            method = name
            self.path = path
        }
        query = Self.arguments(wsi)
        let tokens = [
            (WSI_TOKEN_HTTP_AUTHORIZATION, "authorization"), (WSI_TOKEN_HTTP_USER_AGENT, "user-agent"),
            (WSI_TOKEN_HTTP_CONTENT_TYPE, "content-type"), (WSI_TOKEN_HTTP_CONTENT_LENGTH, "content-length"),
            (WSI_TOKEN_HTTP_TRANSFER_ENCODING, "transfer-encoding"), (WSI_TOKEN_HTTP_EXPECT, "expect"),
            (WSI_TOKEN_HTTP_ACCEPT, "accept"), (WSI_TOKEN_HOST, "host"),
            (WSI_TOKEN_EXTENSIONS, "sec-websocket-extensions"),
        ]
        for (token, name) in tokens {
            if let value = Self.copy(wsi, token) { headers[name] = value }
        }
        for name in ["openai-beta", "openai-organization", "openai-project", "x-client-request-id", "idempotency-key"] {
            let key = "\(name):"
            let length = lws_hdr_custom_length(wsi, key, Int32(key.utf8.count))
            guard length > 0 else { continue }
            var buffer = [CChar](repeating: 0, count: Int(length) + 1)
            guard lws_hdr_custom_copy(wsi, &buffer, length + 1, key, Int32(key.utf8.count)) >= 0 else { continue }
            headers[name] = Self.string(buffer)
        }
    }

    private static func copy(_ wsi: OpaquePointer, _ token: lws_token_indexes) -> String? {
        let length = lws_hdr_total_length(wsi, token)
        guard length > 0 else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(length) + 1)
        guard lws_hdr_copy(wsi, &buffer, length + 1, token) >= 0 else { return nil }
        return string(buffer)
    }

    /// The library decodes the arguments of a query and keeps each as a fragment.
    private static func arguments(_ wsi: OpaquePointer) -> [(name: String, value: String)] {
        var arguments: [(name: String, value: String)] = []
        var index: Int32 = 0
        var buffer = [CChar](repeating: 0, count: 4096)
        while lws_hdr_copy_fragment(wsi, &buffer, Int32(buffer.count), WSI_TOKEN_HTTP_URI_ARGS, index) >= 0 {
            let parts = string(buffer).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty else { break }
            arguments.append((String(name), parts.count > 1 ? String(parts[1]) : ""))
            index += 1
        }
        return arguments
    }

    private static func string(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
