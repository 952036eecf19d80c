import JSON
public import Responses

/// What a tool of the server did, as any view can show it: all text is untrusted, and long text is cut.
public struct HostedReport: Sendable, Equatable {
    /// How it ended.
    public enum Status: String, Sendable {
        case completed, incomplete, failed
    }

    /// What was done.
    public enum Work: Sendable, Equatable {
        case webSearch(WebSearchReport)
        case fileSearch(FileSearchReport)
        case codeInterpreter(CodeReport)
        case imageGeneration(ImageReport)
        case mcpCall(ServerCallReport)
        case mcpTools(ServerToolsReport)
    }

    /// How it ended.
    public var status: Status
    /// What was done.
    public var work: Work

    /// Pairs what was done with how it ended.
    public init(_ status: Status, _ work: Work) {
        self.status = status
        self.work = work
    }

    /// Reads an item of the server; nil for an item of any other kind.
    public init?(_ item: Item) {
        guard HostedType(rawValue: item.type) != nil, let json = item.json else { return nil }
        self.init(item.type, json)
    }

    private init?(_ type: String, _ json: JSON) {
        let ended = json["status"]?.string ?? "completed"
        status = Status(rawValue: ended) ?? .incomplete
        switch HostedType(rawValue: type) {
        case .webSearch: work = .webSearch(WebSearchReport(item: json))
        case .fileSearch: work = .fileSearch(FileSearchReport(item: json))
        case .codeInterpreter: work = .codeInterpreter(CodeReport(item: json))
        case .imageGeneration:
            let report = ImageReport(item: json)
            if report.error != nil { status = .failed }
            work = .imageGeneration(report)
        case .mcpCall:
            let report = ServerCallReport(item: json)
            if report.error != nil { status = .failed }
            work = .mcpCall(report)
        case .mcpTools:
            let report = ServerToolsReport(item: json)
            if report.error != nil { status = .failed }
            work = .mcpTools(report)
        case nil: return nil
        }
    }

    func write(into writer: inout JSONWriter) {
        // The documents are held against these names.
        switch work {
        case .webSearch(let report):
            writer.member("type", "web_search")
            report.write(into: &writer)
        case .fileSearch(let report):
            writer.member("type", "file_search")
            report.write(into: &writer)
        case .codeInterpreter(let report):
            writer.member("type", "code_interpreter")
            report.write(into: &writer)
        case .imageGeneration(let report):
            writer.member("type", "image_generation")
            report.write(into: &writer)
        case .mcpCall(let report):
            writer.member("type", "mcp_call")
            report.write(into: &writer)
        case .mcpTools(let report):
            writer.member("type", "mcp_list_tools")
            report.write(into: &writer)
        }
        writer.member("status", status.rawValue)
    }

    /// Reads what `write` wrote; nil for another type.
    init?(journal json: JSON) {
        let work: Work
        switch json["type"]?.string {
        case "web_search": work = .webSearch(WebSearchReport(journal: json))
        case "file_search": work = .fileSearch(FileSearchReport(journal: json))
        case "code_interpreter": work = .codeInterpreter(CodeReport(journal: json))
        case "image_generation": work = .imageGeneration(ImageReport(journal: json))
        case "mcp_call": work = .mcpCall(ServerCallReport(journal: json))
        case "mcp_list_tools": work = .mcpTools(ServerToolsReport(journal: json))
        default: return nil
        }
        self.init(json["status"]?.string.flatMap(Status.init) ?? .incomplete, work)
    }

    /// The most characters of one text in an event; the item beside it has all of it.
    static let textLimit = 16_384
    /// The most entries of one list.
    static let listLimit = 100
}

extension String {
    /// The text, cut where it is too long for an event.
    var boundedForEvent: String {
        guard utf8.count > HostedReport.textLimit else { return self }
        return prefix(HostedReport.textLimit) + "…"
    }
}

extension JSON {
    /// The strings of a list, as many as an event has room for.
    var boundedStrings: [String] {
        elements.compactMap(\.string).prefix(HostedReport.listLimit).map(\.boundedForEvent)
    }
}
