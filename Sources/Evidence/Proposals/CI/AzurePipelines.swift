/// The steps of Azure Pipelines (learn.microsoft.com, "YAML schema reference for Azure Pipelines").
enum AzurePipelines {
    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        let path = files.first(
            "azure-pipelines.yml", "azure-pipelines.yaml", ".azure-pipelines.yml",
            ".azure-pipelines/azure-pipelines.yml")
        guard let path, let text = files.text(path) else { return }
        let definition = YAMLReader.read(text)
        read(definition, path, job: nil, system: definition["pool"]["vmImage"].text, depth: 0, &list)
    }

    /// Steps stand in the file, in jobs, or in jobs of stages.
    private static func read(
        _ part: YAML, _ path: String, job: String?, system: String?, depth: Int, _ list: inout CandidateList
    ) {
        guard depth < 4 else { return }
        for inner in part["stages"].elements + part["jobs"].elements {
            let name = inner["job"].text ?? inner["stage"].text ?? inner["deployment"].text
            read(
                inner, path, job: name ?? job, system: inner["pool"]["vmImage"].text ?? system, depth: depth + 1, &list)
        }
        for (index, step) in part["steps"].elements.enumerated() {
            guard let text = step["script"].text ?? step["bash"].text else { continue }
            let name = step["displayName"].text ?? "\(index + 1)"
            var script = CIScript(text: text, place: path + (job.map { ", job \($0)" } ?? "") + ", step \(name)")
            script.ownVariables = step["env"].texts.filter { !$0.value.has("$(") && !$0.value.has("${{") }
            script.folder = step["workingDirectory"].text
            script.expression = { line in CIScript.enclosed(line, "${{", "}}") ?? macro(in: line) }
            if let foreign = ["windows", "macos"].first(where: { system?.lowercased().has($0) == true }) {
                script.trouble = "it is for \(foreign)"
            }
            if step["continueOnError"].text == "true" { script.trouble = "its failure does not count there" }
            if let expression = script.folder.flatMap(script.expression) { script.trouble = "it uses \(expression)" }
            script.add(to: &list)
        }
    }

    /// A macro such as `$(Build.SourcesDirectory)`, which the shell would take for a command.
    private static func macro(in line: String) -> String? {
        guard let found = CIScript.enclosed(line, "$(", ")") else { return nil }
        let inner = found.dropFirst(2).dropLast()
        let isName = inner.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
        return isName && (inner.contains(".") || inner.first?.isUppercase == true) ? found : nil
    }
}
