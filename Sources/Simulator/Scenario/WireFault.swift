import JSON
import Responses

extension Scenario {
    /// What happens to an event of a turn on its way to the client.
    public struct WireFault: Sendable {
        /// Which of a response's events it happens to.
        enum Place: Sendable, Equatable {
            case event(Int), last, every
        }

        /// What happens.
        enum Action: Sendable {
            /// Other events, or texts, go out before it, in its place or behind it.
            case before([JSON]), instead([JSON]), after([JSON])
            /// Parts of its text are replaced.
            case edit([(from: String, to: String)])
            /// It goes out so many times.
            case copies(Int)
            /// It goes out behind its successor.
            case swap
            /// It is left out.
            case omit
            /// The connection is cut, or closed with a code, before it.
            case cut(UInt16?)
            /// So many bytes of its frame go out, then the connection is cut.
            case part(Int)
            /// It goes out byte by byte, with so many milliseconds between them.
            case drip(Int)
            /// From it on nothing goes out any more; a deaf server does not even read, so that it answers no pings.
            case stall(isDeaf: Bool)
            /// These bytes go out in place of its frame, as they are.
            case bytes([UInt8])
        }

        let place: Place
        let action: Action

        /// Reads a member of `wire`: `at` (the number of an event, `last` or `every`) and one of `before`, `instead`,
        /// `after` (events, or strings that go out as text), `edit` (an object of what to replace by what), `copies`,
        /// `swap`, `omit`, `cut`, `close`, `part`, `drip_ms`, `stall`, `deaf` and `bytes`.
        init(_ value: JSON, at name: String) throws(ScenarioError) {
            let reader = try ScenarioReader(
                value, at: name,
                knows: [
                    "at", "before", "instead", "after", "edit", "copies", "swap", "omit", "cut", "close", "part",
                    "drip_ms", "stall", "deaf", "bytes",
                ])
            place =
                switch value["at"]?.string {
                case "last": .last
                case "every": .every
                default: .event(try reader.int("at") ?? 0)
                }
            action = try Self.action(reader)
        }

        private static func action(_ reader: ScenarioReader) throws(ScenarioError) -> Action {
            let value = reader.value
            if value["before"] != nil { return .before(try reader.array("before")) }
            if value["instead"] != nil { return .instead(try reader.array("instead")) }
            if value["after"] != nil { return .after(try reader.array("after")) }
            if let edits = value["edit"] {
                return .edit(edits.members.map { ($0.key, $0.value.string ?? $0.value.rawText) })
            }
            if let count = try reader.int("copies") { return .copies(count) }
            if value["swap"] != nil { return .swap }
            if value["omit"] != nil { return .omit }
            if value["cut"] != nil { return .cut(nil) }
            if let code = try reader.int("close") { return .cut(UInt16(clamping: code)) }
            if let count = try reader.int("part") { return .part(count) }
            if let pause = try reader.int("drip_ms") { return .drip(pause) }
            if value["stall"] != nil { return .stall(isDeaf: false) }
            if value["deaf"] != nil { return .stall(isDeaf: true) }
            if let bytes = try reader.bytes("bytes") { return .bytes(bytes) }
            throw ScenarioError(place: reader.place, problem: "does not say what happens")
        }

        func concerns(_ event: Event, number: Int) -> Bool {
            switch place {
            case .every: true
            case .last: event.role == .terminal
            case .event(let wanted): wanted == number
            }
        }
    }

    /// How the lines of server-sent events are written; all of it is allowed.
    public enum EventLines: String, Sendable {
        /// They end with CR and LF.
        case crlf
        /// They end with CR.
        case cr
        /// Comments stand between them, as proxies write them to keep a connection open.
        case comments
        /// A byte-order mark stands before them.
        case bom
        /// The data of an event has several lines.
        case split
        /// A line `[DONE]` follows the last event.
        case done
    }
}

extension ScenarioReader {
    /// Bytes: a text, or hexadecimal digits behind `hex:`.
    func bytes(_ key: String) throws(ScenarioError) -> [UInt8]? {
        guard let text = try string(key) else { return nil }
        guard text.hasPrefix("hex:") else { return Array(text.utf8) }
        let digits = text.utf8.dropFirst(4).filter { $0 != 0x20 }.compactMap {
            Character(UnicodeScalar($0)).hexDigitValue
        }
        guard digits.count.isMultiple(of: 2) else { throw error(key, "needs two digits a byte") }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
