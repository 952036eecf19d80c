extension HostedReport {
    /// What was done, in one line of untrusted text.
    public var line: String {
        switch work {
        case .webSearch(let report): report.line
        case .fileSearch(let report):
            "file search: \(Self.listed(report.queries)) (\(Self.count(report.results.count, "result")))"
        case .codeInterpreter(let report):
            "Python on the server: \(Self.firstLine(report.code))"
                + (report.output.isEmpty ? "" : " → \(Self.lastLine(report.output))")
        case .imageGeneration(let report): "picture: \(report.file ?? report.error ?? "none was made")"
        case .mcpCall(let report):
            "\(report.server).\(report.tool) \(report.arguments.prefix(Self.shownLength))"
                + (report.error.map { ": \(Self.firstLine($0))" } ?? "")
        case .mcpTools(let report):
            report.error.map { "\(report.server) does not tell its tools: \(Self.firstLine($0))" }
                ?? "\(report.server) has \(Self.count(report.tools.count, "tool"))"
        }
    }

    /// All that is known, a line each; untrusted text.
    public var details: String {
        var lines: [String] = []
        switch work {
        case .webSearch(let report):
            lines = report.queries + [report.url, report.pattern].compactMap(\.self) + report.sources
        case .fileSearch(let report):
            lines = report.queries
            for result in report.results {
                lines.append("\(result.name.isEmpty ? result.fileID : result.name): \(result.text)")
            }
        case .codeInterpreter(let report): lines = [report.code, report.output] + report.images
        case .imageGeneration(let report): lines = [report.prompt] + [report.file, report.error].compactMap(\.self)
        case .mcpCall(let report):
            lines = [report.arguments] + [report.output, report.error].compactMap(\.self)
        case .mcpTools(let report): lines = report.tools + [report.error].compactMap(\.self)
        }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    fileprivate static let shownLength = 160

    fileprivate static func listed(_ queries: [String]) -> String {
        queries.map { String($0.prefix(shownLength)) }.joined(separator: ", ")
    }

    fileprivate static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private static func firstLine(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline)
        return String((lines.first ?? "").prefix(shownLength)) + (lines.count > 1 ? " …" : "")
    }

    private static func lastLine(_ text: String) -> String {
        String((text.split(whereSeparator: \.isNewline).last ?? "").prefix(shownLength))
    }
}

extension WebSearchReport {
    fileprivate var line: String {
        switch (action, url) {
        case ("open_page", let url): return "opened \(url ?? "a page")"
        case ("find_in_page", let url): return "looked for \(pattern ?? "something") on \(url ?? "a page")"
        default:
            let found = sources.isEmpty ? "" : " (\(HostedReport.count(sources.count, "source")))"
            return "web search: \(HostedReport.listed(queries))\(found)"
        }
    }
}
