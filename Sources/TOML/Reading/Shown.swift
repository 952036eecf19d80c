extension StringProtocol {
    /// The text as it may stand in a message for a person: what cannot be seen, or would change how the rest is shown,
    /// as its number.
    var shown: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                text += "U+" + String(repeating: "0", count: Swift.max(0, 4 - scalar.digits.count)) + scalar.digits
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// A name as it stands in a key, cut if it is very long.
    var shownAsKey: String {
        let isBare = !isEmpty && utf8.allSatisfy(\.isBare)
        let cut = count > 60 ? "\(prefix(60))…" : "\(self)"
        return isBare ? cut : "\"\(cut.shown)\""
    }
}

extension Unicode.Scalar {
    fileprivate var digits: String { String(value, radix: 16, uppercase: true) }
}
