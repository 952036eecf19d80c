import Agent
import ArgumentParser
import Configuration
import JSON
import OS
import Repository
import Terminal
import Text
import Workspace

/// `graft skills`: the skills that a run here would have.
struct SkillsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skills", abstract: "List the skills that the model may use here.",
        discussion: """
            Skills are folders with a SKILL.md: those of the repository as they are in the last commit, and your own. \
            Below the list stands what is wrong with those that are not as the format says, and why others are not used.
            """)

    @Option(help: ArgumentHelp("A folder in the repository.", valueName: "dir"))
    var repo = "."

    @Flag(help: "Print one JSON object with all there is to say.")
    var json = false

    func run() async throws {
        let environment = ProcessEnvironment.current
        let skills = try skills(environment)
        let output = StandardOutput()
        if json { return output.write(Self.json(skills)) }
        guard !skills.all.isEmpty || !skills.unused.isEmpty else {
            return StandardError.write("graft: there are no skills here; docs/skills.md says where they are looked for")
        }
        let style = TerminalStyle(descriptor: 1, environment: environment)
        output.write(text(skills, style, home: environment["HOME"]))
    }

    private func skills(_ environment: [String: String]) throws -> Skills {
        let own = try Settings.own(flags: Settings(), environment: environment)
        do {
            let repository = try GitRepository(discovering: repo, environment: environment)
            let (commit, root) = (try repository.head.commit, repository.workingDirectory)
            let settings = try commit.map { own.over(try .file(of: repository, at: $0)) } ?? own
            let folder = FilePath.resolved(repo).flatMap { FilePath.rest(of: $0, below: root)?.dropFirst() }
            return Skills(
                of: repository, at: commit, folder: BytePath(folder ?? ""), root: root, settings: settings,
                environment: environment)
        } catch let error as RepositoryError where error.code == .notARepository {
            // One's own are there everywhere.
            return Skills(
                of: nil, at: nil, folder: "", root: "", settings: own, environment: environment)
        }
    }

    private func text(_ skills: Skills, _ style: TerminalStyle, home: String?) -> String {
        var table = TextTable([
            .init(title: "SKILL"), .init(title: "PLACE", isPath: true), .init(title: "WHAT IT IS FOR"),
        ])
        for skill in skills.all {
            let hidden = skill.isOffered ? "" : "(only as $\(skill.name)) "
            table.add([
                skill.name.markedLine, skill.place.shortened(from: home).markedLine,
                hidden + skill.description.markedLine,
            ])
        }
        var lines = skills.all.isEmpty ? [] : table.lines(width: ScreenSize.columns(of: 1), style: style)
        var remarks: [String] = []
        for skill in skills.all {
            remarks += skill.problems.map { "! \(skill.place.shortened(from: home)): it \($0)" }
        }
        remarks += skills.unused.map { "✗ not used: \($0.folder.shortened(from: home)): \($0.reason)" }
        if !remarks.isEmpty, !lines.isEmpty { lines.append("") }
        lines += remarks.map { style(.warning, style.filled($0.markedLine, indent: 2)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func json(_ skills: Skills) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.member(
                "skills",
                array: {
                    for skill in skills.all {
                        $0.object {
                            $0.member("name", skill.name)
                            $0.member("description", skill.description)
                            $0.member("path", skill.path)
                            $0.member("origin", skill.isRepositorys ? "repository" : "own")
                            $0.member("offered", skill.isOffered)
                            $0.member("problems", array: { for problem in skill.problems { $0.string(problem) } })
                        }
                    }
                })
            $0.member(
                "unused",
                array: {
                    for skill in skills.unused {
                        $0.object {
                            $0.member("folder", skill.folder)
                            $0.member("reason", skill.reason)
                        }
                    }
                })
        }
        return writer.bytes + [0x0A]
    }
}
