import Glibc
import Sandbox
import Text

/// Finds and reads the report files that a command has written, after it has run.
///
/// They are found and read by commands in the sandbox of the command: that sees them in whatever layer of the tree they
/// lie, and sees nothing else. Files that are older than the run are those of an earlier one, and do not count.
struct ReportSearch: Sendable {
    private let patterns: [FilePattern]
    /// The time at which the command was started, by the clock that files get theirs from.
    private let start: FileTime

    /// What was read, and what a person should know of it.
    struct Outcome: Sendable {
        var reports = ReportCollection()
        var notices: [String] = []
    }

    /// The most bytes of one report, and of all of them.
    private static let (fileLimit, totalLimit) = (64 << 20, 512 << 20)
    /// The most reports that are read.
    private static let countLimit = 5000
    /// The most bytes of a list of files.
    private static let listLimit = 8 << 20
    private static let timeout: Duration = .seconds(120)

    /// Makes a search for what is written from now on.
    init(_ patterns: [FilePattern]) {
        self.patterns = patterns
        start = .now
    }

    /// Finds the files, and reads those that are new.
    func run(in sandbox: Sandbox, environment: SandboxEnvironment) async -> Outcome {
        var outcome = Outcome()
        let found = await list(in: sandbox, environment: environment, &outcome)
        let new = found.filter { $0.changed >= start }
        tellOld(found.filter { $0.changed < start }, hasNew: !new.isEmpty, &outcome)
        var chosen: [FoundFile] = []
        var total = 0
        for file in new {
            if file.size > Self.fileLimit {
                outcome.notices.append(
                    "the report \(file.path) is left out: it has more than \(Self.fileLimit.spelledAsBytes)")
            } else if chosen.count == Self.countLimit || total + file.size > Self.totalLimit {
                outcome.notices.append(
                    "of \(new.count) reports only the first \(chosen.count) are read: all together are too large")
                break
            } else {
                chosen.append(file)
                total += file.size
            }
        }
        await read(chosen.map(\.path), in: sandbox, environment: environment, &outcome)
        return outcome
    }

    private func tellOld(_ files: [FoundFile], hasNew: Bool, _ outcome: inout Outcome) {
        guard let first = files.first else {
            if !hasNew, outcome.notices.isEmpty {
                outcome.notices.append(
                    "no report was written that matches \(patterns.map(\.text.named).joined(separator: " or "))")
            }
            return
        }
        let more = files.count > 1 ? " and \(files.count - 1) more" : ""
        outcome.notices.append(
            "\(first.path)\(more) \(files.count > 1 ? "were" : "was") not written by this run of the command, and "
                + "\(files.count > 1 ? "do" : "does") not count")
    }

    /// Lists files whose last names fit, with their sizes and the times of their last changes, and keeps those that match.
    private func list(
        in sandbox: Sandbox, environment: SandboxEnvironment, _ outcome: inout Outcome
    ) async -> [FoundFile] {
        var places: [FilePattern.Place] = []
        for place in patterns.flatMap(\.places) where !places.contains(place) { places.append(place) }
        let dependencies = patterns.contains { $0.text.contains("node_modules") } ? "" : "node_modules"
        var request = CommandRequest(
            .arguments(
                ["/bin/sh", "-c", Self.listing, "sh", dependencies]
                    + places.flatMap { [$0.folder.octal, $0.name.octal] }),
            environment: environment, timeout: Self.timeout)
        request.outputLimit = 2 * Self.listLimit
        let result = await sandbox.run(request)
        guard let bytes = result.stdout.whole, bytes.count <= Self.listLimit else {
            outcome.notices.append("the reports are not read: too many files have such names")
            return []
        }
        if bytes.isEmpty, result.outcome != .exited(0) {
            let said = String(decoding: result.stderr.head, as: UTF8.self).split(separator: "\n").first.map(String.init)
            outcome.notices.append(
                "the reports could not be looked for: \(said?.named ?? result.outcome.explained(timeout: Self.timeout))"
            )
            return []
        }
        var seen: Set<BytePath> = []
        let files = bytes.split(separator: 0).compactMap { FoundFile($0) }.filter { file in
            patterns.contains { $0.matches(file.path) } && seen.insert(file.path).inserted
        }
        return files.sorted { $0.path < $1.path }
    }

