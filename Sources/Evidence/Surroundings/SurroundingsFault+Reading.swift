import Sandbox
import Session
import Text

extension SurroundingsFault {
    /// Finds what a failed run lacked; nil where its failure may be one of the files.
    ///
    /// Words of the output prove little: a test may print them on purpose. So a module or a program counts only where the
    /// message has a line of its own, and the network only where no failure is about anything else.
    ///
    /// - Parameter known: What is there under similar names, which is asked for only if a name is missing. A misspelt name
    ///   is a fault of the files.
    public init?(of result: CheckResult, known: () throws -> KnownNames) rethrows {
        guard !result.command.succeeded else { return nil }
        if result.command.ranOutOfMemory {
            self.init(.memory)
            return
        }
        let lines = result.output.split(whereSeparator: \.isNewline).map { Self.bare($0) }
        var names: KnownNames?
        for line in lines.reversed() {
            guard let fault = Self.fault(in: line) else { continue }
            if fault.isNamed {
                let known = try names ?? known()
                names = known
                if known.explains(fault) { continue }
            }
            guard fault.kind != .network || Self.isAboutNetwork(result.tests.failures) else { continue }
            self = fault
            return
        }
        return nil
    }

    /// A line without styling, indentation, and what pytest and make put in front of messages.
    private static func bare(_ line: some StringProtocol) -> String {
        let text = String(line).withoutStyling.drop { $0.isWhitespace }
        return text.hasPrefix("E  ") ? String(text.dropFirst().drop { $0.isWhitespace }) : String(text)
    }

    private static func isAboutNetwork(_ failures: [TestFailure]) -> Bool {
        failures.allSatisfy { failure in
            "\(failure.message)\n\(failure.excerpt)".split(whereSeparator: \.isNewline)
                .contains { fault(in: bare($0))?.kind == .network }
        }
    }

    /// What one line says is lacking.
    static func fault(in line: String) -> SurroundingsFault? {
        if line.utf8.count > 2_000 { return nil }
        for marker in ["No space left on device", "Disk quota exceeded", "disk quota exceeded", "ENOSPC: "] {
            if line.contains(marker) { return Self(.disk) }
        }
        if line.contains("fork: Resource temporarily unavailable") || line.contains("fork: retry: ")
            || line.contains("can't start new thread")
        {
            return Self(.processes)
        }
        if line.contains("Cannot allocate memory") || line.hasPrefix("virtual memory exhausted") {
            return Self(.memory)
        }
        return module(in: line) ?? program(in: line) ?? network(in: line)
    }

    private static func module(in line: String) -> SurroundingsFault? {
        // `ModuleNotFoundError: No module named 'requests.adapters'`, `/usr/bin/python3: No module named pytest`
        if let name = line.quoted(after: "ModuleNotFoundError: No module named ", atStart: true)
            ?? line.quoted(after: "ImportError: No module named ", atStart: true)
            ?? (line.hasPrefix("/") || line.hasPrefix("python") ? line.word(after: ": No module named ") : nil)
        {
            return Self(.module(.python), name: String(name.prefix { $0 != "." }))
        }
        for marker in ["Error: Cannot find module ", "Error [ERR_MODULE_NOT_FOUND]: Cannot find package "] {
            guard let name = line.quoted(after: marker, atStart: false), !name.isPath else { continue }
            return Self(.module(.node), name: name.packageName)
        }
        if let name = line.word(after: "cannot load such file -- "), !name.isPath {
            return Self(.module(.ruby), name: name)
        }
        if line.hasPrefix("Could not find "), line.contains(" in locally installed gems") {
            return Self(.module(.ruby), name: line.word(after: "Could not find ") ?? "")
        }
        if line.hasPrefix("Can't locate "), line.contains(" in @INC"), let name = line.word(after: "Can't locate ") {
            return Self(.module(.perl), name: name)
        }
        if line.contains("vendor/autoload.php"), line.contains("Failed to open stream") {
            return Self(.module(.php), name: "vendor/autoload.php")
        }
        if let name = line.word(after: "error while loading shared libraries: ") {
            return Self(.module(.native), name: String(name.prefix { $0 != ":" }))
        }
        if line.contains("ld: cannot find -l"), let name = line.word(after: "cannot find -l") {
            return Self(.module(.native), name: "lib" + String(name.prefix { $0 != ":" }))
        }
        if line.hasPrefix("Package "), line.contains("was not found in the pkg-config search path") {
            return line.word(after: "Package ").map { Self(.module(.native), name: $0) }
        }
        // `a.c:1:10: fatal error: zlib.h: No such file or directory`
        if line.hasSuffix(": No such file or directory"), let name = line.word(after: ": fatal error: ") {
            return Self(.module(.native), name: String(name.prefix { $0 != ":" }))
        }
        return nil
    }

