import ArgumentParser
import Glibc
import OS
import Review

/// The flags that give a commit's message.
struct MessageOptions: ParsableArguments {
    @Option(
        name: [.customShort("m"), .long],
        help: ArgumentHelp("The message; given more than once, each one is a paragraph.", valueName: "text"))
    var message: [String] = []

    @Option(
        name: [.customShort("F"), .long],
        help: ArgumentHelp("A file with the message; - is standard input.", valueName: "file"))
    var file: String?

    /// Whether there is one.
    var isGiven: Bool { !message.isEmpty || file != nil }

    func validate() throws {
        if !message.isEmpty, file != nil { throw ValidationError("give the message with -m or with -F, not both") }
    }

    /// The message; nil if none is given.
    func text() throws -> String? {
        guard let file else { return message.isEmpty ? nil : message.joined(separator: "\n\n") }
        let bytes: [UInt8]
        do throws(SystemError) {
            let limit = 1 << 20
            bytes = try file == "-" ? FileContent.read(0, limit: limit) : FileContent.read(file, limit: limit)
        } catch {
            if error.number == EFBIG { throw ReviewError(.usage, "the message is longer than 1 MB") }
            throw ReviewError(.usage, "cannot read the message from \(file): \(error.reason)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ReviewError(.usage, "the message is not UTF-8")
        }
        return text
    }
}
