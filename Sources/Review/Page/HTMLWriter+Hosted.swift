import Responses
import Session
import Text

extension HTMLWriter {
    /// Writes what tools of the server did; each opens on demand.
    mutating func hosted(_ all: [PageHosted], _ limits: PageLimits) {
        guard !all.isEmpty else { return }
        markup("<section id=server class=hosted aria-labelledby=server-h><h2 id=server-h>Tools of the server</h2>\n")
        for hosted in all.prefix(limits.files) { one(hosted, limits) }
        if all.count > limits.files {
            markup("<p class=left>")
            text("\(all.count - limits.files) more are left out; see: graft log")
            markup("</p>")
        }
        markup("</section>\n")
    }

    /// Writes the sources that the model's words name, numbered, as links where they are pages.
    mutating func sources(_ sources: [Citation.Source], _ limits: PageLimits) {
        guard !sources.isEmpty else { return }
        markup("<section id=sources class=sources aria-labelledby=sources-h><h2 id=sources-h>Sources</h2>\n<ol>")
        for source in sources {
            markup("<li>")
            if case .page(let url, let title) = source {
                link(url, title.isEmpty ? url : title, limits)
                if !title.isEmpty { dim(url, limits) }
            } else {
                text(source.title.prefix(limits.lineLength))
                if let place = source.place { dim(place, limits) }
            }
        }
        markup("</ol></section>\n")
    }

    private mutating func one(_ hosted: PageHosted, _ limits: PageLimits) {
        let report = hosted.report
        markup("<details")
        markup(hosted.pictures.isEmpty ? ">" : " open>")
        markup("<summary><span class=")
        markup(report.status == .completed ? "good>✓" : "bad>✗")
        markup("</span> ")
        text(report.line.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(limits.lineLength))
        markup(" <span class=how>")
        text("turn \(hosted.turn), after \(hosted.time.spelled)")
        markup("</span></summary>")
        body(report, limits)
        for picture in hosted.pictures {
            markup("<p><img loading=lazy alt=\"")
            value(report.line.prefix(limits.lineLength))
            markup("\" src=\"")
            // Base64 has nothing to escape.
            resource(Array(picture.dataURL.utf8))
            markup("\"></p>")
        }
        markup("</details>\n")
    }

    private mutating func body(_ report: HostedReport, _ limits: PageLimits) {
        switch report.work {
        case .webSearch(let search):
            list(search.queries, limits)
            if let pattern = search.pattern { list([pattern], limits) }
            let pages = [search.url].compactMap(\.self) + search.sources
            guard !pages.isEmpty else { return }
            markup("<ul>")
            for page in pages {
                markup("<li>")
                link(page, page, limits)
            }
            markup("</ul>")
        case .fileSearch(let search):
            list(search.queries, limits)
            for result in search.results {
                markup("<p>")
                text(result.name.isEmpty ? result.fileID : result.name)
                if let score = result.score { dim("fits by \(Int((score * 100).rounded())) %", limits) }
                markup("</p>")
                block(result.text, limits)
            }
        case .codeInterpreter(let code):
            block(code.code, limits)
            block(code.output, limits)
            list(code.images, limits)
        case .imageGeneration(let image): list([image.prompt, image.file, image.error].compactMap(\.self), limits)
        case .mcpCall(let call):
            block(call.arguments, limits)
            block(call.output ?? "", limits)
            block(call.error ?? "", limits)
        case .mcpTools(let tools):
            list(tools.tools, limits)
            block(tools.error ?? "", limits)
        }
    }

    private mutating func list(_ lines: [String], _ limits: PageLimits) {
        for line in lines where !line.isEmpty {
            markup("<p>")
            text(line.prefix(limits.lineLength))
            markup("</p>")
        }
    }

    private mutating func block(_ content: String, _ limits: PageLimits) {
        guard content.contains(where: { !$0.isWhitespace }) else { return }
        markup("<pre tabindex=0>")
        text(content.prefix(limits.outputLength))
        markup("</pre>")
    }

    private mutating func dim(_ words: String, _ limits: PageLimits) {
        markup(" <span class=dim>")
        text(words.prefix(limits.lineLength))
        markup("</span>")
    }

    /// Writes a link to a page of the web; an address that is none, or that could act or hide something, is only text.
    private mutating func link(_ url: String, _ words: String, _ limits: PageLimits) {
        let start = url.prefix(8).lowercased()
        let isPage = start.hasPrefix("https://") || start.hasPrefix("http://")
        guard isPage, url.utf8.count <= limits.lineLength, url.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            return text(words.prefix(limits.lineLength))
        }
        markup("<a rel=\"noopener noreferrer nofollow\" href=\"")
        value(url)
        markup("\">")
        text(words.prefix(limits.lineLength))
        markup("</a>")
    }
}
