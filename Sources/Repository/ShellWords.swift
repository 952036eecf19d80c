/// The words of a shell command that can be told without running it.
struct ShellWords {
    /// One word, unquoted, with the variables and the home folder that are known put in.
    struct Word: Hashable {
        let text: String
        /// The word that names the program it belongs to, itself for a program.
        let program: String
        let isProgram: Bool
    }

    private(set) var words: [Word] = []
    /// Whether the command goes to another folder, evaluates text, or puts in the output of another one.
    private(set) var isOpaque = false

    private var text = ""
    private var hasText = false
    private var program: String?
    private let variables: [String: String]

    init(_ command: String, variables: [String: String]) {
        self.variables = variables
        var rest = Substring(command)
        while let character = rest.popFirst() { take(character, &rest) }
        endWord()
    }

    private mutating func take(_ character: Character, _ rest: inout Substring) {
        switch character {
        case "'":
            hasText = true
            text += rest.prefix { $0 != "'" }
            rest = rest.drop { $0 != "'" }.dropFirst()
        case "\"":
            hasText = true
            while let inner = rest.popFirst(), inner != "\"" {
                switch inner {
                case "\\": if let next = rest.popFirst() { text.append(next) }
                case "$": expand(&rest)
                case "`": isOpaque = true
                default: text.append(inner)
                }
            }
        case "\\":
            hasText = true
            if let next = rest.popFirst() { text.append(next) }
        case "$":
            hasText = true
            expand(&rest)
        case "`":
            isOpaque = true
        case "~" where !hasText && (rest.first == "/" || rest.isEmpty):
            hasText = true
            text += variables["HOME"] ?? "~"
        case " ", "\t", "<", ">":
            endWord()
        case "|", "&", ";", "(", ")", "\n":
            endWord()
            program = nil
        default:
            hasText = true
            text.append(character)
        }
    }

    private mutating func expand(_ rest: inout Substring) {
        switch rest.first {
        case "(":
            isOpaque = true
        case "{":
            let name = rest.dropFirst().prefix { $0 != "}" }
            rest = rest.drop { $0 != "}" }.dropFirst()
            if name.allSatisfy(Self.isName) { text += variables[String(name)] ?? "" } else { isOpaque = true }
        case let first? where Self.isName(first):
            let name = rest.prefix(while: Self.isName)
            rest = rest.dropFirst(name.count)
            text += variables[String(name)] ?? ""
        default:
            text.append("$")
        }
    }

    private mutating func endWord() {
        defer { (text, hasText) = ("", false) }
        guard hasText else { return }
        if program == nil {
            let name = text.prefix { $0 != "=" }
            let isAssignment = name.count < text.count && !name.isEmpty && name.allSatisfy(Self.isName)
            if isAssignment || ["!", "{", "}", "if", "then", "else", "do", "while"].contains(text) { return }
            if ["cd", "eval", "pushd"].contains(text) { isOpaque = true }
            program = text
            words.append(Word(text: text, program: text, isProgram: true))
        } else {
            words.append(Word(text: text, program: program ?? "", isProgram: false))
        }
    }

    private static func isName(_ character: Character) -> Bool {
        character == "_" || (character.isASCII && (character.isLetter || character.isNumber))
    }
}
