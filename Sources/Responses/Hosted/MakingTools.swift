import JSON

/// The parameters of the Python that the server runs.
public struct CodeInterpreter: Sendable, Equatable {
    /// How much memory a container has.
    public enum Memory: String, Sendable, CaseIterable {
        case small = "1g"
        case medium = "4g"
        case large = "16g"
        case huge = "64g"
    }

    /// A container that is there already; nil for one of the response's own.
    public var container: String?
    /// How much memory a new one has; nil to leave it to the server.
    public var memory: Memory?
    /// The only hosts that a new one reaches; empty for none, nil to leave it to the server.
    public var hosts: [String]?
    /// The uploaded files that are in a new one.
    public var files: [String] = []

    /// Starts with the server's defaults.
    public init() {}

    func write(into writer: inout JSONWriter) {
        if let container { return writer.member("container", container) }
        writer.member(
            "container",
            object: {
                $0.member("type", "auto")
                if !files.isEmpty { $0.member("file_ids", strings: files) }
                if let memory { $0.member("memory_limit", memory.rawValue) }
                guard let hosts else { return }
                $0.member(
                    "network_policy",
                    object: {
                        $0.member("type", hosts.isEmpty ? "disabled" : "allowlist")
                        if !hosts.isEmpty { $0.member("allowed_domains", strings: hosts) }
                    })
            })
    }
}

/// The parameters of the making of pictures; nil leaves each to the server.
public struct ImageGeneration: Sendable, Equatable {
    /// How carefully a picture is drawn.
    public enum Quality: String, Sendable, CaseIterable { case low, medium, high, xhigh, max, auto }
    /// The form of the file.
    public enum Format: String, Sendable, CaseIterable { case png, webp, jpeg, gif, svg }
    /// What is behind the picture.
    public enum Background: String, Sendable, CaseIterable { case transparent, opaque, auto }

    /// The model that draws.
    public var model: String?
    /// Width and height in pixels, such as `1024x1024`, or `auto`.
    public var size: String?
    /// How carefully a picture is drawn.
    public var quality: Quality?
    /// The form of the file.
    public var format: Format?
    /// What is behind the picture.
    public var background: Background?

    /// Starts with the server's defaults.
    public init() {}

    func write(into writer: inout JSONWriter) {
        for (key, value) in [
            ("model", model), ("size", size), ("quality", quality?.rawValue), ("output_format", format?.rawValue),
            ("background", background?.rawValue),
        ] {
            if let value { writer.member(key, value) }
        }
    }
}
