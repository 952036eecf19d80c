import Configuration
import JSON
import OS
import Session
import Text

/// The change that a CI system has started this run for, as its event file or its variables tell.
struct TriggeringChange: Equatable {
    /// What people call it: `pull request 12`.
    var name: String
    /// Whether it comes from another repository.
    var isFork = false
    /// Whether its author has not finished it.
    var isDraft = false
    var labels: [String] = []
    /// The branch that it is on; nil where that is not told.
    var branch: String?
    /// The last commit of that branch when the system was started, in hex.
    var head: String?

    /// A file that is longer is none of GitHub's.
    private static let longestEvent = 32 << 20

    /// Reads what there is; nil where no CI system has started this, or for nothing that people have changed.
    ///
    /// - Throws: `RunEnding` with the verdict `usage` for an event file that cannot be read: what nobody can tell must
    ///   not count as allowed.
    init?(_ environment: [String: String]) throws(RunEnding) {
        if environment["GITHUB_ACTIONS"] == "true", let path = environment["GITHUB_EVENT_PATH"], !path.isEmpty {
            let bytes: [UInt8]
            do throws(SystemError) { bytes = try FileContent.read(path, limit: Self.longestEvent) } catch {
                throw Self.unreadable(path, error.reason)
            }
            guard let event = try? JSON(bytes) else { throw Self.unreadable(path, "it is no JSON") }
            guard let change = TriggeringChange(event: event) else { return nil }
            self = change
        } else if environment["GITLAB_CI"] == "true" {
            guard let change = TriggeringChange(gitLab: environment) else { return nil }
            self = change
        } else {
            return nil
        }
    }

    private static func unreadable(_ path: String, _ reason: String) -> RunEnding {
        RunEnding(
            .usage,
            "GITHUB_EVENT_PATH names \(path), which cannot be read (\(reason)), so that nobody can tell a fork from a "
                + "branch; mount the file, or say --no-skip")
    }

    /// The payload of GitHub's events `pull_request`, `pull_request_target` and `workflow_run`, and of `push`.
    init?(event: JSON) {
        if let change = event["pull_request"], let head = change["head"] {
            let number = change["number"]?.int ?? event["number"]?.int
            name = number.map { "pull request \($0)" } ?? "the pull request"
            let (theirs, own) = (head["repo"]?["full_name"]?.string, change["base"]?["repo"]?["full_name"]?.string)
            // The repository of a head that is gone was a fork.
            isFork = theirs == nil || theirs?.lowercased() != own?.lowercased()
            isDraft = change["draft"]?.bool ?? false
            labels = change["labels"]?.elements.compactMap { $0["name"]?.string } ?? []
            (branch, self.head) = (head["ref"]?.string, head["sha"]?.string)
        } else if let run = event["workflow_run"] {
            name = run["name"]?.string.map { "the run of the workflow \($0.markedLine)" } ?? "the run of a workflow"
            let theirs = run["head_repository"]?["full_name"]?.string
            let own = run["repository"]?["full_name"]?.string ?? event["repository"]?["full_name"]?.string
            isFork = theirs == nil || theirs?.lowercased() != own?.lowercased()
            (branch, head) = (run["head_branch"]?.string, run["head_sha"]?.string)
            for change in run["pull_requests"].map({ Array($0.elements) }) ?? [] {
                labels += change["labels"]?.elements.compactMap { $0["name"]?.string } ?? []
                isDraft = isDraft || change["draft"]?.bool ?? false
            }
        } else if let reference = event["ref"]?.string, reference.hasPrefix("refs/heads/"),
            let after = event["after"]?.string
        {
            branch = String(reference.dropFirst("refs/heads/".count))
            name = "the branch \(branch ?? "")"
            head = after
        } else {
            return nil
        }
    }

    /// GitLab's variables of a merge request, or of a branch (docs.gitlab.com, "Predefined CI/CD variables").
    init?(gitLab variables: [String: String]) {
        func value(_ name: String) -> String? { variables["CI_\(name)"].flatMap { $0.isEmpty ? nil : $0 } }
        if let number = value("MERGE_REQUEST_IID") {
            name = "merge request \(number)"
            isFork = value("MERGE_REQUEST_SOURCE_PROJECT_ID") != value("MERGE_REQUEST_PROJECT_ID")
            let title = (value("MERGE_REQUEST_TITLE") ?? "").lowercased()
            isDraft =
                value("MERGE_REQUEST_DRAFT") == "true"
                || ["draft:", "[draft]", "(draft)"].contains { title.hasPrefix($0) }
            labels = (value("MERGE_REQUEST_LABELS") ?? "").split(separator: ",").map(String.init)
            branch = value("MERGE_REQUEST_SOURCE_BRANCH_NAME")
            head = value("MERGE_REQUEST_SOURCE_BRANCH_SHA") ?? value("COMMIT_SHA")
        } else if let branch = value("COMMIT_BRANCH") {
            name = "the branch \(branch)"
            self.branch = branch
            head = value("COMMIT_SHA")
        } else {
            return nil
        }
    }

    /// Why the rules leave it alone, as a sentence; nil where they do not.
    func skipReason(_ rules: CISettings) -> String? {
        let skips = rules.skips ?? CISettings.Skip.allCases
        if skips.contains(.forks), isFork {
            return "\(name) comes from a fork, whose commands and text are a stranger's"
        }
        if skips.contains(.drafts), isDraft { return "\(name) is a draft" }
        let label = (rules.label ?? CISettings.usualLabel).lowercased()
        if skips.contains(.label), labels.contains(where: { $0.lowercased() == label }) {
            return "\(name) has the label \(rules.label ?? CISettings.usualLabel)"
        }
        return nil
    }
}
