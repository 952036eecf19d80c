import Responses
import Session

/// A review as one HTML page that needs nothing else: no network, no other file, no server.
///
/// Its policy (Content-Security-Policy) lets only the style and script run that were written with the page, so that
/// nothing of what a repository or a command says can act. Long diffs and outputs are cut, and the page says so.
public struct ReviewPage {
    private let content: PageContent
    private let limits: PageLimits

    /// Collects the content; the page says what could not be read.
    public init(_ session: ReviewSession) {
        self.init(PageContent(session))
    }

    init(_ content: PageContent, limits: PageLimits = .standard) {
        self.content = content
        self.limits = limits
    }

    /// Writes the page, in UTF-8; the random numbers make the nonce of its policy.
    public func html(using random: inout some RandomNumberGenerator) -> [UInt8] {
        let nonce =
            String(UInt64.random(in: .min ... .max, using: &random), radix: 36)
            + String(UInt64.random(in: .min ... .max, using: &random), radix: 36)
        var writer = HTMLWriter()
        head(nonce, &writer)
        writer.markup("<body>\n<a class=skip href=#series>Skip to the series</a>\n")
        writer.header(content)
        writer.markup("<div class=columns>\n")
        navigation(&writer)
        writer.markup("<main>\n")
        writer.checks(content, limits)
        writer.milestones(content.timeline.milestones)
        // The change is what a reader has come for; how it came about stands behind it.
        series(&writer)
        writer.screens(content.screens)
        writer.hosted(content.hosted, limits)
        writer.sources(content.timeline.citations.sources, limits)
        writer.timeline(content.timeline)
        writer.markup("</main>\n</div>\n")
        writer.markup("<footer><p>Written by <code>graft review --html</code>. Keys: <kbd>s</kbd> side by side, ")
        writer.markup("<kbd>j</kbd> <kbd>k</kbd> next and previous file, <kbd>n</kbd> <kbd>p</kbd> commit.</footer>\n")
        writer.markup("<script nonce=")
        writer.value(nonce)
        writer.markup(">\n")
        writer.resource(PackageResources.page_js)
        writer.markup("</script>\n</body>\n</html>\n")
        return writer.bytes
    }

    private func head(_ nonce: String, _ writer: inout HTMLWriter) {
        writer.markup("<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n")
        writer.markup("<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'nonce-")
        writer.value(nonce)
        writer.markup("'; script-src 'nonce-")
        writer.value(nonce)
        // Pictures are part of the page.
        writer.markup(content.screens.isEmpty && content.hosted.isEmpty ? "'; base-uri" : "'; img-src data:; base-uri")
        writer.markup(" 'none'; form-action 'none'\">\n")
        writer.markup("<meta name=viewport content=\"width=device-width, initial-scale=1\">\n")
        writer.markup(
            "<meta name=referrer content=no-referrer>\n<meta name=color-scheme content=\"light dark\">\n<title>")
        // A title has no elements, so names of invisible characters are plain text there.
        writer.value("\(content.verdict): \(content.title)".prefix(120))
        writer.markup("</title>\n<style nonce=")
        writer.value(nonce)
        writer.markup(">\n")
        writer.resource(PackageResources.page_css)
        writer.markup("</style>\n</head>\n")
    }

    private func navigation(_ writer: inout HTMLWriter) {
        writer.markup("<nav aria-label=Contents><details open><summary>Contents</summary>\n<ul>")
        if !content.checks.isEmpty { writer.markup("<li><a href=#evidence>Evidence</a>") }
        if !content.timeline.milestones.isEmpty { writer.markup("<li><a href=#milestones>Milestones</a>") }
        if !content.screens.isEmpty { writer.markup("<li><a href=#browser>Browser</a>") }
        if !content.hosted.isEmpty { writer.markup("<li><a href=#server>Tools of the server</a>") }
        if !content.timeline.citations.isEmpty { writer.markup("<li><a href=#sources>Sources</a>") }
        writer.markup("<li><a href=#timeline>Timeline</a></ul>\n<ol>")
        for commit in content.commits {
            writer.markup("<li><a href=#c")
            writer.number(commit.number)
            writer.markup(">")
            writer.text(commit.subject)
            writer.markup("</a>")
            writer.fileList(commit, limits)
        }
        writer.markup("</ol></details></nav>\n")
    }

    /// Writes the legend of the marks.
    private func legend(_ writer: inout HTMLWriter) {
        writer.markup("<details class=words><summary>Legend</summary><ul>")
        for line in [
            "Files: A is new, M has changed, D is gone, R has another name; +3 −1 are lines that are new and gone.",
            "Differences: green lines are new, red ones gone, and of a changed line the words that differ are marked.",
            "Milestones: ✓ was seen by Graft itself, ◆ is the model's word.",
            "Commands: ✓ exited with 0, ✗ did not; · has a status that is only that of its last part, as in make | tail.",
            "A command with ■ was stopped on purpose, as a server is that has done its work.",
            "Before and after a commit stand commands run around its steps; of a commit that was ordered at the end, "
                + "only those that name its files.",
        ] {
            writer.markup("<li>")
            writer.text(line)
        }
        writer.markup("</ul></details>\n")
    }

    private func series(_ writer: inout HTMLWriter) {
        writer.markup("<section id=series aria-labelledby=series-h><div class=bar><h2 id=series-h>Series</h2>")
        writer.markup("<div class=views role=group aria-label=\"How differences are shown\" hidden>")
        writer.markup("<button type=button data-view=unified aria-pressed=true>Unified</button>")
        writer.markup("<button type=button data-view=split aria-pressed=false>Side by side</button></div></div>\n")
        if let failure = content.failure {
            writer.markup("<p class=left>")
            writer.text(failure)
            writer.markup("</p>")
        } else if content.commits.isEmpty {
            writer.markup("<p class=dim>No commits.</p>")
        }
        if content.commits.count(where: { $0.acceptance == nil }) > 1, let session = content.session {
            writer.take("graft review accept --session \(session) --all")
        }
        if !content.commits.isEmpty { legend(&writer) }
        var budget = DiffBudget(limits)
        for commit in content.commits { writer.commit(commit, limits, &budget, session: content.session) }
        writer.markup("</section>\n")
    }
}

/// The limits of a page, so that a browser opens it at once.
struct PageLimits {
    /// Lines of diffs: in one file, and in all.
    var linesPerFile = 2000
    var lines = 20_000
    /// Files of a commit.
    var files = 300
    /// Characters of a line.
    var lineLength = 2000
    /// A file with more lines than this is closed at first.
    var openLines = 400
    /// Bytes of a command's output that are shown, at its end, and of all outputs.
    var outputLength = 24_000

    static let standard = PageLimits()
}

/// The lines of diffs that a page has left.
struct DiffBudget {
    private let limits: PageLimits
    private var lines: Int

    init(_ limits: PageLimits) {
        self.limits = limits
        lines = limits.lines
    }

    /// Takes as many of a file's lines as are left for it.
    mutating func take(_ count: Int) -> Int {
        let taken = min(count, limits.linesPerFile, lines)
        lines -= taken
        return taken
    }
}
