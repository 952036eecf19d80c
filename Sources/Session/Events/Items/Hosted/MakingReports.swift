import JSON

/// Python that the server ran.
public struct CodeReport: Sendable, Equatable {
    /// What was run.
    public var code: String
    /// What it printed.
    public var output: String
    /// The pictures that it made: files of the session, or addresses.
    public var images: [String]

    /// Names the parts.
    public init(code: String, output: String, images: [String] = []) {
        self.code = code
        self.output = output
        self.images = images
    }

    init(item: JSON) {
        let outputs = item["outputs"].map { $0.kind == .array ? Array($0.elements) : [] } ?? []
        let urls = outputs.compactMap { $0["url"]?.string }.filter { !$0.hasPrefix("data:") }
        self.init(
            code: item["code"]?.string?.boundedForEvent ?? "",
            output: outputs.compactMap { $0["logs"]?.string }.joined(separator: "\n").boundedForEvent,
            images: urls.prefix(HostedReport.listLimit).map(\.boundedForEvent))
    }

    func write(into writer: inout JSONWriter) {
        writer.member("code", code)
        writer.member("output", output)
        if !images.isEmpty { writer.member("images", array: { for image in images { $0.string(image) } }) }
    }

    init(journal json: JSON) {
        self.init(
            code: json["code"]?.string ?? "", output: json["output"]?.string ?? "",
            images: json["images"]?.boundedStrings ?? [])
    }
}

/// A picture that the server made.
public struct ImageReport: Sendable, Equatable {
    /// What was drawn, in the words that the server made of the model's.
    public var prompt: String
    /// The file of the session that holds it; nil where there is none.
    public var file: String?
    /// Why there is none.
    public var error: String?

    /// Names the parts.
    public init(prompt: String, file: String? = nil, error: String? = nil) {
        self.prompt = prompt
        self.file = file
        self.error = error
    }

    init(item: JSON) {
        self.init(
            prompt: item["revised_prompt"]?.string?.boundedForEvent ?? "",
            error: item["error"]?["message"]?.string?.boundedForEvent)
    }

    func write(into writer: inout JSONWriter) {
        writer.member("prompt", prompt)
        if let file { writer.member("file", file) }
        if let error { writer.member("error", error) }
    }

    init(journal json: JSON) {
        self.init(
            prompt: json["prompt"]?.string ?? "", file: json["file"]?.string, error: json["error"]?.string)
    }
}
