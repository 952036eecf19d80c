import Session

/// Reads what Go's compiler, vet and the search for packages say, a section for each package below `# package`.
struct GoPackageErrors {
    /// What was found; what failed as a whole comes last, where no error says why.
    var all: [TestFailure] {
        failures
            + failedPackages.filter { !packagesWithErrors.contains($0.name) }.map {
                TestFailure(name: String($0.name), message: String($0.reason))
            }
    }

    private var failures: [TestFailure] = []
    private var package: Substring?
    private var packagesWithErrors: Set<Substring> = []
    private var failedPackages: [(name: Substring, reason: Substring)] = []

    /// Whether the lines of a section come now.
    private(set) var ownsLine = false

    /// Takes the next line.
    ///
    /// - Returns: Whether it belongs to a section.
    mutating func read(_ line: Substring) -> Bool {
        ownsLine = false
        if let heading = line.after("# ") {
            let words = heading.words
            // Such a line also begins a comment; only lines with places make it a section.
            let isPackage = words.count == 1 || (words.count == 2 && words[1].starts(with: "["))
            package = isPackage ? words.first : nil
            return false
        }
        if let package, let place = Self.place(line.after("vet: ") ?? line) {
            packagesWithErrors.insert(package)
            take(place, line)
            return true
        }
        // The compiler says more of a mistake in lines that begin with a tab.
        if package != nil, line.starts(with: "\t"), !failures.isEmpty {
            failures[failures.count - 1].excerpt += "\n\(line)"
            ownsLine = failures[failures.count - 1].excerpt.utf8.count < Excerpt.byteLimit
            if !ownsLine { package = nil }
            return true
        }
        package = line == "too many errors" ? package : nil
        guard let place = Self.place(line), Self.isAboutPackages(place.rest) else { return false }
        take(place, line)
        return true
    }

    /// Takes a package that could not be built or set up, which is told where no error was.
    mutating func packageFailed(_ name: Substring, _ reason: Substring) {
        if failedPackages.count < Findings.failureLimit { failedPackages.append((name, reason)) }
    }

    private mutating func take(_ place: Place, _ line: Substring) {
        ownsLine = true
        guard failures.count < Findings.failureLimit else { return }
        failures.append(
            TestFailure(
                name: String(place.text), message: String(place.rest), file: String(place.file), line: place.line,
                excerpt: String(line)))
    }

    private static func place(_ line: Substring) -> Place? {
        Place(line).flatMap { $0.file.ends(with: ".go") && !$0.rest.isEmpty ? $0 : nil }
    }

    /// Whether it is what `go` itself says of a file, without a section.
    private static func isAboutPackages(_ message: Substring) -> Bool {
        [
            "is not in GOROOT", "is not in std", "no required module provides package", "cannot find package",
            "use of internal package", "import cycle not allowed", "expected 'package'", "cannot find module",
        ].contains { message.holds($0) }
    }
}
