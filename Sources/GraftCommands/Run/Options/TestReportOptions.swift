import Agent
import ArgumentParser
import Configuration
import Text

/// The flag that names the reports which the deciding command writes.
struct TestReportOptions: ParsableArguments {
    @Option(
        name: .customLong("reports"),
        help: ArgumentHelp(
            "Files that the command writes about its tests, such as 'build/**/*.xml'; may be given again.",
            valueName: "pattern"))
    var patterns: [String] = []

    func validate() throws {
        for pattern in patterns where FilePattern(pattern) == nil {
            throw ValidationError("--reports \(pattern.quoted): these are \(FilePattern.form)")
        }
    }

    /// Puts what was named into a request; what configuration says stays where nothing was.
    func apply(to request: inout RunRequest) {
        if !patterns.isEmpty { request.settings.reports = patterns.compactMap(FilePattern.init) }
    }
}
