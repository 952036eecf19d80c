import CGit
import Glibc
import OS

/// One setting of a configuration file of git's.
public struct GitSetting: Sendable, Equatable {
    /// The section, in lower case.
    public let section: String
    /// The part of the section in quotation marks; nil if there is none.
    public let subsection: String?
    /// The name of the variable, in lower case.
    public let key: String
    /// The value; nil for a variable without one, which means true.
    public let value: String?

    /// Makes a setting.
    public init(section: String, subsection: String? = nil, key: String, value: String?) {
        self.section = section
        self.subsection = subsection
        self.key = key
        self.value = value
    }

    /// Splits the full name of a variable (git-config(1), "section.subsection.key"); nil if it is none.
    init?(name: String, value: String?) {
        guard let first = name.firstIndex(of: "."), let last = name.lastIndex(of: ".") else { return nil }
        section = name[..<first].lowercased()
        subsection = first < last ? String(name[name.index(after: first)..<last]) : nil
        key = name[name.index(after: last)...].lowercased()
        self.value = value
    }
}

/// A configuration file of git's, with what it includes.
public struct GitSettingsFile: Sendable {
    /// The settings in their order, those of included files at the place of the inclusion.
    public let settings: [GitSetting]
    /// All files that it could include, whatever the condition; absolute, only those that are there.
    public let includes: [String]

    /// Reads a file as git does; nil if it cannot be read.
    ///
    /// Only for a file that is not simple libgit2 is loaded (git_config_add_file_ondisk), and the repository is asked for.
    ///
    /// - Parameter repository: Decides which conditional inclusions apply; without one none does.
    public init?(_ path: String, of repository: () -> GitRepository?, home: String) {
        if let bytes = FileContent.bytes(path), let simple = PlainSettings.read(bytes) {
            (settings, includes) = (simple, [])
            return
        }
        guard LibGit2.started, access(path, R_OK) == 0,
            let found = Self.read(path, repository()?.pointer, withIncludes: true)
        else { return nil }
        settings = found
        var all: [String] = []
        Self.collect(path, home: home, into: &all)
        includes = all
    }

    private static func collect(_ path: String, home: String, into all: inout [String]) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        for setting in read(path, nil, withIncludes: false) ?? []
        where ["include", "includeif"].contains(setting.section) && setting.key == "path" {
            guard let value = setting.value, !value.isEmpty else { continue }
            let named = FilePath.absolute(value, home: home)
            let real = FilePath.resolved(named.hasPrefix("/") ? named : "\(folder)/\(named)")
            guard let real, !all.contains(real), all.count < limit else { continue }
            all.append(real)
            collect(real, home: home, into: &all)
        }
    }

    /// More files are not followed; git itself follows ten levels.
    private static let limit = 100

    /// - Parameter withIncludes: Whether to return the settings of included files, too.
    private static func read(_ path: String, _ repository: OpaquePointer?, withIncludes: Bool) -> [GitSetting]? {
        var (config, iterator): (OpaquePointer?, OpaquePointer?) = (nil, nil)
        guard git_config_new(&config) == 0 else { return nil }
        defer { git_config_free(config) }
        guard git_config_add_file_ondisk(config, path, GIT_CONFIG_LEVEL_LOCAL, repository, 0) == 0,
            git_config_iterator_new(&iterator, config) == 0
        else { return nil }
        defer { git_config_iterator_free(iterator) }
        var found: [GitSetting] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let entry {
            guard withIncludes || entry.pointee.include_depth == 0, let name = entry.pointee.name else { continue }
            let value = entry.pointee.value.map { String(cString: $0) }
            if let setting = GitSetting(name: String(cString: name), value: value) { found.append(setting) }
        }
        return found
    }
}

extension GitSettingsFile {
    /// Writes settings as a configuration file (git-config(1), "Syntax").
    public static func text(_ settings: [GitSetting]) -> String {
        var (text, header) = ("", "")
        for setting in settings {
            let next = self.header(setting)
            if next != header { text += next + "\n" }
            header = next
            text += "\t" + setting.key + (setting.value.map { " = \(quoted($0))" } ?? "") + "\n"
        }
        return text
    }

    private static func header(_ setting: GitSetting) -> String {
        guard let name = setting.subsection else { return "[\(setting.section)]" }
        return "[\(setting.section) \"\(escaped(name, ["\\": "\\\\", "\"": "\\\""]))\"]"
    }

    private static func quoted(_ value: String) -> String {
        "\"" + escaped(value, ["\\": "\\\\", "\"": "\\\"", "\n": "\\n", "\t": "\\t", "\u{8}": "\\b"]) + "\""
    }

    private static func escaped(_ text: String, _ escapes: [Unicode.Scalar: String]) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if let escape = escapes[scalar] { result += escape } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}
