/// What is written into the address bar.
///
/// A headless browser has none, but models press CTRL+L, write an address and press ENTER, as in every browser.
struct AddressLine: Sendable, Equatable {
    /// What is written so far.
    private(set) var text = ""

    /// What comes of keys.
    enum Outcome: Sendable, Equatable {
        /// More is to be written.
        case goesOn
        /// It was left.
        case left
        /// This is to be opened.
        case open(String)
    }

    /// Writes text; a line end opens what is there.
    mutating func write(_ more: String) -> Outcome {
        guard let end = more.firstIndex(where: \.isNewline) else {
            text += more
            return .goesOn
        }
        return .open(text + more[..<end])
    }

    /// Takes keys.
    mutating func press(_ chord: KeyChord) -> Outcome {
        if chord.isShortcut(.control, "a") || chord.isShortcut(.control, "l") {
            // What is marked is replaced by what is written next.
            text = ""
            return .goesOn
        }
        for key in chord.pressed {
            switch key.name {
            case "Enter": return .open(text)
            case "Escape": return .left
            case "Backspace": if !text.isEmpty { text.removeLast() }
            case "Delete": text = ""
            default:
                guard chord.modifiers.subtracting(.shift).isEmpty else { continue }
                text += (chord.modifiers.contains(.shift) ? key.shifted : key).text ?? ""
            }
        }
        return .goesOn
    }
}
