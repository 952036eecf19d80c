/// Writes one JSON text from front to back, commas included.
///
/// `raw` writes JSON from elsewhere verbatim. The caller balances the calls; the closures of `object` and `array`
/// do it by their shape.
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Starts an empty text; `capacity` is a guess at its size in bytes.
    public init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes an object whose members `body` writes with `key` and a value each.
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array whose elements `body` writes.
    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        body(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes a member's name; its value must follow.
    public mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string.
    public mutating func string(_ value: some StringProtocol) {
        separate()
        quote(value)
        needsComma = true
    }

    /// Writes bytes as a string; what is not UTF-8 becomes U+FFFD.
    public mutating func string(repairing value: some Sequence<UInt8> & Collection) {
        string(String(decoding: value, as: UTF8.self))
    }

    /// Writes an integer.
    public mutating func int(_ value: Int) { raw("\(value)".utf8) }

    /// Writes a number; infinity and NaN become null.
    public mutating func double(_ value: Double) {
        if value.isFinite { raw("\(value)".utf8) } else { null() }
    }

    /// Writes a boolean.
    public mutating func bool(_ value: Bool) { raw((value ? "true" : "false").utf8) }

    /// Writes null.
    public mutating func null() { raw("null".utf8) }

    /// Writes a value that is JSON already, verbatim.
    public mutating func raw(_ value: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: value)
        needsComma = true
    }

    /// Writes a parsed value, byte for byte.
    public mutating func value(_ value: JSON) { raw(value.raw) }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func quote(_ value: some StringProtocol) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case UInt8(ascii: "\\"): bytes.append(contentsOf: [byte, byte])
            case 0x0A: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case 0x0D: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
            case 0x09: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
            case 0..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(Self.hex[Int(byte >> 4)])
                bytes.append(Self.hex[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let hex = Array("0123456789abcdef".utf8)
}

extension JSONWriter {
    /// Writes a member with a string value.
    public mutating func member(_ name: String, _ value: some StringProtocol) {
        key(name)
        string(value)
    }

    /// Writes a member with an integer value.
    public mutating func member(_ name: String, _ value: Int) {
        key(name)
        int(value)
    }

    /// Writes a member with a number value.
    public mutating func member(_ name: String, _ value: Double) {
        key(name)
        double(value)
    }

    /// Writes a member with a boolean value.
    public mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// Writes a member with a parsed value, byte for byte.
    public mutating func member(_ name: String, _ value: JSON) {
        key(name)
        self.value(value)
    }

    /// Writes a member whose value is an object.
    public mutating func member(_ name: String, object body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    /// Writes a member whose value is an array.
    public mutating func member(_ name: String, array body: (inout JSONWriter) -> Void) {
        key(name)
        array(body)
    }
}
