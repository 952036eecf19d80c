import Text

/// What a reader sees of a name: equal for names of which only case, composition or hidden characters differ.
struct Likeness: Equatable {
    private let text: String

    init(_ name: BytePath) {
        var seen = String.UnicodeScalarView()
        for scalar in name.text.unicodeScalars {
            switch scalar.effect {
            case .hidden, .direction: break
            case .blank: seen.append(" ")
            default: seen.append(scalar)
            }
        }
        // Strings are equal when their canonical forms are, which is what is wanted here.
        text = String(seen).lowercased()
    }
}

extension PatchError {
    /// The error of a path at which nothing stands; `remedy` says what was wanted and what to do.
    static func missing(_ path: PatchPath, _ remedy: String, lookalikes: [BytePath]) -> PatchError {
        var message = "\(path): there is no such file to \(remedy)"
        if !lookalikes.isEmpty {
            let names = lookalikes.prefix(3).map { "'\($0.spelledOut)'" }.joined(separator: " and ")
            message += " There is \(names), a name that is written otherwise; "
            message +=
                "the patch has '\(path.path.spelledOut)'. Use the other one exactly, or change it with a command."
        }
        return PatchError(.fileMissing, message, path: path.path.text)
    }
}

extension BytePath {
    /// The path with the code point of each character beyond ASCII.
    fileprivate var spelledOut: String {
        text.named.unicodeScalars.map { scalar in
            scalar.isASCII ? String(scalar) : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }.joined()
    }
}
