/// What differs in two lines that look the same in print.
struct AlikeText {
    /// Where they begin to differ, in characters from 1.
    let column: Int
    /// The code points there, such as `U+0438 U+0306`; "nothing" where the line has ended.
    let file: String
    let patch: String

    /// Compares a line of a file with one of a patch; nil if they are equal, or differ visibly in the first place.
    init?(file: LineBytes, patch: LineBytes) {
        let there = Array(String(decoding: file, as: UTF8.self))
        let here = Array(String(decoding: patch, as: UTF8.self))
        let common = zip(there, here).prefix { $0.unicodeScalars.elementsEqual($1.unicodeScalars) }.count
        let (one, other) = (there.dropFirst(common).first, here.dropFirst(common).first)
        guard one != nil || other != nil else { return nil }
        let (seen, wanted) = (one.map(Self.look) ?? "", other.map(Self.look) ?? "")
        // What prints nothing, and blanks at the end, make two characters alike whatever stands there.
        let isBlankEnd = (one == nil && wanted == " ") || (other == nil && seen == " ")
        let isHidden = (one != nil && seen.isEmpty) || (other != nil && wanted.isEmpty)
        guard seen == wanted || isBlankEnd || isHidden else { return nil }
        column = common + 1
        self.file = Self.codePoints(one)
        self.patch = Self.codePoints(other)
    }

    private static func codePoints(_ character: Character?) -> String {
        guard let character else { return "nothing" }
        let points = character.unicodeScalars.prefix(4).map { scalar in
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
        return points.joined(separator: " ")
    }

    /// How a character looks: without what prints nothing, all blanks as a space, letters of other scripts as the Latin
    /// ones they look like. Canonically equivalent characters look the same, since Swift compares texts so.
    private static func look(_ character: Character) -> String {
        var look = ""
        for scalar in character.unicodeScalars {
            if scalar.properties.isWhitespace {
                look += " "
            } else if let letter = latin[scalar] {
                look.unicodeScalars.append(letter)
            } else if (0xFF01...0xFF5E).contains(scalar.value), let narrow = Unicode.Scalar(scalar.value - 0xFEE0) {
                look.unicodeScalars.append(narrow)
            } else if !scalar.properties.isDefaultIgnorableCodePoint, scalar.properties.generalCategory != .control {
                look.unicodeScalars.append(scalar)
            }
        }
        return look
    }

    private static let latin: [Unicode.Scalar: Unicode.Scalar] = {
        let pairs: [(String, String)] = [
            // Cyrillic, Greek, Armenian and Cherokee letters, and signs.
            ("АВЕЅІЈКМНОРСТХҮԌԚԜҺӀ", "ABESIJKMHOPCTXYGQWhI"), ("аеѕіјорсухһԁԛԝӏɡ", "aesijopcyxhdqwlg"),
            ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"), ("ανορυϲϳı", "avopucji"), ("ՕՏԼօոսհց", "OSLonuhg"),
            ("‐‑‒–—―−﹣", "--------"), ("‘’‚‛′ʼ`´", "''''''''"), ("“”„‟″", "\"\"\"\"\""), ("∶ː։׃", "::::"),
            ("∕⁄⧸", "///"), ("․‧·•∙⋅", "......"), ("‚ˏ", ",,"), ("ǃⵑ", "!!"), ("ǀ∣｜", "|||"), ("∗⁎٭", "***"),
            ("˂‹", "<<"),
            ("˃›", ">>"), ("˄ˆ", "^^"), ("˜∼", "~~"), (";", ";"), ("₋", "-"),
        ]
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        for (others, letters) in pairs {
            for (other, letter) in zip(others.unicodeScalars, letters.unicodeScalars) { table[other] = letter }
        }
        return table
    }()
}
