import Dispatch
import GraftCommands

@main enum Graft {
    /// Not asynchronous: before such a function begins, the runtime has opened descriptors of its own, which take the
    /// places of standard streams that are missing.
    static func main() {
        GraftCommand.prepareProcess()
        Task { await GraftCommand.runToEnd() }
        dispatchMain()
    }
}
