import ArgumentParser
import OS

/// The flags that say which files a run leaves for others, see docs/results.md.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write the result to a file as JSON.", valueName: "file"))
    var result: String?

    @Option(help: ArgumentHelp("Write a report for people to a file, in Markdown.", valueName: "file"))
    var summary: String?

    @Option(help: ArgumentHelp("Write what is still broken, and doubts, to a file as SARIF.", valueName: "file"))
    var sarif: String?

    @Option(help: ArgumentHelp("Write what is still broken to a file as JUnit XML.", valueName: "file"))
    var junit: String?

    @Option(
        name: .customLong("codequality"),
        help: ArgumentHelp("As --sarif, as a code quality report for GitLab.", valueName: "file"))
    var codeQuality: String?

    @Option(help: ArgumentHelp("Write the commits to a folder as patches for git am.", valueName: "dir"))
    var patchDir: String?

    @Option(help: ArgumentHelp("Write the commits to a file as a bundle for git fetch.", valueName: "file"))
    var bundle: String?

    /// Flags and the files that they name.
    var named: [(flag: String, path: String)] {
        [
            ("--result", result), ("--summary", summary), ("--sarif", sarif), ("--junit", junit),
            ("--codequality", codeQuality), ("--patch-dir", patchDir), ("--bundle", bundle),
        ].compactMap { flag, path in path.map { (flag, $0) } }
    }

    func validate() throws {
        var flags: [String: String] = [:]
        for (flag, path) in named {
            guard !path.isEmpty else { throw ValidationError("\(flag) needs a path") }
            // Devices and pipes take one report behind the other.
            guard !path.hasPrefix("/dev/") else { continue }
            if let other = flags.updateValue(flag, forKey: FilePath.resolved(path) ?? path) {
                throw ValidationError("\(other) and \(flag) name the same file: \(path)")
            }
        }
    }
}
