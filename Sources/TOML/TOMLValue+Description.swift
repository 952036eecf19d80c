extension TOMLValue: CustomStringConvertible {
    /// The value as TOML writes it, on one line.
    public var description: String {
        switch self {
        case .string(let text): text.quotedForTOML
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .dateTime(let dateTime): dateTime.description
        case .array(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .table(let table):
            "{" + table.entries.map { "\($0.key.asKeyForTOML) = \($0.value)" }.joined(separator: ", ") + "}"
        }
    }
}

extension TOMLTable: CustomStringConvertible {
    /// A text that is read as an equal table: a line for each key.
    public var description: String { entries.map { "\($0.key.asKeyForTOML) = \($0.value)\n" }.joined() }
}

extension String {
    fileprivate var asKeyForTOML: String { !isEmpty && utf8.allSatisfy(\.isBare) ? self : quotedForTOML }

    fileprivate var quotedForTOML: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            if scalar.value < 0x20 || scalar.value == 0x7F {
                quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
