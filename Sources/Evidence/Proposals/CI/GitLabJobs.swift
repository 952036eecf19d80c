/// The jobs of `.gitlab-ci.yml` (docs.gitlab.com, "CI/CD YAML syntax reference").
enum GitLabJobs {
    private static let path = ".gitlab-ci.yml"
    private static let reserved: Set<String> = [
        "stages", "variables", "default", "include", "workflow", "image", "services", "cache", "before_script",
        "after_script", "pages", "spec",
    ]

    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        guard let text = files.text(path) else { return }
        let definition = YAMLReader.read(text)
        for job in definition.entries where !reserved.contains(job.key) && !job.key.hasPrefix(".") {
            let place = "\(path), job \(job.key)"
            var lines: [String] = []
            for line in job.value["script"].elements {
                switch line {
                case .text(let text): lines.append(text)
                case .list(let more): lines += more.compactMap(\.text)
                case .unusable(let reason): list.skip(job.key, place, because: "its script is \(reason)")
                case .map, .none: break
                }
            }
            var script = CIScript(text: lines.joined(separator: "\n"), place: place)
            script.variables = values(of: definition["variables"]).merging(values(of: job.value["variables"])) { $1 }
            for row in job.value["parallel"]["matrix"].elements {
                for name in row.entries.map(\.key) { script.variables[name] = nil }
            }
            script.expression = { CIScript.enclosed($0, "$[[", "]]") }
            if job.value["allow_failure"].text == "true" { script.trouble = "its failure does not count there" }
            if job.value["trigger"] != .none { continue }
            script.add(to: &list)
        }
    }

    /// Variables with plain values; those that refer to others are left out.
    private static func values(of variables: YAML) -> [String: String] {
        var values: [String: String] = [:]
        for entry in variables.entries {
            if let value = entry.value.text ?? entry.value["value"].text, !value.has("$") { values[entry.key] = value }
        }
        return values
    }
}
