import JSON
import Repository
import Responses
import Text
import Workspace

/// Reads the arguments of `order_commits` as a plan, in several spellings of hunks.
struct SeriesPlanReader {
    /// The most commits; each one costs a tree and a copy of every changed file.
    private static let mostCommits = 50

    let diff: TreeDiff
    let messages: StepMessage

    /// Returns the plan if each hunk of the change is in exactly one commit.
    func plan(_ arguments: JSON) throws(ToolRefusal) -> SeriesPlan {
        guard let list = arguments["commits"], list.kind == .array else {
            throw ToolRefusal("order_commits needs an array \"commits\"")
        }
        var commits: [SeriesPlan.Commit] = []
        for (position, commit) in list.elements.enumerated() {
            guard position < Self.mostCommits else {
                throw ToolRefusal("these are too many commits; make a few, at most \(Self.mostCommits)")
            }
            let why = commit["why"]?.string ?? commit["body"]?.string ?? ""
            guard let message = messages.message(subject: commit["subject"]?.string ?? "", why: why) else {
                throw ToolRefusal("commit \(position + 1) has no subject")
            }
            let pieces = try hunks(commit["hunks"], of: position + 1)
            commits.append(SeriesPlan.Commit(message: message, pieces: pieces))
        }
        do throws(SeriesPlan.Flaw) { return try SeriesPlan(commits, of: diff) } catch {
            throw ToolRefusal(Self.sentence(error, last: diff.pieces.count))
        }
    }

    /// Reads `"h3"`, `3`, `"h5-h9"`, `"5-9"`, and lists of these in one text.
    private func hunks(_ value: JSON?, of commit: Int) throws(ToolRefusal) -> Set<Int> {
        guard let value else { return [] }
        var pieces: Set<Int> = []
        for element in value.kind == .array ? Array(value.elements) : [value] {
            if let number = element.int {
                pieces.insert(number)
                continue
            }
            guard let text = element.string else {
                throw ToolRefusal("commit \(commit): a hunk is named by its id, such as \"h3\" or \"h5-h9\"")
            }
            for word in Self.words(text) {
                guard let range = Self.range(word) else {
                    throw ToolRefusal("commit \(commit): there is no hunk \(word.prefix(40).quoted)")
                }
                // Before the numbers are listed, since a range may be huge.
                guard range.upperBound <= diff.pieces.count else {
                    throw ToolRefusal(
                        Self.sentence(.unknown([range.upperBound], commit: commit), last: diff.pieces.count))
                }
                pieces.formUnion(range)
            }
        }
        return pieces
    }

    /// The words between commas and blanks; a range with blanks around its dash is one word.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var isOpen = false
        for part in text.replacing("..", with: "-").replacing("–", with: "-").replacing("-", with: " - ")
            .split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == ";" })
        {
            if part == "-" || isOpen, let last = words.popLast() {
                words.append(last + part)
            } else {
                words.append(String(part))
            }
            isOpen = part == "-"
        }
        return words
    }

    private static func range(_ word: String) -> ClosedRange<Int>? {
        let ends = word.split(separator: "-", omittingEmptySubsequences: false).map(number)
        guard let first = ends[0], let last = ends[ends.count - 1], ends.count <= 2, first <= last else { return nil }
        return first...last
    }

    private static func number(_ word: Substring) -> Int? {
        let digits = word.first == "h" || word.first == "H" ? word.dropFirst() : word
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(digits)
    }

    private static func sentence(_ flaw: SeriesPlan.Flaw, last: Int) -> String {
        switch flaw {
        case .empty: "\"commits\" is empty; name at least one commit"
        case .nothing(let commit): "commit \(commit) has no hunks"
        case .unknown(let hunks, let commit):
            "commit \(commit): there is no hunk \(spelled(hunks)); the hunks are h1 to h\(last)"
        case .repeated(let hunks, let commit):
            "commit \(commit): \(spelled(hunks)) in an earlier commit already; every hunk goes into exactly one"
        case .missing(let hunks): "in no commit: \(spelled(hunks)); every hunk goes into exactly one"
        }
    }

    /// The numbers as ids and ranges of ids, the first few of them.
    static func spelled(_ numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        let names = ranges.prefix(10).map {
            $0.count == 1 ? "h\($0.lowerBound)" : "h\($0.lowerBound)-h\($0.upperBound)"
        }
        return names.joined(separator: ", ") + (ranges.count > 10 ? " and more" : "")
    }
}
