import Foundation
import Repository
import TestSupport
import Testing

/// A series as mail, read by git-am(1).
@Suite struct MailTests {
    private let fixture: GitFixture
    private let base: String

    init() throws {
        fixture = try GitFixture(["a": "one\ntwo\n", "dos": "one\r\ntwo\r\n", "run": "#!/bin/sh\n", "gone": "x\n"])
        base = try fixture.git("rev-parse", "HEAD").trimmed
    }

    @Test func `messages come out of git am as they were`() throws {
        var commits = [base]
        for (number, message) in Self.messages.enumerated() {
            try write("a", Array("one\n\(number)\n".utf8))
            commits.append(try commit(message, parent: commits.last ?? base))
            // The same with a patch that travels encoded.
            let line = String(repeating: "to there ", count: 20)
            try write("dos", Array("one\r\n\(number)\r\nthree=3 \r\nFrom here \(line)".utf8))
            commits.append(try commit(message, parent: commits.last ?? base))
        }
        try roundTrip(Array(commits.dropFirst()))
    }

    @Test(arguments: [
        "J. \"Q\" Public", "Ünal, Jörg (JU)", "O'Neil", "字", "Back\\slash, Jr.", "a =?x?q?y?= b", "Dr. B [x]",
    ])
    func `the author and the time come out of git am as they were`(_ name: String) throws {
        for date in ["1700000000 +0100", "1709210096 -0930", "946684799 +0000"] {
            try write("a", Array("\(name) \(date)\n".utf8))
            try fixture.git("add", "-A")
            try fixture.git(
                "-c", "user.name=\(name)", "-c", "user.email=x+y@example.com", "commit", "-q", "--date=\(date)", "-m",
                "x"
            )
        }
        let commits = try fixture.git("rev-list", "--reverse", "\(base)..HEAD").split(separator: "\n").map(String.init)
        try roundTrip(commits)
    }

    @Test(arguments: 1...12)
    func `wild series come out of git am with the same trees and messages`(_ seed: UInt64) throws {
        var random = SeededRandom(state: seed &* 0x9E37_79B9_7F4A_7C15)
        var commits: [String] = []
        for step in 0..<8 {
            try change(step, &random)
            let message = Self.lines.shuffled(using: &random).prefix(Int.random(in: 1...9, using: &random))
            commits.append(try commit(message.joined(separator: "\n"), parent: commits.last ?? base))
        }
        try roundTrip(commits)
    }

    @Test func `settings of the user and of the environment change nothing`() throws {
        try write("a", Array("one\ntwo\nthree\n".utf8))
        try write(".gitattributes", Array("a diff=loud\n".utf8))
        let tip = try commit("Change", parent: base)
        let plain = try mail(to: tip)
        for setting in [
            "diff.noprefix=true", "diff.mnemonicPrefix=true", "diff.context=0", "diff.algorithm=patience",
            "diff.external=false", "diff.loud.textconv=false", "diff.loud.command=false", "color.ui=always",
            "diff.suppressBlankEmpty=true", "format.attach=x", "format.coverLetter=true", "log.showSignature=true",
            "diff.submodule=log", "diff.relative=true", "format.signature=x", "i18n.logOutputEncoding=UTF-16",
        ] {
            let parts = setting.split(separator: "=").map(String.init)
            try fixture.git("config", parts[0], parts[1])
        }
        let variables = ["GIT_DIFF_OPTS": "-u0", "GIT_EXTERNAL_DIFF": "false"]
        #expect(try mail(to: tip, variables) == plain)
    }

