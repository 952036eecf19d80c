import Glibc
import JSON
import Responses

/// Ranks tools by a search, by the words of their names, descriptions and parameters (Okapi BM25).
struct ToolIndex {
    private struct Entry {
        let counts: [String: Double]
        let length: Double
    }

    private let entries: [Entry]
    private let frequencies: [String: Int]
    private let averageLength: Double

    /// How much a word of the name counts, and one of the description.
    private static let nameWeight = 4.0
    private static let descriptionWeight = 1.5
    /// The usual constants: how soon a repeated word counts no more, and how much long texts are held back.
    private static let saturation = 1.2
    private static let lengthShare = 0.75

    /// Takes in tools; their positions are what a search gives.
    init(_ tools: [any Tool]) {
        entries = tools.map { tool in
            var counts: [String: Double] = [:]
            func add(_ text: String, _ weight: Double) {
                for word in Self.words(of: text) { counts[word, default: 0] += weight }
            }
            add(tool.name, Self.nameWeight)
            add(tool.namespace?.name ?? "", 1)
            if case .function(_, let description, let parameters, _, _) = tool.definition {
                add(description, Self.descriptionWeight)
                if let schema = try? JSON(parameters) { Self.addParameters(of: schema, depth: 0) { add($0, 1) } }
            }
            return Entry(counts: counts, length: counts.values.reduce(0, +))
        }
        var frequencies: [String: Int] = [:]
        for entry in entries { for word in entry.counts.keys { frequencies[word, default: 0] += 1 } }
        self.frequencies = frequencies
        averageLength = max(entries.reduce(0) { $0 + $1.length } / Double(max(entries.count, 1)), 1)
    }

    /// The positions of the tools that fit, best first; those that fit equally in their order.
    func search(_ query: String, limit: Int) -> [Int] {
        let words = Set(Self.words(of: query))
        let count = Double(entries.count)
        let scored = entries.enumerated().compactMap { index, entry -> (index: Int, score: Double)? in
            var score = 0.0
            for word in words {
                guard let times = entry.counts[word], let known = frequencies[word] else { continue }
                let rarity = log(1 + (count - Double(known) + 0.5) / (Double(known) + 0.5))
                let room = Self.saturation * (1 - Self.lengthShare + Self.lengthShare * entry.length / averageLength)
                score += rarity * times * (Self.saturation + 1) / (times + room)
            }
            return score > 0 ? (index, score) : nil
        }
        return scored.sorted { ($1.score, $0.index) < ($0.score, $1.index) }.prefix(limit).map(\.index)
    }

    /// The names and descriptions of parameters, also of those within others.
    private static func addParameters(of schema: JSON, depth: Int, _ add: (String) -> Void) {
        guard depth < 4, let properties = schema["properties"] else { return }
        for member in properties.members {
            add(member.key)
            if let text = member.value["description"]?.string { add(text) }
            addParameters(of: member.value, depth: depth + 1, add)
        }
    }

    /// The words of a text: runs of letters and digits, apart where a small letter meets a capital, without endings that
    /// English adds to one word.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasSmall = false
        func finish() {
            if word.utf8.count > 1 || word.first?.isNumber == true { words.append(stem(word)) }
            word = ""
        }
        for character in text {
            guard character.isLetter || character.isNumber else {
                finish()
                wasSmall = false
                continue
            }
            if character.isUppercase, wasSmall { finish() }
            wasSmall = character.isLowercase
            word += character.lowercased()
        }
        finish()
        return words
    }

    /// A word without the endings that make it plural or past; the same for all of its forms, not a word itself.
    private static func stem(_ word: String) -> String {
        var word = word[...]
        func drop(_ ending: String) -> Bool {
            guard word.hasSuffix(ending), word.count >= ending.count + 3 else { return false }
            word = word.dropLast(ending.count)
            return true
        }
        if drop("ies") {
            word += "y"
        } else if word.hasSuffix("ches") || word.hasSuffix("shes") || word.hasSuffix("xes") || word.hasSuffix("sses") {
            _ = drop("es")
        } else if !["ss", "us", "is"].contains(where: word.hasSuffix) {
            _ = drop("s")
        }
        if !drop("ing") { _ = drop("ed") }
        _ = drop("e")
        return String(word)
    }
}
