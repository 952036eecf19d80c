import JSON
public import Transport

/// One call of a forge's API, without what authorizes it.
public struct ForgeCall: Sendable {
    /// The method of HTTP.
    public let method: String
    /// The whole address.
    public let url: Endpoint
    /// The JSON that is sent; empty for none.
    public let body: [UInt8]
    /// What it is for, to follow "cannot".
    let purpose: String
    /// Whether it does no more when it is made twice.
    let isRepeatable: Bool

    /// A call that reads.
    static func get(_ url: Endpoint, _ purpose: String) -> ForgeCall {
        ForgeCall(method: "GET", url: url, body: [], purpose: purpose, isRepeatable: true)
    }

    /// A call that changes something.
    static func send(
        _ method: String, _ url: Endpoint, _ purpose: String, isRepeatable: Bool,
        _ members: (inout JSONWriter) -> Void
    ) -> ForgeCall {
        var writer = JSONWriter()
        writer.object(members)
        return ForgeCall(
            method: method, url: url, body: writer.bytes, purpose: purpose, isRepeatable: isRepeatable)
    }
}

extension String {
    /// The text as one part of a path or as a value of a query (RFC 3986, section 2.3).
    var percentEncoded: String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = utf8.flatMap { byte -> [UInt8] in
            let isPlain =
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || "-._~".utf8.contains(byte)
            return isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
