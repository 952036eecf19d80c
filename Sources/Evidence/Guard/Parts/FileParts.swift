import Text

/// A kind of file of which only parts are protected: those that say how it is checked.
///
/// What is not known to be harmless is protected, and all of a file whose text cannot be read.
enum FileParts: Sendable, Hashable {
    case packageJSON, composerJSON
    case pyproject, cargo, pipfile
    case setupConfiguration
    case pom, gradle, dotnet
    /// Lines that have one of these words.
    case lines([String])

    /// The kind of a file, by its name; nil for a file without such parts.
    init?(of path: BytePath) {
        let name = path.name.text.lowercased()
        switch name {
        case "package.json": self = .packageJSON
        case "composer.json": self = .composerJSON
        case "pyproject.toml": self = .pyproject
        case "cargo.toml": self = .cargo
        case "pipfile": self = .pipfile
        case "setup.cfg": self = .setupConfiguration
        case "pom.xml": self = .pom
        default:
            if [".gradle", ".gradle.kts"].contains(where: name.hasSuffix) {
                self = .gradle
            } else if [".csproj", ".fsproj", ".vbproj"].contains(where: name.hasSuffix) {
                self = .dotnet
            } else if let words = Self.words[name] ?? Self.words["." + (name.split(separator: ".").last ?? "")] {
                self = .lines(words)
            } else {
                return nil
            }
        }
    }

    /// Whether they are protected whatever the command is.
    var isUsual: Bool {
        switch self {
        case .packageJSON, .composerJSON, .pyproject, .cargo, .setupConfiguration: true
        case .pipfile, .pom, .gradle, .dotnet, .lines: false
        }
    }

    /// The words of the lines that say how a project is checked, by names and endings of files.
    private static let words: [String: [String]] = [
        "cmakelists.txt": ["test", "will_fail", "-w", "ndebug", "saniti", "regular_expression"],
        ".cmake": ["test", "will_fail", "-w", "ndebug", "saniti", "regular_expression"],
        "meson.build": ["test", "werror", "warning_level", "ndebug", "saniti", "should_fail"],
        "package.swift": ["test", "exclude", "unsafeflags", "warning"],
        "mix.exs": ["test", "aliases", "warnings_as_errors"],
        ".cabal": ["test", "ghc-options"], "package.yaml": ["test", "ghc-options"],
        "dune": ["test", "alias", "flags", "enabled_if"],
        "build": ["test", "copts", "tags", "flaky"], "build.bazel": ["test", "copts", "tags", "flaky"],
        "go.mod": ["replace", "=>", "exclude", "ignore"], ".sln": ["test"], ".slnx": ["test"],
        ".pbxproj": ["test", "warn"],
    ]

    /// Whether the protected parts of two versions differ; nil stands for a file that is not there.
    func differ(_ old: [UInt8]?, _ new: [UInt8]?) -> Bool {
        if old == new { return false }
        // Where one cannot be read nobody knows what the tool makes of it.
        guard let before = parts(of: old), let after = parts(of: new) else { return true }
        return before != after
    }

    /// The protected parts in an order of their own; nil for a text that cannot be read.
    private func parts(of bytes: [UInt8]?) -> [String]? {
        guard let bytes else { return [] }
        switch self {
        case .packageJSON: return JSONParts.of(bytes, without: JSONParts.packageFacts)
        case .composerJSON: return JSONParts.of(bytes, without: JSONParts.composerFacts)
        case .pyproject: return TOMLParts.pyproject.of(bytes)
        case .cargo: return TOMLParts.cargo.of(bytes)
        case .pipfile: return TOMLParts.pipfile.of(bytes)
        case .setupConfiguration: return TextParts.sections(of: bytes)
        case .pom: return TextParts.withoutElements(bytes)
        case .gradle: return TextParts.withoutBlocks(bytes, named: ["dependencies", "repositories"])
        case .dotnet:
            return TextParts.lines(of: bytes) { line in
                !["packagereference", "projectreference", "<compile ", "<version>"].contains { line.contains($0) }
            }
        case .lines(let words):
            return TextParts.lines(of: bytes) { line in words.contains { line.contains($0) } }
        }
    }
}
