/// The scripts of Travis CI (docs.travis-ci.com, "Job lifecycle").
enum TravisScripts {
    private static let path = ".travis.yml"

    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        guard let text = files.text(path) else { return }
        let definition = YAMLReader.read(text)
        add(definition["script"], path, &list)
        for jobs in [definition["jobs"], definition["matrix"]] {
            for job in jobs["include"].elements {
                let name = job["name"].text ?? job["stage"].text
                add(job["script"], path + (name.map { ", job \($0)" } ?? ""), &list)
            }
        }
    }

    private static func add(_ script: YAML, _ place: String, _ list: inout CandidateList) {
        let lines = script.elements.compactMap(\.text)
        CIScript(text: lines.joined(separator: "\n"), place: place).add(to: &list)
    }
}
