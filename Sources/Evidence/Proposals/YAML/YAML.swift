/// A value of a YAML file, as far as CI definitions need it told.
indirect enum YAML: Equatable {
    /// A scalar as text, whatever type it would have.
    case text(String)
    case list([YAML])
    /// Keys and values in the order of the file.
    case map([Entry])
    /// What only a whole reader of YAML could tell: an alias, a tag; with words for a person.
    case unusable(String)
    /// Nothing.
    case none

    struct Entry: Equatable {
        let key: String
        let value: YAML
    }

    /// The value of a key of a map.
    subscript(_ key: String) -> YAML {
        guard case .map(let entries) = self else { return .none }
        return entries.last { $0.key == key }?.value ?? .none
    }

    /// The text of a scalar.
    var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The entries of a map; none of anything else.
    var entries: [Entry] { if case .map(let entries) = self { entries } else { [] } }

    /// The values of a list; a single value is a list of one, nothing is none.
    var elements: [YAML] {
        switch self {
        case .list(let values): values
        case .none: []
        default: [self]
        }
    }

    /// The scalars of a map by their keys.
    var texts: [String: String] {
        var texts: [String: String] = [:]
        for entry in entries { texts[entry.key] = entry.value.text }
        return texts
    }
}