    /// Writes `TIME SIZE PATH` for each file, with a zero byte behind it. Arguments are text and names need not be, so they
    /// come with each byte in octal. No link leads out of the tree, and none is followed.
    private static let listing = """
        PATH=/usr/bin:/bin:$PATH
        r=$(pwd -P && echo .) && r=${r%??} || exit 90
        x=${1:-.git}
        shift
        while [ $# -gt 1 ]; do
            d=$(printf '%b.' "$1") && d=./${d%.}
            n=$(printf '%b.' "$2") && n=${n%.}
            shift 2
            [ -d "$d" ] || continue
            p=$(cd -P -- "$d" && pwd -P && echo .) && p=${p%??} || continue
            case $p in "$r"|"$r"/*) ;; *) continue;; esac
            find "$d" '(' -name .git -o -name "$x" ')' -prune -o -type f -name "$n" -printf '%C@ %s %p\\0'
        done
        """

    private func read(
        _ paths: [BytePath], in sandbox: Sandbox, environment: SandboxEnvironment, _ outcome: inout Outcome
    ) async {
        var rest = paths[...]
        while !rest.isEmpty {
            // The arguments of one command are limited.
            var length = 0
            let batch = rest.prefix { path in
                length += 4 * path.bytes.count + 16
                return length < 1 << 19
            }
            rest = rest[batch.endIndex...]
            let stream = ReportStream(batch.map(\.description), byteLimit: Self.fileLimit)
            var request = CommandRequest(
                .arguments(
                    ["/bin/sh", "-c", Self.reading, "sh", stream.mark, "\(Self.fileLimit + 1)"] + batch.map(\.octal)),
                environment: environment, timeout: Self.timeout)
            request.outputLimit = 4096
            request.onOutput = { chunk in if chunk.stream == .stdout { stream.take(chunk.bytes) } }
            let result = await sandbox.run(request)
            stream.finish(into: &outcome)
            if result.outcome != .exited(0) {
                let ending = result.outcome.explained(timeout: Self.timeout)
                outcome.notices.append("not all reports could be read: the command that reads them \(ending)")
                return
            }
        }
    }

    /// Writes each file, and a mark behind it that no file can hold.
    private static let reading = """
        PATH=/usr/bin:/bin:$PATH
        r=$(pwd -P && echo .) && r=${r%??} || exit 90
        m=$1 l=$2
        shift 2
        for a; do
            p=$(printf '%b.' "$a") && p=./${p%.}
            f=$(readlink -f -- "$p" && echo .) && f=${f%??} || f=
            case $f in "$r"/*) [ -f "$p" ] && [ ! -h "$p" ] && head -c "$l" -- "$p" ;; esac
            printf '%s' "$m"
        done
        """
}

/// A file as the list tells it.
private struct FoundFile {
    let changed: FileTime
    let size: Int
    let path: BytePath

    /// Reads `1700000000.1234567890 42 ./build/report.xml`.
    init?(_ line: ArraySlice<UInt8>) {
        let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let time = FileTime(spelled: parts[0]),
            let size = Int(String(decoding: parts[1], as: UTF8.self))
        else { return nil }
        changed = time
        self.size = size
        var bytes = parts[2]
        while bytes.starts(with: "./".utf8) { bytes = bytes.dropFirst(2).drop { $0 == UInt8(ascii: "/") } }
        path = BytePath(bytes: bytes)
    }
}

extension BytePath {
    /// Each byte in octal, as `printf %b` reads it.
    fileprivate var octal: String { bytes.map { "\\0" + String($0, radix: 8) }.joined() }
}
