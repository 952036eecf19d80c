import Evidence
import Prompts
import Repository
import Responses
import Sandbox
import Session
import Workspace

/// What the model knows when it begins: the rules, the place, the task.
struct FirstWindow {
    /// The history that a run starts with.
    let window: Window

    /// - Parameters:
    ///   - rules: The developer message.
    ///   - log: What a saved CI log tells.
    ///   - date: Seconds since 1970.
    init(
        _ place: Workspace, rules: String, job: RunRequest.Job, pictures: [PictureFile], instructions: Instructions,
        skills: String?,
        check: Check?, baseline: Baseline?, log: String?, date: Int
    ) {
        var window = Window()
        window.append(.message(role: "developer", text: rules))
        if let opening = instructions.opening { window.append(.message(role: "user", text: opening)) }
        if let skills { window.append(.message(role: "user", text: skills)) }
        // What differs between two sessions stands last: up to there the server finds the cache of the one before.
        var task =
            switch job {
            case .fix: Prompt.fix
            case .prompt(let text, _): "\(Prompt.run)\n\(text)\n"
            }
        if let check { task += "\nThe command that decides:\n\n    \(check.text)\n" }
        let facts = Facts(
            ignored: place.tree.checkouts.ignoredFolders, path: place.environment["PATH"] ?? "", date: date)
        task += "\nRepository: \(place.shownRoot)\n\(facts.text)\n\(place.sandbox.rightsForModel)\n"
        if let said = place.tree.submodules.forModel(isInPlace: place.tree.kind == .inPlace) { task += said + "\n" }
        task += "Commit: \(place.start.hex)\n"
        if let baseline { task += "\n" + baseline.text }
        if let log { task += "\n" + log }
        window.append(.message(role: "user", text: task, pictures: pictures.map(\.picture)))
        self.window = window
    }
}
