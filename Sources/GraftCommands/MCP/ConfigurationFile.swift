import Configuration
import Glibc
import OS
import Session
import TOML
import Text

/// The user's own configuration file as a text that is changed in one place; the rest stays as it is written.
struct ConfigurationFile {
    let path: String
    private let text: String
    private let settings: Settings

    /// Reads the file; one that is not there is empty.
    ///
    /// - Throws: `ConfigurationError` for a file that is invalid, which is not touched then.
    init(environment: [String: String]) throws {
        path = Settings.folder(environment: environment) + "/config.toml"
        if FilePath.kind(path) != nil {
            let bytes = try FileContent.read(path)
            text = String(decoding: bytes, as: UTF8.self)
            settings = try Settings(toml: bytes, name: path)
        } else {
            (text, settings) = ("", Settings())
        }
    }

    /// The servers that it names.
    var servers: [MCPServer] { settings.servers }

    /// Adds a server at the end.
    ///
    /// - Parameter lines: The keys of its table.
    func adding(_ name: String, _ lines: [String]) throws {
        let table = "[mcp.\(name)]\n" + lines.map { $0 + "\n" }.joined()
        let gap = text.isEmpty ? "" : text.hasSuffix("\n") ? "\n" : "\n\n"
        let new = text + gap + table
        let changed = try Settings(toml: Array(new.utf8), name: path)
        guard changed.servers.map(\.name) == servers.map(\.name) + [name] else { throw byHand() }
        try write(new)
    }

    /// Removes a server's tables.
    func removing(_ name: String) throws {
        var (kept, isInside) = ([Substring](), false)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let start = line.drop { $0 == " " || $0 == "\t" }
            if start.first == "[" { isInside = Self.isHeader(start, of: name) }
            if !isInside { kept.append(line) }
        }
        var new = kept.joined(separator: "\n")
        while new.hasSuffix("\n\n") { new.removeLast() }
        if !new.isEmpty, !new.hasSuffix("\n") { new += "\n" }
        var expected = settings
        expected.servers.removeAll { $0.name == name }
        // A text in several lines may look like a header.
        guard let changed = try? Settings(toml: Array(new.utf8), name: path), changed == expected else {
            throw byHand()
        }
        try write(new)
    }

    private func byHand() -> Refusal {
        Refusal("\(path) is written in a way that graft cannot change safely; change it by hand", code: 1)
    }

    private func write(_ text: String) throws {
        if let slash = path.lastIndex(of: "/") { try SessionFolder.make(String(path[..<slash])) }
        // It may hold secrets.
        try FileDraft(path, mode: 0o600).write(Array(text.utf8))
    }

    private static func isHeader(_ line: Substring, of name: String) -> Bool {
        let words = line.prefix { $0 != "]" }.dropFirst().filter { $0 != " " && $0 != "\t" && $0 != "\"" && $0 != "'" }
        return words == "mcp.\(name)" || words.hasPrefix("mcp.\(name).")
    }
}
