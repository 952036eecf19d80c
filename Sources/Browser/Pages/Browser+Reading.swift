import JSON

extension Browser {
    /// How much of the page's text is read, in characters.
    private static let longestText = 8000

    /// What the page in front is and says, for the model: the words of pages, which nobody vouches for.
    public func describePage() async throws(BrowserError) -> String {
        if let ending { throw ending }
        await settle()
        let expression = """
            (() => ({ title: document.title, address: location.href,
                status: performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0,
                text: (document.body?.innerText ?? "").slice(0, \(Self.longestText + 1)) }))()
            """
        var page: JSON?
        do throws(BrowserError) {
            let reply = try await link.call(.evaluate(expression), on: watch.book.active, within: limits.input)
            page = reply?["result"]?["value"]
        } catch {
            guard error.code == .late || error.code == .failed else { throw error }
            isStuck = error.code == .late
        }
        let book = watch.book
        var lines = ["address: \(Self.cut(page?["address"]?.string ?? book.tab?.address ?? "", 500))"]
        if let title = page?["title"]?.string, !title.isEmpty { lines.append("title: \(Self.cut(title, 200))") }
        if let status = page?["status"]?.int, status >= 300 { lines.append("status: \(status)") }
        if book.tabs.count > 1 {
            lines.append("\(book.tabs.count) pages are open:")
            lines += book.tabs.map { "- \($0.session == book.active ? "seen: " : "")\(Self.cut($0.address, 200))" }
        }
        if let chooser = book.tab?.chooser { lines.append("asks for \(chooser.takesSeveral ? "files" : "a file")") }
        lines += Self.section(
            "it showed and asked",
            book.dialogs.map { "\($0.kind) \($0.isAccepted ? "accepted" : "dismissed"): \(Self.cut($0.text, 500))" })
        lines += Self.section(
            "files it sent", book.downloads.map { "\($0.name): \($0.path ?? $0.state) (\($0.state))" })
        lines += Self.section("errors in its console", book.troubles.map { Self.cut($0, 500) })
        guard let text = page?["text"]?.string else {
            return (lines + ["the page does not answer"]).joined(separator: "\n")
        }
        let rest = text.count > Self.longestText ? "\n[cut after \(Self.longestText) characters]" : ""
        return (lines + ["text:", String(text.prefix(Self.longestText))]).joined(separator: "\n") + rest
    }

    private static func section(_ title: String, _ entries: [String]) -> [String] {
        entries.isEmpty ? [] : ["\(title):"] + entries.map { "- \($0)" }
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        let line = text.replacing("\n", with: " ")
        return line.count > length ? String(line.prefix(length)) + "…" : line
    }
}
