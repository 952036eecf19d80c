/// The tools beyond the usual ones that are on.
public struct ToolSelection: Sendable, Equatable {
    /// The tools, each once, in the order in which they were chosen.
    public private(set) var choices: [ToolChoice] = []
    /// Whether these are all, whatever the next source has.
    public private(set) var isWhole = false

    /// Turns nothing on.
    public init() {}

    /// Turns tools on; a later choice takes the place of an earlier one of the same tool.
    public init(_ choices: [ToolChoice], isWhole: Bool = false) {
        self.isWhole = isWhole
        for choice in choices { add(choice) }
    }

    /// Reads the words of `--tool`, of which `none` stands for nothing of what is on otherwise.
    ///
    /// - Throws: `.value` for the first that is no tool.
    public init(spelled words: [String]) throws(ConfigurationError) {
        var choices: [ToolChoice] = []
        for word in words where word != "none" { choices.append(try ToolChoice(spelled: word)) }
        self.init(choices, isWhole: words.contains("none"))
    }

    /// These tools, and those of the next source unless these are all.
    func over(_ other: ToolSelection) -> ToolSelection {
        isWhole ? self : ToolSelection(other.choices + choices, isWhole: other.isWhole)
    }

    private mutating func add(_ choice: ToolChoice) {
        choices.removeAll { choice.replaces($0) }
        choices.append(choice)
    }
}
