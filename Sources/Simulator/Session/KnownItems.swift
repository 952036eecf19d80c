import JSON
import Responses

/// The items that this simulator has sent, findable by id, by call id and by content.
struct KnownItems: Sendable {
    /// One item that was sent.
    struct Entry: Sendable {
        let item: JSON
        /// Turns that lie behind a chain that holds this item.
        let position: Int
        /// The item that came next in the same output, once that one was sent.
        var follower: Fingerprint?
    }

    private(set) var entries: [Entry] = []
    private var byID: [String: Int] = [:]
    private var byCall: [String: Int] = [:]
    private var byContent: [Fingerprint: [Int]] = [:]
    private var byWords: [Fingerprint: [Int]] = [:]
    private var byBareWords: [Fingerprint: [Int]] = [:]
    private var byCipher: [String: Int] = [:]

    /// Takes an item in; `predecessor` is the entry of the item before it in the same output.
    @discardableResult
    mutating func add(_ item: JSON, position: Int, after predecessor: Int?) -> Int {
        let index = entries.count
        let content = Fingerprint(item)
        entries.append(Entry(item: item, position: position))
        if let predecessor { entries[predecessor].follower = content }
        if let id = item["id"]?.string { byID[id] = index }
        if let call = item["call_id"]?.string { byCall[call] = index }
        if let cipher = item["encrypted_content"]?.string { byCipher[cipher] = index }
        byContent[content, default: []].append(index)
        if item["type"]?.string == "message" {
            byWords[Fingerprint(item, without: "phase"), default: []].append(index)
            byBareWords[Fingerprint(words: item), default: []].append(index)
        }
        return index
    }

    func byID(_ id: String) -> Entry? { byID[id].map { entries[$0] } }

    func byCipher(_ cipher: String) -> Entry? { byCipher[cipher].map { entries[$0] } }

    /// The phases under which a message with these words was sent; nil if no such message was.
    func phases(of message: JSON) -> [String?]? {
        if let id = message["id"]?.string, let entry = byID(id) { return [entry.item["phase"]?.string] }
        return byWords[Fingerprint(message, without: "phase")]?.map { entries[$0].item["phase"]?.string }
    }

    /// Whether this item was sent with this content.
    func isContent(_ item: JSON) -> Bool {
        Self.isFromModel(item, item["type"]?.string ?? "message") && byContent[Fingerprint(item)] != nil
    }

    /// Whether the model may have written the item; what a user wrote can be large and is not looked at.
    private static func isFromModel(_ item: JSON, _ type: String) -> Bool {
        if type == "message" { return item["role"]?.string == "assistant" }
        return ItemShape.callOfOutput[type] == nil
    }

    /// The entry that an item of a full input comes from: by id, else by call id, else by content.
    ///
    /// `occurrence` says how often the same content came up before in the input; where a script says the same thing
    /// in several turns, it picks among them.
    func origin(of item: JSON, occurrence: Int = 0) -> Entry? {
        let type = item["type"]?.string ?? "message"
        guard Self.isFromModel(item, type) else { return nil }
        if let id = item["id"]?.string, let entry = byID(id) { return entry }
        if let call = item["call_id"]?.string, let index = byCall[call] { return entries[index] }
        if let cipher = item["encrypted_content"]?.string, let entry = byCipher(cipher) { return entry }
        guard let candidates = byContent[Fingerprint(item)] ?? bare(item) else { return nil }
        let positions = Set(candidates.map { entries[$0].position }).sorted()
        let position = positions[min(occurrence, positions.count - 1)]
        return candidates.last { entries[$0].position == position }.map { entries[$0] }
    }

    /// Clients of other servers send back nothing of a message but its words.
    private func bare(_ item: JSON) -> [Int]? {
        guard item["type"]?.string == "message", item["id"] == nil, item["phase"] == nil else { return nil }
        return byBareWords[Fingerprint(words: item)]
    }

    /// The last item of an input that this simulator sent, and where it stands.
    func lastKnown<Input: BidirectionalCollection<JSON>>(in input: Input) -> (index: Input.Index, entry: Entry)? {
        for index in input.indices.reversed() {
            let item = input[index]
            guard let entry = origin(of: item) else { continue }
            guard item["call_id"] == nil, item["id"] == nil || byID(item["id"]?.string ?? "") == nil else {
                return (index, entry)
            }
            let content = Fingerprint(item)
            let before = input[..<index].count { Fingerprint($0) == content }
            return (index, origin(of: item, occurrence: before) ?? entry)
        }
        return nil
    }
}
