/// Makes an address of what a person would write into an address bar.
struct WebAddress {
    /// The address, with a scheme.
    let text: String

    /// The longest address that is taken.
    private static let byteLimit = 16_384

    /// The ends of names of files that a browser shows.
    private static let fileEnds = [".html", ".htm", ".xhtml", ".svg"]

    /// Reads a text.
    ///
    /// - Parameter tree: The folder of paths such as `pages/index.html`, which name no host.
    /// - Throws: `.refused` for one that is no address: there is no search.
    init(_ written: String, tree: String) throws(BrowserError) {
        let text = String(written.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        guard !text.isEmpty, text.utf8.count <= Self.byteLimit else {
            throw BrowserError(.refused, "an address is needed, such as http://localhost:8000/")
        }
        if let scheme = Self.scheme(of: text) {
            guard scheme != "javascript" else {
                throw BrowserError(.refused, "scripts cannot be run by their address")
            }
            self.text = text
            return
        }
        if text.hasPrefix("/") {
            self.text = "file://" + text
            return
        }
        guard !text.contains(where: \.isWhitespace) else {
            throw BrowserError(.refused, "this is no address, and there is no search: write it in full, with http://")
        }
        let host = text.prefix { $0 != "/" && $0 != ":" && $0 != "?" && $0 != "#" }
        let isPath = host.contains(".") ? host == text : text.contains("/") && host != "localhost"
        if isPath, !text.contains(":"), Self.fileEnds.contains(where: text.lowercased().hasSuffix) {
            self.text = "file://\(tree)/\(text)"
            return
        }
        guard host.contains(".") || host == "localhost" || text.hasPrefix("[") || text.contains(":") else {
            throw BrowserError(.refused, "this is no address, and there is no search: write it in full, with http://")
        }
        // Servers of this machine rarely have certificates.
        let isNear = host == "localhost" || host.hasSuffix(".localhost") || host.allSatisfy { $0.isNumber || $0 == "." }
        self.text = (isNear || text.hasPrefix("[") ? "http://" : "https://") + text
    }

    /// The scheme; nil for a text such as `localhost:8000`, which has none.
    private static func scheme(of text: String) -> String? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let name = text[..<colon].lowercased()
        let isName =
            name.first?.isLetter == true && name.allSatisfy { $0.isLetter || $0.isNumber || "+-.".contains($0) }
        let rest = text[text.index(after: colon)...]
        guard isName else { return nil }
        return rest.hasPrefix("//") || ["about", "data", "javascript", "blob", "view-source", "chrome"].contains(name)
            ? name : nil
    }
}
