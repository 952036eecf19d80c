import Foundation
import Text

@testable import Sandbox

/// A piece of the machine that commands must not reach: files, a process, servers, shared memory, a terminal.
///
/// Lies in the home folder, because no private folder of the sandbox covers that. The program of attempts plays it.
final class Outside {
    let fixture: Fixture
    let environment: SandboxEnvironment
    private let host = Process()
    private let life = Foundation.Pipe()

    /// - Parameter place: The folder that it lies in.
    init(in place: String = Fixture.home) throws {
        fixture = try Fixture(root: place)
        try Self.write(fixture)
        let output = Foundation.Pipe()
        host.executableURL = URL(fileURLWithPath: AttemptsProgram.path)
        host.arguments = ["--host", fixture.root, "graft-escape-\(UInt32.random(in: 0...UInt32.max))"]
        host.environment = ["OPENAI_API_KEY": "sk-outside"]
        host.standardInput = life
        host.standardOutput = output
        try host.run()
        var text = ""
        while !text.hasSuffix("\n\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            text += String(decoding: more, as: UTF8.self)
        }
        var variables = [
            "TREE": fixture.tree, "OUTSIDE": fixture.root + "/outside", "COMMON": fixture.root + "/common",
            "VAULT": fixture.root + "/vault", "SECRET": fixture.root + "/vault/secret",
            "SECRETS": fixture.root + "/keys", "GIT": fixture.root + "/gitfolder", "HOUSE": fixture.root + "/home",
            "MODULE": fixture.tree + "/module", "LENT": fixture.root + "/vault/module",
            "HOME": Fixture.home,
            "PATH": "/usr/bin:/bin",
            "PROCESS_LIMIT": "\(Self.limits.processes ?? 0)", "MEMORY_LIMIT": "100000000",
            "FILE_LIMIT": "\(Self.limits.fileSize ?? 0)", "OPEN_LIMIT": "\(Self.limits.openFiles ?? 0)",
        ]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: "=", maxSplits: 1)
            if words.count == 2 { variables[String(words[0])] = String(words[1]) }
        }
        environment = SandboxEnvironment(variables)
    }

    deinit { try? life.fileHandleForWriting.close() }

    /// Ends the host; returns whether it was still there.
    func end() -> Bool {
        try? life.fileHandleForWriting.close()
        host.waitUntilExit()
        return host.terminationStatus == 0
    }

    private static let limits = ResourceLimits(
        processes: 100, fileSize: 1 << 20, openFiles: 200, memory: 64 << 20)

    func policy() -> SandboxPolicy {
        var policy = SandboxPolicy(workingTree: fixture.tree)
        policy.limits = Self.limits
        policy.readOnlyPaths = ["common", "tree/nested/kept", "tree/linked/.git"].map { fixture.root + "/" + $0 }
        policy.hiddenPaths = ["vault/secret", "vault/module", "vault/layer", "keys"].map { fixture.root + "/" + $0 }
        policy.maskedFolders = [
            MaskedFolder(
                lower: BytePath(fixture.root + "/vault/module"), path: BytePath(fixture.tree + "/module"),
                store: fixture.root + "/vault/layer")
        ]
        policy.standIns = [("shown", "gitfolder"), ("gitfolder/objects", "gitfolder/objects")].map {
            StandIn(fixture.root + "/" + $0, at: fixture.root + "/" + $1)
        }
        policy.withoutMounts.hidden = [fixture.root + "/gitfolder"]
        policy.withoutMounts.shown = [fixture.root + "/gitfolder/objects"]
        policy.hiddenPaths += SandboxPolicy.secretPaths(home: Fixture.home)
        let house = fixture.root + "/home"
        var closed = SandboxPolicy(workingTree: fixture.tree)
        closed.closeHomes(
            environment: ["HOME": house, "PATH": "\(house)/.cargo/bin:\(house)/.newtool/bin:/usr/bin:/bin"])
        // What is outside of the tree is for the other attempts.
        policy.closedFolders = [house]
        policy.shownPaths = closed.shownPaths
        return policy
    }

    /// What changed outside, in words; empty if nothing did.
    func damage() -> [String] {
        var found: [String] = []
        let manager = FileManager.default
        for (folder, names) in Self.folders {
            let now = (try? manager.contentsOfDirectory(atPath: fixture.root + "/" + folder))?.sorted() ?? ["nothing"]
            if now.filter({ !$0.hasSuffix(".sock") }) != names { found.append("\(folder) holds \(now)") }
        }
        for (file, text) in Self.texts where fixture.text(fixture.root + "/" + file) != text {
            found.append("\(file) reads \(fixture.text(fixture.root + "/" + file) ?? "nothing")")
        }
        var status = stat()
        if stat(fixture.root + "/outside/canary", &status) != 0 || status.st_mode & 0o7777 != 0o600 {
            found.append("the canary has mode \(String(status.st_mode, radix: 8))")
        }
        if status.st_mtim.tv_sec != Self.age { found.append("the canary has another time") }
        let tree = (try? manager.subpathsOfDirectory(atPath: fixture.tree)) ?? []
        for path in tree where stat(fixture.tree + "/" + path, &status) == 0 && status.st_mode & S_ISUID != 0 {
            found.append("\(path) is a setuid program")
        }
        if !end() { found.append("the process has ended") }
        return found
    }

    private static let age = 1_000_000_000
    private static let texts = [
        "outside/canary": "canary", "common/config": "config", "vault/secret": "secret", "keys/key": "key",
        "gitfolder/token": "token", "gitfolder/objects/object": "object", "shown/objects/x": "nothing",
        "tree/.git/config": "config", "tree/linked/.git": "gitdir: elsewhere", "tree/nested/kept/file": "kept",
        "vault/module/file": "file", "vault/module/.git/config": "token",
        "home/.cargo/bin/tool": "tool", "home/.newtool/bin/tool": "tool",
    ].merging(closed.map { ("home/" + $0, "secret") }) { $1 }
    private static let closed = [
        ".m2/settings.xml", ".m2/settings-security.xml", ".gradle/gradle.properties",
        ".gradle/init.d/login.gradle", ".cargo/credentials.toml", ".cargo/config.toml",
        ".kaggle/kaggle.json", ".huggingface/token", ".cache/huggingface/token",
        ".gemini/oauth_creds.json", ".config/github-copilot/hosts.json", ".local/share/opencode/auth.json",
        ".config/doctl/config.yaml", ".composer/auth.json", ".fly/config.yml",
        ".subversion/auth/svn.simple/1", ".terraformrc", ".wgetrc",
        ".curlrc", ".config/pip/pip.conf", ".config/fish/fish_history",
        ".zshrc", ".gitconfig", ".npmrc",
        ".miniconda/.condarc", ".netlify/config.json", ".newtool/credentials",
        ".cache/newtool/session", "Documents/taxes.txt", "Mail/inbox",
        ".mozilla/firefox/logins.json",
    ]
    private static let folders = [
        "outside": ["canary", "folder"], "common": ["config", "hooks"], "common/hooks": [], "keys": ["key"],
        "vault": ["layer", "module", "secret"], "vault/module": [".git", "file"],
        "vault/module/.git": ["config"], "gitfolder": ["objects", "token"], "gitfolder/objects": ["object"],
        "tree/.git": ["HEAD", "config", "hooks"], "tree/.git/hooks": [],
        "tree/linked": [".git"], "tree/nested": ["kept"], "tree/nested/kept": ["file"],
    ]

    private static func write(_ fixture: Fixture) throws {
        for (file, text) in texts { try fixture.write(text, to: fixture.root + "/" + file) }
        for folder in [
            "outside/folder", "common/hooks", "tree/.git/hooks", "tree/folder", "tree/module",
            "vault/layer/upper", "vault/layer/work",
        ] {
            try FileManager.default.createDirectory(
                atPath: fixture.root + "/" + folder, withIntermediateDirectories: true)
        }
        try fixture.write("file", to: fixture.tree + "/file")
        mknod(fixture.root + "/vault/layer/upper/.git", S_IFCHR, 0)
        try FileManager.default.createSymbolicLink(
            atPath: fixture.root + "/home/.newtool/bin/link", withDestinationPath: "../credentials")
        chmod(fixture.root + "/outside/canary", 0o600)
        let times = [timeval(tv_sec: age, tv_usec: 0), timeval(tv_sec: age, tv_usec: 0)]
        utimes(fixture.root + "/outside/canary", times)
    }
}
