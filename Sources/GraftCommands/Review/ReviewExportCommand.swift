import ArgumentParser
import Glibc
import JSON
import OS
import Responses
import Review
import Terminal

/// `graft review export`: the series as mail or as a bundle.
struct ReviewExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the series as mail for git am, or as a bundle for git fetch.")

    @OptionGroup var options: ReviewOptions

    @Option(help: ArgumentHelp("Write a mailbox; - is standard output.", valueName: "file"))
    var mbox: String?

    @Option(help: ArgumentHelp("Write a bundle with the session's branch; - is standard output.", valueName: "file"))
    var bundle: String?

    func validate() throws {
        guard (mbox == nil) != (bundle == nil) else { throw ValidationError("say --mbox FILE or --bundle FILE") }
        if options.json, (mbox ?? bundle) == "-" {
            throw ValidationError("--json and - both mean standard output; name a file")
        }
    }

    func run() async throws {
        try await options.review { session, printer in
            let path = mbox ?? bundle ?? "-"
            let bytes = try mbox != nil ? session.exportMail() : session.exportBundle()
            guard path != "-" else { return printer.output.write(bytes) }
            try OutputFile.write(bytes, mbox != nil ? "the mail" : "the bundle", to: path)
            let next = mbox != nil ? "git am \(path)" : "git fetch \(path) \(session.branch)"
            printer.show(
                printer.style(.good, "✓ written") + " \(path), \(bytes.count) bytes"
                    + printer.style(.faint, "   take: \(next)") + "\n"
            ) { writer in
                writer.member("op", "export")
                writer.member("format", mbox != nil ? "mbox" : "bundle")
                writer.member("file", path)
                writer.member("bytes", bytes.count)
            }
        }
    }
}
