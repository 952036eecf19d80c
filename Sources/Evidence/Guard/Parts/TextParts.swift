/// The protected parts of manifests that are read as text.
enum TextParts {
    /// The lines that are wanted, in lower case and without the space around them.
    static func lines(of bytes: [UInt8], where isWanted: (String) -> Bool) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { !$0.isEmpty && isWanted($0.lowercased()) }
    }

    /// The lines of `setup.cfg` that are of neither metadata nor packages.
    static func sections(of bytes: [UInt8]) -> [String] {
        var isFree = false
        var found: [String] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let text = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if line.first == "[" {
                let name = text.dropFirst().prefix { $0 != "]" }
                isFree = facts.contains(String(name)) || name.hasPrefix("options.") || name.hasPrefix("bumpversion")
            }
            if !isFree, !text.isEmpty, text.first != "#", text.first != ";" { found.append(text) }
        }
        return found
    }

    private static let facts: Set<String> = [
        "metadata", "options", "bdist_wheel", "egg_info", "sdist", "build_ext", "versioneer", "upload_docs", "wheel",
        "build_sphinx", "extract_messages", "compile_catalog", "zest.releaser",
    ]

    /// A build script without some blocks in braces; nil where they are not closed.
    static func withoutBlocks(_ bytes: [UInt8], named names: Set<String>) -> [String]? {
        var (depth, isCut) = (0, false)
        var kept: [String] = []
        for line in lines(of: bytes, where: { _ in true }) {
            if depth == 0 || !isCut {
                let word = line.prefix { $0.isLetter || $0.isNumber }
                if names.contains(String(word)), line.hasSuffix("{"), !isCut {
                    (isCut, depth) = (true, 1)
                    continue
                }
                kept.append(line)
                continue
            }
            depth += line.count { $0 == "{" } - line.count { $0 == "}" }
            if depth <= 0 { isCut = false }
        }
        return isCut ? nil : kept
    }

    /// Elements of `pom.xml` that say what a project is and needs.
    private static let elements: Set<String> = [
        "dependencies", "dependencyManagement", "repositories", "description", "developers", "licenses", "scm", "url",
        "organization", "issueManagement", "distributionManagement", "inceptionYear", "contributors",
    ]

    /// The lines of `pom.xml` without those elements; nil where they are not closed.
    static func withoutElements(_ bytes: [UInt8]) -> [String]? {
        var open: String?
        var kept: [String] = []
        for line in lines(of: bytes, where: { _ in true }) {
            if let name = open {
                if line.contains("</\(name)>") { open = nil }
                continue
            }
            let name = line.first == "<" ? String(line.dropFirst().prefix { $0.isLetter }) : ""
            guard elements.contains(name) else {
                kept.append(line)
                continue
            }
            if !line.contains("</\(name)>"), !line.hasSuffix("/>") { open = name }
        }
        return open == nil ? kept : nil
    }
}
