import Evidence
import Prompts
import Repository
import Responses
import Session
import Workspace

/// What the model knows when it begins: the rules, the place, the task.
struct FirstWindow {
    /// The history that a run starts with.
    let window: Window

    init(_ place: Workspace, job: RunRequest.Job, instructions: Instructions, check: Check?, baseline: Judgement?) {
        var window = Window()
        window.append(.message(role: "developer", text: Prompt.developer))
        if let opening = instructions.opening { window.append(.message(role: "user", text: opening)) }
        var task = """
            Repository: \(place.shownRoot)
            Commit: \(place.start.hex)


            """
        if let rights = place.sandbox.rightsForModel { task += rights + "\n\n" }
        let submodules = place.files.submodules.prefix(20)
        if !submodules.isEmpty {
            let state = place.tree.kind == .inPlace ? "Nothing in them is committed" : "They are empty here"
            task += "Submodules: \(submodules.joined(separator: ", ")). \(state); they cannot be changed.\n\n"
        }
        switch job {
        case .fix: task += Prompt.fix
        case .prompt(let text, _): task += text + "\n"
        }
        if let check { task += "\nThe command that decides:\n\n    \(check.text)\n" }
        if let baseline { task += "\n" + baseline.text }
        window.append(.message(role: "user", text: task))
        self.window = window
    }
}
