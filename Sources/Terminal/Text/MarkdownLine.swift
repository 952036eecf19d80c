/// What kind of line a line of Markdown is, told by its beginning.
enum MarkdownLine: Equatable {
    /// Words; lines after the first begin with so many columns.
    case prose(indent: Int)
    /// A heading, and how many characters mark it.
    case heading(marks: Int)
    /// The beginning or end of a block of code.
    case fence
    /// A line that keeps its form: of a table, or indented as code.
    case asIs

    /// Tells by the beginning of a line; nil while more of it is needed.
    ///
    /// - Parameter isWhole: Whether there is no more.
    init?(_ text: Substring, isWhole: Bool) {
        let spaces = text.prefix { $0 == " " }.count
        let body = text.dropFirst(spaces)
        guard let first = body.first else {
            guard isWhole else { return nil }
            self = .prose(indent: 0)
            return
        }
        let run = body.prefix { $0 == first }.count
        let next = body.dropFirst(run).first
        let isOpen = next == nil && !isWhole
        switch first {
        case "\t": self = .asIs
        case "|": self = .asIs
        case "#" where isOpen: return nil
        case "#" where run <= 6 && next == " ": self = .heading(marks: spaces + run + 1)
        case "`" where isOpen && run < 3, "~" where isOpen && run < 3: return nil
        case "`" where run >= 3, "~" where run >= 3: self = .fence
        case "-" where isOpen, "*" where isOpen, "+" where isOpen, ">" where isOpen: return nil
        case "-" where run == 1 && next == " ", "*" where run == 1 && next == " ", "+" where run == 1 && next == " ",
            ">" where run == 1 && next == " ":
            self = .prose(indent: spaces + 2)
        case "0"..."9":
            let digits = body.prefix { $0.isNumber }.count
            let rest = body.dropFirst(digits)
            if digits <= 3, !isWhole, rest.count < 2, rest.isEmpty || rest.first == "." || rest.first == ")" {
                return nil
            }
            let isItem = digits <= 3 && (rest.hasPrefix(". ") || rest.hasPrefix(") "))
            self = .prose(indent: isItem ? spaces + digits + 2 : spaces)
        default: self = .prose(indent: spaces)
        }
    }
}
