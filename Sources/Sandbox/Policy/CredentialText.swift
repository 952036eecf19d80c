/// Finds passwords in values such as URLs.
///
/// Prefers false positives: the user can allow a variable by name.
public enum CredentialText {
    /// Whether a text contains one: `scheme://user:password@host`, `user:password@host`, `password=…`.
    public static func isIn(_ text: String) -> Bool {
        let upper = text.uppercased()
        if assignments.contains(where: upper.contains) { return true }
        var rest = text[...]
        while let scheme = rest.firstRange(of: "://") {
            let name = rest[..<scheme.lowerBound].suffix(while: { $0.isLetter || $0 == "+" })
            rest = rest[scheme.upperBound...]
            if hasUser(rest, allowsNameAlone: name.lowercased().hasSuffix("ssh") || name.lowercased() == "git") {
                return true
            }
        }
        // The form of a proxy for curl and pip; never a list of paths.
        return !text.contains("://") && !text.contains("/") && hasPassword(text[...])
    }

    private static let assignments = [
        "PASSWORD=", "PASSWD=", "PWD=", "PASSPHRASE=", "TOKEN=", "SECRET=", "APIKEY=", "API_KEY=", "ACCOUNTKEY=",
        "ACCESSKEY=", "ACCESS_KEY=",
    ]

    /// Reads the text after `://`.
    private static func hasUser(_ text: Substring, allowsNameAlone: Bool) -> Bool {
        let authority = text.prefix { !"/?#".contains($0) && !$0.isWhitespace }
        if let at = authority.lastIndex(of: "@"), at != authority.startIndex {
            // A name alone may be a token, except for programs that ask for a key anyway.
            return !allowsNameAlone || authority[..<at].contains(":")
        }
        // A slash in a password should be escaped and often is not.
        guard let colon = authority.firstIndex(of: ":") else { return false }
        let port = authority[authority.index(after: colon)...]
        guard port.isEmpty || !port.allSatisfy(\.isNumber) else { return false }
        return text.prefix { !$0.isWhitespace }.contains("@")
    }

    private static func hasPassword(_ text: Substring) -> Bool {
        guard let at = text.lastIndex(of: "@"), let colon = text.firstIndex(of: ":") else { return false }
        return text.startIndex < colon && colon < at && text.index(after: at) < text.endIndex
    }
}

extension StringProtocol {
    /// The longest suffix whose characters all satisfy a condition.
    fileprivate func suffix(while condition: (Character) -> Bool) -> SubSequence {
        var start = endIndex
        while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
