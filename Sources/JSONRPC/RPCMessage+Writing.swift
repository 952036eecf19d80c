public import JSON

extension RPCMessage {
    /// The bytes of a request, on one line.
    ///
    /// - Parameter params: Writes the members of `params`.
    public static func request(id: RPCID, method: String, params: (inout JSONWriter) -> Void) -> [UInt8] {
        message {
            $0.key("id")
            id.write(into: &$0)
            $0.member("method", method)
            $0.member("params", object: params)
        }
    }

    /// The bytes of a notification, on one line.
    ///
    /// - Parameter params: Writes the members of `params`.
    public static func notification(method: String, params: (inout JSONWriter) -> Void) -> [UInt8] {
        message {
            $0.member("method", method)
            $0.member("params", object: params)
        }
    }

    /// The bytes of an answer, on one line.
    ///
    /// - Parameter result: Writes the members of `result`.
    public static func result(id: RPCID, _ result: (inout JSONWriter) -> Void) -> [UInt8] {
        message {
            $0.key("id")
            id.write(into: &$0)
            $0.member("result", object: result)
        }
    }

    /// The bytes of an answer that refuses, on one line; without an id for what could not be read.
    public static func failure(id: RPCID?, _ error: RPCError) -> [UInt8] {
        message {
            $0.key("id")
            if let id { id.write(into: &$0) } else { $0.null() }
            $0.member(
                "error",
                object: {
                    $0.member("code", error.code)
                    $0.member("message", error.message)
                    if let data = error.data { $0.member("data", data) }
                })
        }
    }

    private static func message(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member("jsonrpc", "2.0")
            body(&$0)
        }
        return writer.bytes
    }
}
