import JSON

/// How a patch ended.
public struct PatchReport: Sendable, Equatable {
    /// Whether the files have been changed.
    public var isApplied: Bool
    /// What the model was told.
    public var message: String
    /// The change as a unified diff; empty if nothing was applied.
    public var diff: String

    /// Names the parts.
    public init(isApplied: Bool, message: String, diff: String = "") {
        self.isApplied = isApplied
        self.message = message
        self.diff = diff
    }
}

extension PatchReport {
    func write(into writer: inout JSONWriter) {
        writer.member("status", isApplied ? "completed" : "failed")
        writer.member("message", message)
        writer.member("diff", diff)
    }

    /// Reads how a patch ended; nil while it was being applied.
    init?(_ json: JSON) {
        guard let status = json["status"]?.string, ["completed", "failed"].contains(status) else { return nil }
        self.init(
            isApplied: status == "completed", message: json["message"]?.string ?? "",
            diff: json["diff"]?.string ?? "")
    }
}
