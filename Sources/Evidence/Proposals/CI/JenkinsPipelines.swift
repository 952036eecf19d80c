/// The `sh` steps of a Jenkinsfile, found by their quotes; the language around them is not read.
enum JenkinsPipelines {
    private static let path = "Jenkinsfile"

    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        guard let text = files.text(path) else { return }
        var rest = text[...]
        var stage: String?
        while let word = rest.firstIndex(where: { $0.isLetter || $0 == "/" }) {
            rest = rest[word...]
            if rest.hasPrefix("//") {
                rest = rest.drop { $0 != "\n" }
                continue
            }
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest = rest[name.endIndex...].dropFirst(name.isEmpty ? 1 : 0)
            guard name == "sh" || name == "stage" else { continue }
            guard let (text, isPlain) = argument(&rest) else { continue }
            if name == "stage" {
                stage = text
                continue
            }
            var script = CIScript(text: text, place: path + (stage.map { ", stage \($0)" } ?? ""))
            // Groovy puts its own variables into text in double quotes.
            if !isPlain { script.expression = { CIScript.enclosed($0, "${", "}") } }
            script.add(to: &list)
        }
    }

    /// The text in quotes behind a word, its bracket and names of parameters, and whether it stands as it is.
    private static func argument(_ rest: inout Substring) -> (String, isPlain: Bool)? {
        let head = rest.prefix { $0 != "'" && $0 != "\"" && $0 != "\n" && $0 != "}" }
        let names = head.split { " \t(:,".contains($0) }
        guard names.isEmpty || names.contains("script") || names == ["name"], head.count < 80 else { return nil }
        let start = rest[head.endIndex...]
        for quote in ["'''", "\"\"\"", "'", "\""] where start.hasPrefix(quote) {
            let body = start.dropFirst(quote.count)
            guard let end = body.place(of: quote) else { return nil }
            rest = body[body.index(end, offsetBy: quote.count)...]
            return (String(body[..<end]), quote.first == "'")
        }
        return nil
    }
}
