import Glibc
import OS
import Sandbox
import Text
import Workspace

/// What a model cannot look up without a command, and needs for its first one.
struct Facts {
    /// The lines, the same for the same place on the same day.
    let text: String

    /// The programs that are worth a mention, as a shell finds them.
    private static let programs = [
        "rg", "fd", "jq", "git", "make", "cmake", "ninja", "gcc", "clang", "python3", "uv", "node", "npm", "pnpm",
        "yarn",
        "deno", "bun", "go", "cargo", "swift", "java", "mvn", "gradle", "dotnet", "ruby", "bundle", "php", "composer",
        "perl",
    ]
    /// More folders than this say no more.
    private static let mostFolders = 12

    /// - Parameters:
    ///   - ignored: The folders that git ignores and that are there all the same.
    ///   - path: The folders in which commands look for programs.
    ///   - date: Seconds since 1970.
    init(ignored: [String], path: String, date: Int) {
        var lines = ["Date: \(Self.day(date))", "System: \(Self.system)"]
        let folders = path.split(separator: ":")
        let found = Self.programs.filter { name in folders.contains { access("\($0)/\(name)", X_OK) == 0 } }
        if !found.isEmpty { lines.append("Programs, among others: \(found.joined(separator: ", "))") }
        if !ignored.isEmpty {
            let more = ignored.count > Self.mostFolders ? " and \(ignored.count - Self.mostFolders) more" : ""
            let names = ignored.prefix(Self.mostFolders).map { $0.withoutStyling }.joined(separator: ", ")
            lines.append("Ignored by git, and there: \(names)\(more). What commands change in them is not committed.")
        }
        text = lines.joined(separator: "\n")
    }

    private static func day(_ date: Int) -> String {
        let time = UTCTime(secondsSince1970: date)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(time.year)-\(two(time.month))-\(two(time.day))"
    }

    /// The distribution and the processor.
    private static var system: String {
        // Without the file it is some Linux.
        let release = (try? FileContent.read("/etc/os-release", limit: 4096)) ?? []
        let line = String(decoding: release, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix("PRETTY_NAME=")
        }
        let name = line?.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } ?? "Linux"
        var machine = utsname()
        uname(&machine)
        let processor = withUnsafeBytes(of: machine.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return "\(name), \(processor), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors"
    }
}
