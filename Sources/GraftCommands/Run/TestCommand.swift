import Glibc
import JSON
import OS
import Text

/// The command that a repository's files say its tests are run with; for a proposal, it is never run unasked.
struct TestCommand {
    /// The shell line: one of a fixed list, so that nothing of what a file says gets into it.
    let line: String

    private static let longestFile = 1 << 20

    /// Looks at the files in the root of a repository; nil where none is known.
    init?(in folder: String) {
        func has(_ name: String) -> Bool {
            var status = stat()
            return stat("\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
        func text(_ name: String) -> String? {
            // A file that is missing or too long says nothing; reading a pipe would wait.
            let bytes = has(name) ? try? FileContent.read("\(folder)/\(name)", limit: Self.longestFile) : nil
            return bytes.map { String(decoding: $0, as: UTF8.self) }
        }
        let finders: [() -> String?] = [
            { ["GNUmakefile", "makefile", "Makefile"].lazy.compactMap(text).first.flatMap(Self.makeTarget) },
            { text("package.json").flatMap { Self.hasTestScript($0) ? Self.packageManager(has) : nil } },
            { has("Cargo.toml") ? "cargo test" : nil },
            { has("go.mod") ? "go test ./..." : nil },
            { has("Package.swift") ? "swift test" : nil },
            { has("tox.ini") ? "tox" : nil },
            { Self.isForPytest(text, has) ? "python3 -m pytest" : nil },
            { has("gradlew") ? "./gradlew test" : nil },
            { has("build.gradle") || has("build.gradle.kts") ? "gradle test" : nil },
            { has("mvnw") ? "./mvnw test" : has("pom.xml") ? "mvn test" : nil },
            { text("CMakeLists.txt").flatMap { Self.hasTests($0) ? Self.ctest : nil } },
        ]
        guard let line = finders.lazy.compactMap({ $0() }).first else { return nil }
        self.line = line
    }

    private static let ctest = "cmake -B build && cmake --build build && ctest --test-dir build"

    private static func makeTarget(_ file: String) -> String? {
        let targets = file.split(separator: "\n").filter { $0.first?.isLetter == true && !$0.contains(":=") }
            .compactMap { line in line.firstIndex(of: ":").map { line[..<$0].split(separator: " ") } }.joined()
        return targets.contains("test") ? "make test" : targets.contains("check") ? "make check" : nil
    }

    /// Whether package.json names a test script; the one that npm writes into a new file only fails.
    private static func hasTestScript(_ file: String) -> Bool {
        let script = (try? JSON(Array(file.utf8)))?["scripts"]?["test"]?.string
        return script.map { $0.range(of: "no test specified") == nil } ?? false
    }

    private static func packageManager(_ has: (String) -> Bool) -> String {
        if has("pnpm-lock.yaml") { return "pnpm test" }
        if has("yarn.lock") { return "yarn test" }
        return has("bun.lockb") || has("bun.lock") ? "bun run test" : "npm test"
    }

    private static func isForPytest(_ text: (String) -> String?, _ has: (String) -> Bool) -> Bool {
        if has("pytest.ini") || has("conftest.py") || has("tests/conftest.py") { return true }
        return ["pyproject.toml", "setup.cfg"].contains { text($0)?.range(of: "pytest") != nil }
    }

    private static func hasTests(_ file: String) -> Bool {
        file.range(of: "enable_testing") != nil || file.range(of: "include(CTest)") != nil
    }
}

extension StringProtocol {
    /// Where a text stands first.
    fileprivate func range(of text: String) -> Index? {
        var rest = self[...]
        while let first = text.first, let place = rest.firstIndex(of: first) {
            if self[place...].hasPrefix(text) { return place }
            rest = self[index(after: place)...]
        }
        return nil
    }
}
