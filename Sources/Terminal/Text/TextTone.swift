/// What a stretch of text means on the screen, shown in the 16 colours that every terminal has.
public enum TextTone: Sendable, Hashable, CaseIterable {
    case plain, faint, strong, good, bad, warning, place
    /// The bar at the top or bottom of a screen.
    case bar
    /// What a cursor rests on.
    case selected
    /// Lines of a diff, and the words in them that differ.
    case added, removed, addedWord, removedWord
    /// The name of what cannot be seen.
    case invisible

    /// The parameters of the escape sequence SGR (ECMA-48, 8.3.117); nil for none.
    var graphicRendition: String? {
        switch self {
        case .plain: nil
        case .faint: "2"
        case .strong: "1"
        case .good, .added: "32"
        case .bad, .removed: "31"
        case .warning: "33"
        case .place: "36"
        case .bar: "7"
        case .selected: "1;7"
        case .addedWord: "32;7"
        case .removedWord: "31;7"
        case .invisible: "35;7"
        }
    }

    /// The parameters without colours: only what a bar or a selection needs.
    fileprivate var colorless: String? {
        switch self {
        case .bar, .selected: "7"
        case .strong: "1"
        default: nil
        }
    }

    /// The parameters with or without colours.
    func rendition(hasColor: Bool) -> String? { hasColor ? graphicRendition : colorless }
}