    private static func program(in line: String) -> SurroundingsFault? {
        // `bash: line 1: jest: command not found`, `sh: 1: jest: not found`
        for suffix in [": command not found", ": not found"] where line.hasSuffix(suffix) {
            let parts = line.dropLast(suffix.count).split(separator: ": ")
            guard parts.count >= 2, let shell = parts.first, let name = parts.last, name.isProgramName,
                shell.hasSuffix("sh") || parts.count >= 3
            else { continue }
            return Self(.program, name: String(name))
        }
        // `make: jest: No such file or directory`, `env: 'node': No such file or directory`
        if line.hasSuffix(": No such file or directory") {
            let parts = line.dropLast(": No such file or directory".count).split(separator: ": ")
            if parts.count == 2, let speaker = parts[0].split(separator: "/").last,
                ["make", "gmake", "env", "xargs", "timeout", "nice"].contains(speaker.prefix { $0 != "[" })
            {
                let name = parts[1].trimmingQuotes
                return name.isProgramName ? Self(.program, name: String(name)) : nil
            }
        }
        if let name = line.quoted(after: "FileNotFoundError: [Errno 2] No such file or directory: ", atStart: true),
            name.isProgramName, !name.contains(".")
        {
            return Self(.program, name: name)
        }
        if let name = line.word(after: "Error: spawn "), line.hasSuffix(" ENOENT"), name.isProgramName {
            return Self(.program, name: name)
        }
        if line.contains(": executable file not found in $PATH"),
            let name = line.quoted(after: "exec: ", atStart: false)
        {
            return Self(.program, name: name)
        }
        if line.hasPrefix("error: linker "), line.hasSuffix(" not found"),
            let name = line.word(after: "error: linker ")?.trimmingQuotes
        {
            return Self(.program, name: String(name))
        }
        return nil
    }

    private static let noNetwork = [
        "Could not resolve host", "Temporary failure in name resolution", "Name or service not known",
        "Network is unreachable", "getaddrinfo EAI_AGAIN", "getaddrinfo ENOTFOUND", "nodename nor servname",
        "dial tcp: lookup ", "Failed to establish a new connection", "No address associated with hostname",
        "failed to lookup address information", "UnknownHostException: ", "Could not connect to server",
    ]

    private static func network(in line: String) -> SurroundingsFault? {
        guard let marker = noNetwork.first(where: { line.contains($0) }) else { return nil }
        let host =
            Substring(line).cut(marker)?.after.drop { $0 == ":" || $0 == " " }.word(after: "")
            .map { $0.prefix { $0 != ":" && $0 != "/" } } ?? ""
        return Self(.network, name: host.contains(".") && !host.hasSuffix(".") ? String(host) : "")
    }
}

extension StringProtocol {
    /// What stands behind a marker; all of it for an empty one.
    private func rest(behind marker: String) -> Substring? {
        marker.isEmpty ? Substring(self) : Substring(self).cut(marker)?.after
    }

    /// The word behind a marker, without quotes; nil without either.
    fileprivate func word(after marker: String) -> String? {
        guard let rest = rest(behind: marker) else { return nil }
        let word = rest.prefix { !$0.isWhitespace && $0 != "," && $0 != ";" }.trimmingQuotes
        return word.isEmpty ? nil : String(word)
    }

    /// What stands in quotes, or the word, behind a marker.
    fileprivate func quoted(after marker: String, atStart: Bool) -> String? {
        guard !atStart || hasPrefix(marker), let rest = rest(behind: marker) else { return nil }
        guard let quote = rest.first, quote == "'" || quote == "\"" else { return word(after: marker) }
        let name = rest.dropFirst().prefix { $0 != quote }
        return name.isEmpty ? nil : String(name)
    }

    fileprivate var trimmingQuotes: SubSequence {
        let quotes: Set<Character> = ["'", "\"", "`", "‘", "’", ".", ":"]
        var text = self[...].drop(while: quotes.contains)
        while let last = text.last, quotes.contains(last) { text = text.dropLast() }
        return text
    }

    /// Whether it is looked for on the search path.
    fileprivate var isProgramName: Bool {
        !isEmpty && utf8.count <= 64 && first != "-"
            && allSatisfy { $0.isLetter || $0.isNumber || "-_.+".contains($0) }
    }

    /// Whether it names a file and no package.
    fileprivate var isPath: Bool { hasPrefix(".") || hasPrefix("/") || hasPrefix("#") || hasPrefix("node:") }

    /// The package of a path into it: `@scope/name/lib/a` is in `@scope/name`.
    fileprivate var packageName: String {
        split(separator: "/").prefix(hasPrefix("@") ? 2 : 1).joined(separator: "/")
    }
}