    private static let messages = [
        "Fix it",
        "Fix it\n\nBecause.\n\nReviewed-by: B <b@example.com>",
        "[core] fix it\n\nBecause.",
        "Re: fix it",
        "re: [x] : fix",
        ": colon",
        "[unclosed",
        "two  spaces\tand a tab",
        "  leading",
        "first line\nsecond line\n\nBody.",
        "first line\ndiff --git a/a b/a\n--- a/a\n\nBody.",
        "Größe ändern: 字字 👩‍💻",
        "Größe [ändern]  zweimal\nund noch\n\nfoo",
        "a =?UTF-8?q?x?= b",
        "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n\nbody",
        "Subject\n\nFrom: B <b@example.com>\nDate: Thu, 1 Jan 1970 00:00:00 +0000\n\nmore",
        "Subject\n\nsubject: other\nDate: x\n\nmore",
        "Subject\n\n>From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nmore",
        "Subject\n\n>From me\nmore",
        "Subject\n\n[PATCH] other\nmore",
        "Subject\n\n\n\nmore\n\n\n\nand more\n\n\n",
        "Subject\n\n---\nmore",
        "Subject\n\n---  \nmore",
        "Subject\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        "Subject\n\ndiff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-one\n+zwei\n",
        "Subject\n\ndiff -u a b\n",
        "Subject\n\nIndex: a\n====\n",
        "Subject\n\n-- >8 --\nmore",
        "Subject\n\nFrom 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: x\n\n---\n",
        "Subject\n\nText\nFrom me@example.com Thu Jan  1 00:00:00 1970\nmore",
        "Subject\n\n-- \nthe signature",
        "Subject\r\n\r\nwith returns\r\nat the ends\r\n",
        "Subject\n\na return\rwithin a line, and bells\u{7}",
        "Subject\n\ntrailing space \nand\ttab\t\n",
        "Subject\n\n  indented\n\tcode\n\n    ---\n",
        "Subject\n\n----\n---x\ndiff\n",
        String(repeating: "long ", count: 60) + "end\n\n" + String(repeating: "longer ", count: 600),
        String(repeating: "x", count: 1200),
        String(repeating: "ü", count: 400) + "\n\nbody",
        "\n\n  \nafter empty lines\n\nbody",
        "Content-Type: multipart/mixed; boundary=x\n\nContent-Transfer-Encoding: base64\n\n--x\n",
        "",
    ]

    private static let lines = [
        "Fix it", "[core] fix", "Re: what", "two  spaces", "Größe 字", "", "", "", "---", "--- a/x", "+++ b/x",
        "@@ -1 +1 @@", "-a", "+b", "diff --git a/a b/a", "Index: a", "-- >8 --", "-- ", "-- \n2.39.5",
        "From: B <b@x.y>",
        "Subject: other", "Date: x", ">From x",
        "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001",
        "From a@b Thu Jan  1 00:00:00 1970", "with a return\r", "trailing \t", "  indented", "\ttab", "a =?utf-8?q?b?=",
        "GIT binary patch", "literal 3", "deleted file mode 100644", "=", "=3D=0D", "Content-Type: text/html",
        String(repeating: "long line ", count: 120), "\u{301}combining", "control \u{1B}[31m",
    ]

