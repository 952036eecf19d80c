/// Splits what comes through the debugging pipe into messages, each of which ends with a NUL.
struct MessageSplitter {
    /// A longer message is not kept: a screenshot of the page has less than a tenth of it.
    static let byteLimit = 64 << 20

    private var begun: [UInt8] = []
    /// Whether the message that has begun is too long, so that its rest is passed over.
    private var isTooLong = false

    /// Takes bytes, and returns the messages that they complete, in order.
    mutating func take(_ bytes: some Collection<UInt8>) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0) {
            append(rest[..<end])
            if !begun.isEmpty, !isTooLong { messages.append(begun) }
            (begun, isTooLong) = ([], false)
            rest = rest[rest.index(after: end)...]
        }
        append(rest)
        return messages
    }

    private mutating func append(_ bytes: some Collection<UInt8>) {
        guard !isTooLong else { return }
        guard begun.count + bytes.count <= Self.byteLimit else {
            (begun, isTooLong) = ([], true)
            return
        }
        begun += bytes
    }
}
