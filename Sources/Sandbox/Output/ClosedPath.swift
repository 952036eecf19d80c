import Glibc
import OS
import Text

/// A file or folder of a closed folder that a failed command named in its output, as one that it did not find.
public struct ClosedPath: Sendable, Hashable {
    /// The path, with `~` for the home folder.
    public let path: String
    /// Whether it is a known place of secrets.
    public let isSecret: Bool

    /// The remark for a person: what it is, and what would open it.
    public var notice: String {
        "\(path.named) is closed to commands; "
            + (isSecret ? "it is a usual place of secrets" : "read = [\"\(path)\"] in a policy opens it")
    }

    /// The remark for the model.
    public var remark: String {
        "\(path.named) is there, but closed to commands"
            + (isSecret ? ": it is a usual place of secrets. Go on without it" : "")
    }
}

/// Finds the paths in the output of a command that exist but are closed to it.
///
/// To the command they are missing: nothing else tells that a grant would help.
struct ClosedPaths: Sendable {
    private let mounts: [MountPlan.Mount]
    private let hiddenPaths: [String]
    /// How paths in the output begin, and the folder that is meant.
    private let beginnings: [(text: String, folder: String)]
    private let home: String

    /// - Parameter standIn: The folder that commands have in place of the home folder, if any.
    init?(_ policy: SandboxPolicy, plan: MountPlan, standIn: StandInHome?) {
        let closed = plan.mounts.filter { $0.kind == .closed }.map(\.path)
        guard let home = policy.closedFolders.first.flatMap(FilePath.resolved), !closed.isEmpty else { return nil }
        self.home = home
        mounts = plan.mounts
        hiddenPaths = policy.hiddenPaths
        let named = zip(policy.closedFolders, policy.closedFolders.map(FilePath.resolved)).compactMap { name, real in
            real.map { (text: name + "/", folder: $0) }
        }
        let others = standIn.map { [(text: $0.path + "/", folder: home)] } ?? []
        beginnings = others + named + closed.map { (text: $0 + "/", folder: $0) } + [(text: "~/", folder: home)]
    }

    private static let most = 3
    private static let lineLimit = 4096

    /// The first few of them.
    func named(in result: CommandResult) -> [ClosedPath] {
        var found: [ClosedPath] = []
        var seen: Set<String> = []
        for stream in [result.stderr, result.stdout] {
            for part in [stream.head, stream.tail] + stream.excerpts.map(\.text) {
                for line in part.split(separator: UInt8(ascii: "\n")) {
                    for path in paths(in: line.prefix(Self.lineLimit)) where seen.insert(path).inserted {
                        if let closed = closed(path), !found.contains(closed) { found.append(closed) }
                        if found.count == Self.most { return found }
                    }
                }
            }
        }
        return found
    }

    /// Whether commands do not see a path without links.
    func hide(_ real: String) -> Bool {
        guard let around = mounts.last(where: { FilePath.isInside(real, $0.path) }) else { return false }
        switch around.kind {
        case .closed: return real != around.path
        case .hiddenFolder, .hiddenFile: return true
        default: return false
        }
    }

    private func paths(in line: ArraySlice<UInt8>) -> [String] {
        guard beginnings.contains(where: { line.holds(Array($0.text.utf8)) }) else { return [] }
        let text = String(decoding: line, as: UTF8.self)
        var found: [String] = []
        for (beginning, folder) in beginnings {
            var rest = text[...]
            while let start = rest.firstRange(of: beginning), found.count < 20 {
                let before = text[..<start.lowerBound].last
                rest = rest[start.upperBound...]
                // `/data/home/u/x` is not in `/home/u`.
                guard before.map({ !$0.isLetter && !$0.isNumber && !"/._-~".contains($0) }) ?? true else { continue }
                let name = rest.prefix { !$0.isWhitespace && !"\"'`:;,()<>[]{}|’”".contains($0) }
                let trimmed = name.reversed().drop { ".!?/".contains($0) }.reversed()
                if !trimmed.isEmpty { found.append("\(folder)/\(String(trimmed))") }
            }
        }
        return found
    }

    /// The path as one that is there, and that commands do not see; nil if it is not.
    private func closed(_ path: String) -> ClosedPath? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        let real = FilePath.resolved(path) ?? path
        guard hide(real) else { return nil }
        // Looked up here: most commands name no closed path.
        let isSecret = hiddenPaths.contains { FilePath.resolved($0).map { FilePath.isInside(real, $0) } == true }
        return ClosedPath(
            path: path.hasPrefix(home + "/") ? "~" + path.dropFirst(home.count) : path, isSecret: isSecret)
    }
}