    /// Changes the files of the working directory as people, tools and attackers would.
    private func change(_ step: Int, _ random: inout SeededRandom) throws {
        let names = [
            "a", "dos", "sp ace", "quo\"te", "tab\tname", "new\nline", "ümlaut", "d/e/f", "-dash", "b/a b/c", "x ",
        ]
        try write("counter", Array("\(step)\n".utf8))
        for _ in 0..<4 {
            let name = names.randomElement(using: &random) ?? "a"
            let path = fixture.root + "/" + name
            switch Int.random(in: 0..<9, using: &random) {
            case 0: try? FileManager.default.removeItem(atPath: path)
            case 1:
                try? FileManager.default.removeItem(atPath: path)
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "to \(step)")
            case 2: if fixture.exists(path) { chmod(path, 0o755) }
            case 3: try write(name, (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) })
            case 4: try write(".gitattributes", Array("* \(step % 2 == 0 ? "diff" : "-diff")\n".utf8))
            case 5: try write("copy \(step)", (0..<30).flatMap { Array("line \($0)\r\n".utf8) })
            default:
                let ends = ["\n", "\r\n", "\n", "\r", " \n", ""].map { Array($0.utf8) }
                let text = (0..<Int.random(in: 0..<40, using: &random)).flatMap { _ in
                    random.line() + (ends.randomElement(using: &random) ?? [])
                }
                try write(name, text)
            }
        }
    }

    private func write(_ path: String, _ bytes: [UInt8]) throws {
        let full = fixture.root + "/" + path
        try? FileManager.default.removeItem(atPath: full)
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: full))
    }

    /// Commits all files with exactly this message.
    private func commit(_ message: String, parent: String) throws -> String {
        try fixture.git("add", "-A")
        try fixture.write("../message", message)
        let tree = try fixture.git("write-tree").trimmed
        return try fixture.git("commit-tree", tree, "-p", parent, "-F", fixture.folder + "/message").trimmed
    }

    private func mail(to tip: String, _ variables: [String: String] = [:]) throws -> [UInt8] {
        let repository = try GitRepository(
            discovering: fixture.root, environment: fixture.environment.merging(variables) { $1 })
        return try repository.mail(from: try repository.resolve(base), to: try repository.resolve(tip))
    }

    /// Has git-am apply the mail of these commits elsewhere, and compares what comes out.
    private func roundTrip(_ commits: [String]) throws {
        let mailbox = fixture.folder + "/series.mbox"
        let tip = try #require(commits.last)
        try Data(try mail(to: tip)).write(to: URL(fileURLWithPath: mailbox))
        for option in ["--no-keep-cr", "--keep-cr"] {
            let other = try fixture.privateFolder()
            try fixture.git("clone", "-q", "--no-checkout", fixture.root, other)
            try fixture.git("checkout", "-q", "-f", base, at: other)
            for (key, value) in [("user.name", "Ada"), ("user.email", "ada@example.com")] {
                try fixture.git("config", key, value, at: other)
            }
            try fixture.git("am", "-q", option, mailbox, at: other)
            let made = try fixture.git("rev-list", "--reverse", "\(base)..HEAD", at: other)
                .split(separator: "\n").map(String.init)
            #expect(made.count == commits.count)
            for (old, new) in zip(commits, made) {
                let facts = ["show", "-s", "--format=%T %an <%ae> %ad", "--date=raw"]
                #expect(
                    try fixture.git(facts[0], facts[1], facts[2], facts[3], new, at: other)
                        == fixture.git(facts[0], facts[1], facts[2], facts[3], old))
                let message = try text(of: new, at: other)
                let expected = Self.stripped(try text(of: old, at: fixture.root))
                #expect(message.count == expected.count, "\(expected.first ?? "")")
                for (line, original) in zip(message, expected) {
                    #expect(line == original || (line == " " + original && Self.isSpecial(original)))
                }
            }
        }
    }

    private func text(of commit: String, at path: String) throws -> [String] {
        let whole = try fixture.git("cat-file", "commit", commit, at: path).unicodeScalars
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // Below the head's empty line; the text ends with a line's end.
        let message = lines.drop { !$0.isEmpty }.dropFirst()
        return Array(message.last?.isEmpty == true ? message.dropLast() : message)
    }

    /// What git-am makes of any message (git-stripspace(1)).
    private static func stripped(_ lines: [String]) -> [String] {
        var kept: [String] = []
        for line in lines {
            let scalars = line.unicodeScalars
            let end = scalars.lastIndex { !" \t\r\n".unicodeScalars.contains($0) }.map(scalars.index(after:))
            let text = String(scalars[..<(end ?? scalars.startIndex)])
            if text.isEmpty, kept.last?.isEmpty ?? true { continue }
            kept.append(text)
        }
        if kept.last?.isEmpty == true { kept.removeLast() }
        return kept
    }

    /// Whether a line looks like the head of a mail or the beginning of a patch.
    private static func isSpecial(_ line: String) -> Bool {
        ["From ", "From:", ">From", "Date:", "Subject:", "subject:", "[PATCH]", "---", "diff -", "Index: "]
            .contains(where: line.hasPrefix)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
