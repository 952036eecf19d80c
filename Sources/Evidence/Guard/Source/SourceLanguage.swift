import Text

/// The language of a file, as far as it matters for what is code, comment and string in it.
enum SourceLanguage: String, Sendable, CaseIterable {
    case python, shell, ruby, perl, javascript, go, rust, c, java, csharp, swift, php, lua, elixir, haskell, zig, d,
        dart
    case make, yaml, json, toml, ini, docker, cmake
    /// Text for people, and data.
    case document
    /// Anything else.
    case other

    /// The language of a file, by its name and its first line.
    init(_ path: BytePath, firstLine: ArraySlice<UInt8>) {
        let name = path.name.text.lowercased()
        if let known = Self.names[name] {
            self = known
        } else if name.hasPrefix("makefile") || name.hasSuffix(".mk") {
            self = .make
        } else if name.hasPrefix("dockerfile") {
            self = .docker
        } else if let dot = name.lastIndex(of: "."), let known = Self.endings[String(name[name.index(after: dot)...])] {
            self = known
        } else {
            self = Self.interpreter(firstLine) ?? .other
        }
    }

    private static func interpreter(_ line: ArraySlice<UInt8>) -> SourceLanguage? {
        let text = String(decoding: line.prefix(200), as: UTF8.self)
        guard text.hasPrefix("#!") else { return nil }
        let words = text.dropFirst(2).split { $0 == "/" || $0.isWhitespace }
        for (stem, language) in [
            ("python", Self.python), ("bash", .shell), ("sh", .shell), ("dash", .shell), ("zsh", .shell),
            ("ruby", .ruby), ("node", .javascript), ("deno", .javascript), ("perl", .perl), ("php", .php),
            ("lua", .lua),
        ] where words.contains(where: { $0.hasPrefix(stem) }) {
            return language
        }
        return nil
    }

    private static let names: [String: SourceLanguage] = [
        "gnumakefile": .make, "cmakelists.txt": .cmake, "rakefile": .ruby, "gemfile": .ruby, "guardfile": .ruby,
        "vagrantfile": .ruby, "jenkinsfile": .java, "justfile": .shell, "pipfile": .toml, ".rspec": .shell,
        ".coveragerc": .ini, ".flake8": .ini, ".pylintrc": .ini, "pylintrc": .ini, ".eslintrc": .yaml,
        ".mocharc": .yaml, "go.mod": .other, ".envrc": .shell, ".env": .shell, "procfile": .shell,
    ]

    private static let endings: [String: SourceLanguage] = [
        "py": .python, "pyi": .python, "pyx": .python, "pyw": .python, "pth": .python, "sh": .shell, "bash": .shell,
        "zsh": .shell, "ksh": .shell, "bats": .shell, "fish": .shell, "rb": .ruby, "rake": .ruby, "gemspec": .ruby,
        "cr": .ruby, "pl": .perl, "pm": .perl, "t": .perl, "js": .javascript, "mjs": .javascript, "cjs": .javascript,
        "jsx": .javascript, "ts": .javascript, "tsx": .javascript, "mts": .javascript, "cts": .javascript,
        "vue": .javascript, "svelte": .javascript, "go": .go, "rs": .rust, "c": .c, "h": .c, "cc": .c, "cpp": .c,
        "cxx": .c, "hpp": .c, "hh": .c, "hxx": .c, "m": .c, "mm": .c, "cu": .c, "inl": .c, "ipp": .c, "java": .java,
        "kt": .java, "kts": .java, "scala": .java, "groovy": .java, "gradle": .java, "cs": .csharp, "fs": .csharp,
        "vb": .csharp, "swift": .swift, "php": .php, "phpt": .php, "lua": .lua, "ex": .elixir, "exs": .elixir,
        "hs": .haskell, "zig": .zig, "d": .d, "dart": .dart, "mk": .make, "yml": .yaml, "yaml": .yaml, "json": .json,
        "jsonc": .json, "json5": .json, "toml": .toml, "ini": .ini, "cfg": .ini, "conf": .ini, "properties": .ini,
        "cmake": .cmake, "md": .document, "rst": .document, "txt": .document, "adoc": .document, "html": .document,
        "htm": .document, "css": .document, "scss": .document, "svg": .document, "png": .document, "jpg": .document,
        "jpeg": .document, "gif": .document, "webp": .document, "pdf": .document, "csv": .document, "tsv": .document,
        "po": .document, "pot": .document, "lock": .document, "sum": .document, "log": .document, "tex": .document,
        "org": .document, "markdown": .document, "mdx": .document, "patch": .document, "diff": .document,
        "xml": .other, "ipynb": .other,
    ]

    /// What begins a comment that ends with the line.
    var lineComments: [String] {
        switch self {
        case .python, .shell, .ruby, .perl, .elixir, .make, .yaml, .toml, .docker, .cmake: ["#"]
        case .ini: ["#", ";"]
        case .javascript, .go, .rust, .c, .java, .csharp, .swift, .zig, .d, .dart: ["//"]
        case .php: ["//", "#"]
        case .lua, .haskell: ["--"]
        case .json: ["//"]
        case .document, .other: []
        }
    }

    /// Whether a comment may only begin behind white space, since its sign has other uses.
    var needsSpaceBeforeComment: Bool {
        switch self {
        case .shell, .yaml, .make, .ini, .ruby, .perl, .toml, .docker, .json, .php: true
        default: false
        }
    }

    /// Whether there are comments from `/*` to `*/`.
    var hasBlockComments: Bool {
        switch self {
        case .javascript, .go, .rust, .c, .java, .csharp, .swift, .php, .d, .dart: true
        default: false
        }
    }

    /// What begins and ends a string.
    var quotes: [UInt8] {
        switch self {
        case .python, .ruby, .perl, .php, .lua, .dart: Array("\"'".utf8)
        case .shell: Array("\"'".utf8)
        case .javascript: Array("\"'`".utf8)
        case .go, .d: Array("\"`".utf8)
        case .rust, .c, .java, .csharp, .swift, .elixir, .haskell, .zig, .cmake: Array("\"".utf8)
        case .make, .yaml, .json, .toml, .ini, .docker, .document, .other: []
        }
    }

    /// Whether three quotes begin a string of several lines.
    var hasTripleQuotes: Bool {
        switch self {
        case .python, .java, .swift, .elixir, .dart, .csharp: true
        default: false
        }
    }
}
