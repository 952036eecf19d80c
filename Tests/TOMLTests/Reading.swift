import TOML

/// The value of `x` in a text.
func value(of text: String) throws -> TOMLValue? { try TOMLTable(parsing: text)["x"] }

extension TOMLTable {
    /// The whole as a text that shows structure only: `{a=1,b=[{c="x"}]}`.
    var outline: String {
        "{" + entries.map { "\($0.key)=\($0.value.outline)" }.joined(separator: ",") + "}"
    }
}

extension TOMLValue {
    var outline: String {
        switch self {
        case .string(let text): "\"\(text)\""
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .dateTime(let dateTime): "\(dateTime)"
        case .array(let values): "[" + values.map(\.outline).joined(separator: ",") + "]"
        case .table(let table): table.outline
        }
    }
}
