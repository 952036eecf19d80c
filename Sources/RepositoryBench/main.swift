import Glibc
import Patching
import Repository
import Text

// Times what Repository does in a large repository, one step for each line on standard input, so that `scripts/bench`
// can take turns with git. Use: repository-bench REPOSITORY TREE. Answers each line with milliseconds.

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let time = try ContinuousClock().measure(body)
    return Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1000
}

func answer(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(1, line, line.count)
}

do {
    guard CommandLine.arguments.count == 3 else {
        answer("use: repository-bench REPOSITORY TREE")
        exit(64)
    }
    let environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"]
    let repository = try GitRepository(discovering: CommandLine.arguments[1], environment: environment)
    let base = try repository.resolve("HEAD")
    let author = Signature(name: "Bench", email: "bench@example.com", seconds: 1_700_000_000)
    let tree = try repository.addWorkingTree(at: CommandLine.arguments[2], branch: "graft/bench", commit: base)
    tree.defersIndex = true
    _ = try tree.scan()
    answer("ready")
    var count = 0
    while let line = readLine() {
        let words = line.split(separator: " ").map(String.init)
        count += 1
        let message = CommitMessage(subject: "Step \(count)")
        switch words.first {
        case "commit":
            let change = FileChange(path: BytePath(words[1]), contents: Array("Round \(count)\n".utf8))
            answer("\(try milliseconds { try tree.commit(ChangeSet([change]), message: message, author: author) })")
        case "publish":
            answer("\(try milliseconds { try tree.publishIndex() })")
        case "scan":
            var found: FoundChanges?
            let time = try milliseconds { found = try tree.scan() }
            let files = found?.files.count ?? 0
            if let found, files > 0 { try tree.commit(found, message: message, author: author) }
            answer("\(time) \(files)")
        default:
            answer("unknown: \(line)")
        }
    }
} catch {
    answer("failed: \(error)")
    exit(70)
}
