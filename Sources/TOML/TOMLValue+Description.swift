import Text

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
    /// TOML that is read as an equal table, one line for each key.
    public var description: String { entries.map { "\($0.key.asKeyForTOML) = \($0.value)\n" }.joined() }
}

extension String {
    fileprivate var asKeyForTOML: String { !isEmpty && utf8.allSatisfy(\.isBare) ? self : quotedForTOML }

    fileprivate var quotedForTOML: String {
        var quoted = "\""
        var reader = EffectReader()
        var rest = unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            if reader.effect(of: scalar, before: rest.first) == nil {
                quoted.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                let length = digits.utf8.count > 4 ? 8 : 4
                quoted += length > 4 ? "\\U" : "\\u"
                quoted += String(repeating: "0", count: length - digits.utf8.count) + digits
            }
        }
        return quoted + "\""
    }
}
