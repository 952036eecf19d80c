import JSON

/// One failure that a test runner, a compiler or another checking tool reported.
public struct TestFailure: Sendable, Hashable {
    /// The name of the test or file, as printed.
    public var name: String
    /// The reason as printed, in one line; empty where none is given.
    public var message: String
    /// The file in which it failed, as printed; nil where none is named.
    public var file: String?
    /// The line in that file, counted from 1.
    public var line: Int?
    /// What was printed about it, a few lines; empty where there is nothing beyond the message.
    public var excerpt: String

    /// Makes a failure.
    public init(name: String, message: String = "", file: String? = nil, line: Int? = nil, excerpt: String = "") {
        self.name = name
        self.message = message
        self.file = file
        self.line = line
        self.excerpt = excerpt
    }
}

extension TestFailure {
    func write(into writer: inout JSONWriter) {
        writer.member("name", name)
        if !message.isEmpty { writer.member("message", message) }
        if let file { writer.member("file", file) }
        if let line { writer.member("line", line) }
        if !excerpt.isEmpty { writer.member("excerpt", excerpt) }
    }

    init?(_ json: JSON) {
        guard let name = json["name"]?.string else { return nil }
        self.init(
            name: name, message: json["message"]?.string ?? "", file: json["file"]?.string, line: json["line"]?.int,
            excerpt: json["excerpt"]?.string ?? "")
    }
}
