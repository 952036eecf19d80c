import ArgumentParser
import Evidence
import Glibc
import OS
import Text

/// The flag that names a saved CI log.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A saved CI log, or an archive of logs from GitHub: the model is told what failed there, and without "
                + "COMMAND its command is proposed.", valueName: "file"))
    var log: String?

    /// The most bytes of a log.
    private static let byteLimit = 256 << 20

    /// Reads the log, and says on standard error what it shows; nil if none was named.
    ///
    /// - Throws: `Refusal` for one that cannot be read.
    func read() throws -> LogReading? {
        guard let log else { return nil }
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try FileContent.read(log, limit: Self.byteLimit) } catch {
            let reason = error.number == EFBIG ? "it has more than \(Self.byteLimit.spelledAsBytes)" : error.reason
            throw Refusal("cannot read the log \(log.named): \(reason)")
        }
        let reading: LogReading
        do { reading = try LogReading(bytes) } catch {
            throw Refusal("cannot read the log \(log.named): \(error)")
        }
        for notice in reading.notices { StandardError.write("graft: \(log.named): \(notice)") }
        let failures = reading.tests.failures.count
        let count = failures == 0 ? "no failure that is known" : failures == 1 ? "1 failure" : "\(failures) failures"
        let step =
            reading.ending.isEmpty ? "no failed step was found" : "the failed step ended with \(reading.ending.named)"
        StandardError.write("graft: \(log.named): \(step); \(count) in its output")
        return reading
    }
}
