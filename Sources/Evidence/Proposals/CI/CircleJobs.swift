/// The jobs of CircleCI (circleci.com/docs, "Configuration reference").
enum CircleJobs {
    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        guard let path = files.first(".circleci/config.yml", ".circleci/config.yaml"), let text = files.text(path)
        else {
            return
        }
        let definition = YAMLReader.read(text)
        for job in definition["jobs"].entries {
            let isForeign = job.value["macos"] != .none
            for (index, step) in job.value["steps"].elements.enumerated() {
                let run = step["run"]
                let name = run["name"].text ?? "\(index + 1)"
                let place = "\(path), job \(job.key), step \(name)"
                if case .unusable(let reason) = run { list.skip(name, place, because: "it is \(reason)") }
                guard let text = run.text ?? run["command"].text else { continue }
                var script = CIScript(text: text, place: place)
                script.variables = job.value["environment"].texts
                script.ownVariables = run["environment"].texts
                script.folder = run["working_directory"].text
                script.expression = { CIScript.enclosed($0, "<<", ">>") }
                if isForeign { script.trouble = "it is for macos" }
                if let expression = script.folder.flatMap(script.expression) {
                    script.trouble = "it uses \(expression)"
                }
                script.add(to: &list)
            }
        }
    }
}
