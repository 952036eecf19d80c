internal import Glibc

/// Reads server-sent events (the event stream format of the HTML standard) from bytes in pieces of any size.
///
/// Lines end with LF, CRLF or CR; an event is complete with the line end that closes it, even if an LF may follow.
/// `retry` is ignored. An event without data is dropped, and so is an unfinished one at the end of the stream.
/// `[DONE]` has no special meaning here.
public struct ServerSentEvents: Sendable {
    /// One event.
    public struct Event: Sendable, Equatable {
        /// The value of the last `event` field, or `message` without one.
        public let name: String
        /// The values of the `data` fields with LF between them; any bytes, not checked to be UTF-8.
        public let data: [UInt8]
        /// The value of the last `id` field of the stream so far; nil without one.
        public let id: String?

        init(name: String, data: [UInt8], id: String? = nil) {
            self.name = name
            self.data = data
            self.id = id
        }
    }

    private let byteLimit: Int
    private var line: [UInt8] = []
    private var name = ""
    private var id: String?
    private var data: [UInt8] = []
    private var hasData = false
    private var isFirstLine = true
    private var lastWasCR = false

    /// Starts before the first byte of a stream; an event may hold `byteLimit` bytes.
    public init(byteLimit: Int = 256 << 20) { self.byteLimit = byteLimit }

    /// Takes the next bytes and returns the events that they complete.
    ///
    /// - Throws: `.protocolError` when an event exceeds the limit; the stream cannot be continued.
    public mutating func feed(_ bytes: some Collection<UInt8>) throws(TransportError) -> [Event] {
        let events = bytes.withContiguousStorageIfAvailable { bytes in
            Result { () throws(TransportError) in try feed(contiguous: UnsafeRawBufferPointer(bytes)) }
        }
        if let events { return try events.get() }
        return try feed(Array(bytes))
    }

    private mutating func feed(contiguous bytes: UnsafeRawBufferPointer) throws(TransportError) -> [Event] {
        var events: [Event] = []
        var start = 0
        if lastWasCR, let first = bytes.first {
            lastWasCR = false
            if first == UInt8(ascii: "\n") { start = 1 }
        }
        while start < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
            guard let end = rest.firstLineEnd else {
                try keep(rest)
                break
            }
            try keep(UnsafeRawBufferPointer(rebasing: rest[..<end]))
            if let event = endLine() { events.append(event) }
            start += end + 1
            guard rest[end] == UInt8(ascii: "\r") else { continue }
            if start == bytes.count {
                lastWasCR = true
            } else if bytes[start] == UInt8(ascii: "\n") {
                start += 1
            }
        }
        return events
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) throws(TransportError) {
        guard line.count + data.count + bytes.count <= byteLimit else {
            throw TransportError(.protocolError, "a server-sent event has more than \(byteLimit) bytes")
        }
        line.append(contentsOf: bytes)
    }

    /// Takes in the field of the finished line; returns the event if the line is blank.
    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: line.count < 1 << 16) }
        var field = line[...]
        if isFirstLine, field.starts(with: [0xEF, 0xBB, 0xBF]) { field = field.dropFirst(3) }
        isFirstLine = false
        guard !field.isEmpty else { return endEvent() }
        let colon = field.firstIndex(of: UInt8(ascii: ":")) ?? field.endIndex
        var value = field[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let key = field[..<colon]
        if key.elementsEqual("data".utf8) {
            if hasData { data.append(UInt8(ascii: "\n")) }
            data.append(contentsOf: value)
            hasData = true
        } else if key.elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        } else if key.elementsEqual("id".utf8), !value.contains(0) {
            id = String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    private mutating func endEvent() -> Event? {
        defer {
            name = ""
            data = []
            hasData = false
        }
        guard hasData else { return nil }
        return Event(name: name.isEmpty ? "message" : name, data: data, id: id)
    }
}

extension UnsafeRawBufferPointer {
    /// The position of the first LF or CR.
    fileprivate var firstLineEnd: Int? {
        guard let base = baseAddress else { return nil }
        let lineFeed = memchr(base, 0x0A, count).map { UnsafeRawPointer($0) - base }
        return memchr(base, 0x0D, lineFeed ?? count).map { UnsafeRawPointer($0) - base } ?? lineFeed
    }
}
