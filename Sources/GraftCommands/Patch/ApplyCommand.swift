import ArgumentParser
import Glibc
import Patching
import Repository
import Text

/// `graft apply [FILE]`: applies a patch to the current folder, in a repository or not.
struct ApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Apply a patch to the current folder, all of it or nothing.",
        discussion: """
            The patch is a '*** Begin Patch' text or a unified diff, as of git. Line endings, modes and every line that \
            does not change stay as they are; a hunk that fits in several places is refused with their lines. Exits \
            with 1 and says why when the patch cannot be applied. Of a mail, --commit keeps author, date and message.
            """)

    @Flag(help: "Commit the patch's files, and nothing else, to the current branch.")
    var commit = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The commit's message (default: the mail's, or names the files).", valueName: "text"))
    var message: String?

    @Flag(help: "Let files that the patch adds replace others whose content is in no commit.")
    var overwrite = false

    @Flag(help: "Say what would change, and change nothing.")
    var check = false

    @Flag(name: [.customShort("R"), .long], help: "Take the patch back.")
    var reverse = false

    @Flag(help: "Take the patch for a unified diff, whatever it looks like.")
    var unified = false

    @Argument(
        help: ArgumentHelp("The patch; - or nothing reads standard input.", valueName: "file"), completion: .file())
    var file: String = "-"

    func validate() throws {
        if check, commit { throw ValidationError("--check is not for --commit; leave one of them out") }
        if overwrite, commit { throw ValidationError("--overwrite is not for --commit; leave one of them out") }
        guard let message else { return }
        guard commit else { throw ValidationError("--message is for --commit") }
        guard message.contains(where: { !$0.isWhitespace }) else { throw ValidationError("the message is empty") }
    }

    func run() throws {
        let text = try PatchInput.read(file)
        let report: String
        do {
            var patch = try Patch(text, form: unified ? .unified : nil)
            if reverse { patch = try patch.reversed() }
            let mail = PatchMail(text)
            if let encoding = mail?.encoding { throw refusal("the mail is encoded as \(encoding); use git am") }
            let count = PatchMail.count(in: text)
            if commit, message == nil, mail?.isMultipart == true {
                throw refusal("the mail has attachments; use git am, or -m to give the message")
            }
            if commit, message == nil, count > 1 {
                throw refusal("these are \(count) mails, for as many commits; use git am, or -m to make one commit")
            }
            let wanted = patch
            report = try Self.uninterrupted { try commit ? committed(wanted, count > 1 ? nil : mail) : applied(wanted) }
        } catch let refusal as Refusal {
            throw refusal
        } catch let error as PatchError {
            throw refusal((error.underlying as? RepositoryError)?.description ?? error.message)
        } catch let error as RepositoryError {
            throw refusal(error.description)
        }
        StandardOutput().write(report)
    }

    /// Ignores the signals to stop while files are written, so that none is left half done.
    private static func uninterrupted<T>(_ body: () throws -> T) rethrows -> T {
        let signals = [SIGINT, SIGTERM, SIGHUP]
        let before = signals.map { signal($0, SIG_IGN) }
        defer { for (number, handler) in zip(signals, before) { signal(number, handler) } }
        return try body()
    }

    private func refusal(_ reason: String) -> Refusal { Refusal(reason, code: 1) }

    private func applied(_ patch: Patch) throws -> String {
        let folder = try PlainFolder(".")
        let changes = try patch.changes(to: folder)
        if !overwrite { try refuseLoss(of: changes.replaced) }
        if check { return patch.report(asCheck: true) }
        if !changes.isEmpty { try folder.write(changes) }
        return patch.report(asCheck: false)
    }

    /// Refuses to overwrite files whose content is in no commit.
    private func refuseLoss(of files: [BytePath]) throws {
        guard !files.isEmpty else { return }
        var lost = files
        do throws(RepositoryError) {
            let repository = try GitRepository(discovering: ".", environment: ProcessEnvironment.current)
            lost = try repository.uncommitted(files, in: try repository.folder(of: "."))
        } catch {
            // Without a readable repository no file is known to have a second copy.
        }
        guard !lost.isEmpty else { return }
        let names =
            lost.prefix(3).map(\.description).joined(separator: ", ")
            + (lost.count > 3 ? " and \(lost.count - 3) more" : "")
        throw refusal(
            "the patch would replace \(names), whose content is in no commit; update or move "
                + "\(lost.count == 1 ? "it" : "them"), commit first, or say --overwrite")
    }

    private func committed(_ patch: Patch, _ mail: PatchMail?) throws -> String {
        let repository = try GitRepository(discovering: ".", environment: ProcessEnvironment.current)
        let changes = try patch.changes(to: try PlainFolder("."))
        if changes.isEmpty { throw refusal("nothing to commit: the patch changes nothing") }
        let now = Int64(time(nil))
        func signature(_ role: GitRepository.Role) throws -> Signature {
            guard repository.knows(role) else {
                throw refusal(
                    "git does not know who you are; say it with: git config --global user.name NAME and "
                        + "git config --global user.email ADDRESS")
            }
            return repository.signature(for: role, seconds: now)
        }
        let committer = try signature(.committer)
        var author =
            try (reverse ? nil : mail?.author).map {
                Signature(
                    name: $0.name, email: $0.email, seconds: committer.seconds, offsetMinutes: committer.offsetMinutes)
            } ?? signature(.author)
        if !reverse, let date = mail?.date {
            (author.seconds, author.offsetMinutes) = (date.seconds, date.offsetMinutes)
        }
        let message = commitMessage(patch, mail)
        let id = try repository.commitToCheckout(
            changes, in: try repository.folder(of: "."), message: message, author: author, committer: committer)
        return patch.report(asCheck: false) + "commit \(id.hex.prefix(10))  \(message.subject.markedLine)\n"
    }

    private func commitMessage(_ patch: Patch, _ mail: PatchMail?) -> CommitMessage {
        if message == nil, let mail, !mail.subject.isEmpty {
            if reverse { return CommitMessage(subject: "Revert \"\(mail.subject)\"") }
            return CommitMessage(asWritten: mail.subject, body: mail.body)
        }
        if let message {
            let lines = message.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: true)
            return CommitMessage(
                subject: lines.first.map(String.init) ?? message, body: lines.dropFirst().first.map(String.init) ?? "")
        }
        let files = patch.lines
        guard let first = files.first else { return CommitMessage(subject: "") }
        let verb = ["A": "Add", "D": "Delete"][first.letter] ?? "Update"
        return CommitMessage(
            subject: "\(verb) \(first.path)" + (files.count > 1 ? " and \(files.count - 1) more" : ""))
    }
}

extension Patch {
    /// The report in the words that other tools use.
    fileprivate func report(asCheck: Bool) -> String {
        (asCheck
            ? "Nothing was changed. The patch would update the following files:\n"
            : "Success. Updated the following files:\n")
            + summary.map { "\($0.letter) \($0.path)\n" }.joined()
    }
}
