import ArgumentParser
import Terminal

/// `graft doctor`: says what is there and what is missing.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what is there: libraries, sandbox, credentials, server.")

    @OptionGroup var state: StateOptions

    @OptionGroup var model: ModelOptions

    @Flag(help: "Also ask the server whether it is there and takes the key.")
    var online = false

    func run() async throws {
        let environment = ProcessEnvironment.current
        let style = TerminalStyle(descriptor: 1, environment: environment)
        let output = StandardOutput()
        let doctor = Doctor(settings: model.settings, environment: environment)
        var isHealthy = true
        for await finding in doctor.findings(online: online) {
            let mark = finding.isGood ? style(.good, "✓") : style(.bad, "✗")
            output.write("\(mark) \(finding.subject.padded(to: 14)) \(finding.text)\n")
            if let remedy = finding.remedy { output.write("  \("".padded(to: 14)) → \(remedy)\n") }
            if !finding.isGood { isHealthy = false }
        }
        // What nobody could read was not told, whatever it was.
        let code = StandardOutput.exitCode(0)
        if code != 0 || !isHealthy { throw ExitCode(code == 0 ? 1 : code) }
    }
}
