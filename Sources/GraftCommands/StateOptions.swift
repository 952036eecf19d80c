import ArgumentParser
import Glibc
import OS

/// The flag that says where everything is kept that Graft keeps.
struct StateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep sessions, trees, caches, locks and temporary files in this folder, and nowhere else (GRAFT_STATE_DIR).",
            valueName: "dir"))
    var stateDir: String?

    /// Puts the folder into the environment, which all of Graft reads; nothing else runs while arguments are parsed.
    func validate() throws {
        guard let stateDir else { return }
        guard !stateDir.isEmpty, let place = FilePath.fromHere(stateDir) else {
            throw ValidationError("--state-dir needs the path of a folder")
        }
        setenv("GRAFT_STATE_DIR", place, 1)
    }
}
