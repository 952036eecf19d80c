/// The steps of GitHub's workflows (docs.github.com, "Workflow syntax for GitHub Actions").
enum GitHubWorkflows {
    private static let folder = ".github/workflows"
    private static let mostFiles = 20

    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        let names = files.names(in: folder).filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
        // A workflow that tests comes before one that deploys; equal ones stay sorted by name.
        let ranked = names.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
        for (_, name) in ranked.prefix(mostFiles) {
            guard let text = files.text("\(folder)/\(name)") else { continue }
            read(YAMLReader.read(text), at: "\(folder)/\(name)", &list)
        }
    }

    private static func rank(_ name: String) -> Int {
        let name = name.lowercased()
        func has(_ words: [String]) -> Bool { words.contains { name.has($0) } }
        if has(["release", "deploy", "publish", "docs", "pages", "stale", "nightly", "bench"]) { return 3 }
        if has(["test", "ci"]) { return 0 }
        return has(["check", "build", "main"]) ? 1 : 2
    }

    private static func read(_ workflow: YAML, at path: String, _ list: inout CandidateList) {
        for job in workflow["jobs"].entries {
            let system = job.value["runs-on"].elements.compactMap(\.text).joined(separator: " ").lowercased()
            let foreign = ["windows", "macos"].first { system.has($0) }
            for (index, step) in job.value["steps"].elements.enumerated() {
                let name = step["name"].text ?? step["id"].text ?? "\(index + 1)"
                let place = "\(path), job \(job.key), step \(name)"
                let run = step["run"]
                if case .unusable(let reason) = run { list.skip(name, place, because: "it is \(reason)") }
                guard let text = run.text else { continue }
                var script = CIScript(text: text, place: place)
                script.variables = plain(workflow["env"]).merging(plain(job.value["env"])) { $1 }
                script.ownVariables = plain(step["env"])
                let defaults = [job.value["defaults"]["run"], workflow["defaults"]["run"]]
                script.folder = ([step] + defaults).lazy.compactMap { $0["working-directory"].text }.first
                script.expression = { CIScript.enclosed($0, "${{", "}}") }
                if let expression = script.folder.flatMap(script.expression) {
                    script.trouble = "it uses \(expression)"
                }
                let shell = ([step] + defaults).lazy.compactMap { $0["shell"].text }.first ?? "bash"
                if !["bash", "sh"].contains(shell.prefix { $0 != " " }) {
                    script.trouble = "it is for the shell \(shell)"
                }
                if let foreign { script.trouble = "it is for \(foreign)" }
                if step["continue-on-error"].text == "true" { script.trouble = "its failure does not count there" }
                script.add(to: &list)
            }
        }
    }

    /// The variables with values of the file itself.
    private static func plain(_ variables: YAML) -> [String: String] {
        variables.texts.filter { !$0.value.has("${{") }
    }
}
