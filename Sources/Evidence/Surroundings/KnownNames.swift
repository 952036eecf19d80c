import OS
public import Text

/// The names that a repository and a machine have: what a missing name may be a misspelling of.
public struct KnownNames: Sendable {
    /// The parts of the paths in the repository, as module names would spell them.
    private var stems: Set<String> = []
    private let programs: Set<String>

    /// Takes what there is.
    ///
    /// - Parameters:
    ///   - files: The paths of the repository's files.
    ///   - searchPath: Where commands look for programs, as in `PATH`.
    public init(files: [BytePath], searchPath: String) {
        programs = searchPath.split(separator: ":").reduce(into: []) { programs, folder in
            programs.formUnion(FolderListing.names(in: String(folder)))
        }
        for path in files {
            for name in path.names {
                let text = String(decoding: name.bytes, as: UTF8.self)
                stems.insert(Self.stem(text))
                // A header is named with its ending.
                if text.hasSuffix(".h") || text.hasSuffix(".hpp") { stems.insert(text.lowercased()) }
            }
        }
    }

    /// Whether what is missing seems to be a name of the repository, or a misspelling: then the fault is in the files.
    func explains(_ fault: SurroundingsFault) -> Bool {
        switch fault.kind {
        case .module(let language):
            let last = fault.name.split(separator: "/").last.map(String.init) ?? fault.name
            let name = language == .native && last.contains(".h") ? last.lowercased() : Self.stem(last)
            if hasSimilar(to: name, in: stems) { return true }
            return language == .python && !Self.nearlyPythonLibrary.contains(name)
                && hasSimilar(to: name, in: Self.pythonLibrary)
        case .program:
            let name = fault.name
            if stems.contains(Self.stem(name)) { return true }
            // `python` where only `python3` is there is missing; `pytst` where `pytest` is there is misspelt.
            let base = Self.withoutVersion(name)
            return name.count >= 5
                && programs.contains { Self.withoutVersion($0) != base && Self.areSimilar($0, name, within: 1) }
        case .network, .disk, .memory, .processes: return false
        }
    }

    /// A name as others may spell it: without ending, in lower case, without what marks a test.
    private static func stem(_ name: String) -> String {
        var stem = name.prefix(1) + name.dropFirst().prefix { $0 != "." }
        for prefix in ["test_", "test-"] where stem.hasPrefix(prefix) { stem = stem.dropFirst(prefix.count) }
        for suffix in ["_test", "-test", "_spec"] where stem.hasSuffix(suffix) { stem = stem.dropLast(suffix.count) }
        return String(stem.lowercased().map { $0 == "-" ? "_" : $0 })
    }

    private static func withoutVersion(_ name: String) -> Substring {
        var name = name[...]
        while let last = name.last, last.isNumber || last == "." || last == "-" { name = name.dropLast() }
        return name
    }

    private func hasSimilar(to name: String, in names: Set<String>) -> Bool {
        names.contains(name) || names.contains { Self.areSimilar($0, name, within: max(1, name.count / 5)) }
    }

    /// Whether two names are the same but for so many letters that are wrong, missing, too many or in the wrong order.
    static func areSimilar(_ one: String, _ other: String, within limit: Int) -> Bool {
        let (a, b) = (Array(one.utf8), Array(other.utf8))
        guard min(a.count, b.count) >= 3, abs(a.count - b.count) <= limit, max(a.count, b.count) <= 64 else {
            return a == b
        }
        var rows = [Array(0...b.count)]
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var least = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    least = min(least, rows[i - 2][j - 2] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count] <= limit
    }

    /// Packages whose names are nearly those of Python's own modules.
    private static let nearlyPythonLibrary: Set<String> = ["lxml", "ujson", "httpx", "pathlib2", "glob2"]

    /// The modules of Python's own library that are imported most.
    private static let pythonLibrary: Set<String> = [
        "abc", "argparse", "array", "ast", "asyncio", "base64", "bisect", "calendar", "codecs", "collections",
        "configparser", "contextlib", "copy", "csv", "ctypes", "dataclasses", "datetime", "decimal", "difflib", "email",
        "enum", "fnmatch", "fractions", "functools", "getpass", "glob", "gzip", "hashlib", "heapq", "html", "http",
        "importlib", "inspect", "io", "itertools", "json", "locale", "logging", "math", "mimetypes", "multiprocessing",
        "operator", "os", "pathlib", "pickle", "platform", "pprint", "queue", "random", "re", "sched", "secrets",
        "select", "shlex", "shutil", "signal", "socket", "sqlite3", "ssl", "statistics", "string", "struct",
        "subprocess", "sys", "tarfile", "tempfile", "textwrap", "threading", "time", "timeit", "traceback", "types",
        "typing", "unicodedata", "unittest", "urllib", "uuid", "warnings", "weakref", "xml", "zipfile", "zlib",
    ]
}
