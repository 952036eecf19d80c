import Configuration
import Glibc
import OS
import Text

/// The skills that a person has, for Graft and for other agents, and those of the machine.
struct OwnSkills {
    private var visited: Set<String> = []
    private var found = FoundSkills()
    private let home: String
    /// The place that is being looked into.
    private var place = ""

    /// The places, those that count first; most are not there, which costs a look each.
    static func places(environment: [String: String]) -> [String] {
        let home = environment["HOME"] ?? "/root"
        let codex = environment["CODEX_HOME"].flatMap { $0.hasPrefix("/") ? [$0] : nil } ?? []
        return [Settings.folder(environment: environment) + "/skills", "\(home)/.agents/skills"]
            + codex.map { $0 + "/skills" } + ["\(home)/.codex/skills", "\(home)/.claude/skills", "/etc/codex/skills"]
    }

    /// Looks for all of them.
    static func find(environment: [String: String]) -> FoundSkills {
        var search = OwnSkills(home: environment["HOME"] ?? "/root")
        for place in places(environment: environment) where FilePath.kind(place) == .folder {
            search.place = place
            search.look(in: place, 0)
        }
        return search.found
    }

    private init(home: String) { self.home = FilePath.resolved(home) ?? home }

    private mutating func look(in folder: String, _ depth: Int) {
        let entries: [FolderEntry]
        do throws(SystemError) { entries = try FolderListing.entries(of: folder) } catch {
            return found.unused.append(UnusedSkill(folder: folder, reason: "it cannot be read: \(error.reason)"))
        }
        let names = entries.map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if depth > 0, let file = Skill.fileNames.first(where: names.contains) { return add(folder, file) }
        guard depth < Skill.deepest else { return }
        for name in names {
            let path = "\(folder)/\(name)"
            guard visited.count < Skill.mostFolders else { return found.stop(in: place) }
            guard FilePath.kind(path) == .folder, let real = FilePath.resolved(path), visited.insert(real).inserted
            else {
                continue
            }
            look(in: path, depth + 1)
        }
    }

    private mutating func add(_ folder: String, _ file: String) {
        func refuse(_ reason: String) { found.unused.append(UnusedSkill(folder: folder, reason: reason)) }
        guard let real = FilePath.resolved(folder) else { return }
        // Commands see the folder of a skill: it must be that of a skill, and not one that holds everything.
        guard !FilePath.isInside(home, real), real != "/" else {
            return refuse("it leads to a folder that holds more than a skill")
        }
        do throws(SystemError) {
            guard let bytes = try Self.contents(of: "\(folder)/\(file)", inside: real) else {
                return refuse("its \(file) is a link that leads out of its folder, or no file")
            }
            let settings = try? Self.contents(of: "\(folder)/\(Skill.settings)", inside: real)
            let name = FilePath.names(in: folder).last ?? folder
            found.add(
                bytes, name: name, folder: real, file: file, shown: folder, origin: .own, settings: settings ?? nil)
        } catch {
            let isTooLarge = error.number == EFBIG
            refuse(
                "its \(file) "
                    + (isTooLarge
                        ? "has more than \(Skill.byteLimit.spelledAsBytes)" : "cannot be read: \(error.reason)"))
        }
    }

    /// Reads a file that lies in a folder, with links followed; of a size that a skill may have.
    ///
    /// - Returns: Nil for one that lies elsewhere, and for what is no file.
    /// - Throws: `EFBIG` for one that is too large.
    static func contents(of path: String, inside folder: String) throws(SystemError) -> [UInt8]? {
        guard let real = FilePath.resolved(path), FilePath.isInside(real, folder) else { return nil }
        let descriptor = open(real, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw SystemError("read \(path)") }
        let file = Descriptor(descriptor)
        var status = stat()
        guard fstat(file.raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int(status.st_size)
        guard size <= Skill.byteLimit else { throw SystemError("read \(path)", EFBIG) }
        return try FileContent.read(file.raw, expecting: size, limit: Skill.byteLimit)
    }
}
