import JSON
import Session

/// Reads the events of `go test -json` (`go doc test2json`), with those of builds since Go 1.24.
struct GoEventReader: OutputReader {
    static let format = "go test -json"

    private var findings = Findings()
    /// The tests that have begun, with what they have printed.
    private var running: [String: Running] = [:]
    /// What a package has printed outside of its tests.
    private var packages: [String: Excerpt] = [:]
    private var failedTests: Set<String> = []
    /// What failed, with its package and test, in order.
    private var failures: [Failed] = []
    /// What did not compile, by the path that is built.
    private var builds: [String: [TestFailure]] = [:]
    private var seen = false

    private static let runningLimit = 20_000

    private struct Running {
        var output = Excerpt()
        var place: ReportPlace?
        var message = ""

        /// Takes a piece of output, which is a line.
        mutating func take(_ piece: String) {
            let line = piece[...].withoutBlankEnd
            let text = line.trimmed
            if text.starts(with: "=== ") || text.starts(with: "--- ") { return }
            output.add(line)
            if text.starts(with: "panic: ") {
                (message, place) = (String(text), nil)
            } else if let found = Place(text), found.file.ends(with: ".go") {
                // In the stack of a panic, the frames of Go's own library come first.
                let isOwn = !found.file.starts(with: "/usr/") && !found.file.holds("/go/src/")
                if place == nil, isOwn {
                    place = ReportPlace(file: String(found.file), line: found.line)
                    if message.isEmpty { message = String(found.rest) }
                }
            } else if message.isEmpty, !text.isEmpty {
                message = String(text)
            }
        }
    }

    private struct Failed {
        let package: String
        let test: String
        let told: Running
    }

    mutating func read(_ line: Substring) -> Bool {
        guard line.starts(with: "{\""), line.holds("\"Action\":\"") else { return plain(line) }
        guard let event = try? JSON(String(line)), let action = event["Action"]?.string else { return false }
        if let path = event["ImportPath"]?.string {
            if action == "build-output" { build(path, event["Output"]?.string ?? "") }
            seen = true
            return true
        }
        guard let package = event["Package"]?.string else { return false }
        seen = true
        let test = event["Test"]?.string ?? ""
        if test.isEmpty {
            whole(package, action, event)
        } else {
            one(package, test, action, event)
        }
        return true
    }

    /// Between the events stands what could not be built, before Go 1.24: `FAIL<TAB>example.com/calc [build failed]`.
    private mutating func plain(_ line: Substring) -> Bool {
        guard seen || line.ends(with: "failed]"), let rest = line.after("FAIL\t"), let (package, why) = rest.cut(" ["),
            let reason = why.before("]")
        else { return false }
        failures.append(
            Failed(package: String(package), test: "", told: Running(message: String(reason))))
        return seen
    }

    private mutating func one(_ package: String, _ test: String, _ action: String, _ event: JSON) {
        let key = "\(package).\(test)"
        switch action {
        case "run":
            if running.count < Self.runningLimit { running[key] = Running() }
        case "output":
            guard running[key] != nil, let output = event["Output"]?.string else { return }
            running[key]?.take(output)
        case "pass", "skip":
            running[key] = nil
            findings.add(key, action == "pass" ? .passed : .skipped)
        case "fail":
            fail(package, test)
        default: break
        }
    }

    private mutating func fail(_ package: String, _ test: String) {
        let key = "\(package).\(test)"
        findings.add(key, .failed)
        guard failedTests.count < Self.runningLimit, failedTests.insert(key).inserted else { return }
        failures.append(Failed(package: package, test: test, told: running.removeValue(forKey: key) ?? Running()))
    }

    /// An event of a package.
    private mutating func whole(_ package: String, _ action: String, _ event: JSON) {
        switch action {
        case "output":
            guard packages.count < 1000, let output = event["Output"]?.string else { return }
            packages[package, default: Excerpt()].add(output[...].withoutBlankEnd)
        case "pass", "skip":
            packages[package] = nil
        case "fail":
            // After a panic, no event says how the tests ended that had begun.
            for key in running.keys.sorted() where key.hasPrefix("\(package).") {
                fail(package, String(key.dropFirst(package.count + 1)))
            }
            let output = packages.removeValue(forKey: package) ?? Excerpt()
            if let path = event["FailedBuild"]?.string {
                let told = builds.removeValue(forKey: path) ?? []
                for failure in told { findings.add(failure) }
                if told.isEmpty {
                    failures.append(Failed(package: package, test: "", told: Running(message: "build failed")))
                }
            } else if !failures.contains(where: { $0.package == package }) {
                failures.append(Failed(package: package, test: "", told: Running(output: output)))
            }
        default: break
        }
    }

    /// `broken/b.go:3:31: invalid operation: …`, below a line that names the package.
    private mutating func build(_ path: String, _ output: String) {
        guard let place = Place(output[...].withoutBlankEnd), builds.count < 1000,
            builds[path, default: []].count < Findings.failureLimit
        else { return }
        builds[path, default: []].append(
            TestFailure(
                name: String(place.text), message: String(place.rest), file: String(place.file), line: place.line))
    }

    mutating func finish() -> TestReading? {
        guard seen || !failures.isEmpty else { return nil }
        // Packages whose last event has not come were broken off.
        for key in running.keys.sorted() { findings.add(key, .failed) }
        for failed in failures {
            if failed.test.isEmpty {
                var output = failed.told.output
                let text = output.take()
                findings.add(
                    TestFailure(
                        name: failed.package,
                        message: failed.told.message.isEmpty
                            ? text.split(separator: "\n").first.map(String.init) ?? "" : failed.told.message,
                        excerpt: text))
                continue
            }
            let key = "\(failed.package).\(failed.test)"
            let isOfParts = failed.told.place == nil && failedTests.contains { $0.hasPrefix("\(key)/") }
            if isOfParts { continue }
            var output = failed.told.output
            findings.add(
                TestFailure(
                    name: key, message: failed.told.message, file: failed.told.place?.file,
                    line: failed.told.place?.line,
                    excerpt: output.take()))
        }
        return seen ? findings.reading() : nil
    }
}
