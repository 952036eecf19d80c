extension ShellLine {
    private static let endings: Set<String> = ["exit", "false", "return"]
    private static let afterthoughts: Set<String> = ["echo", "printf", "true", ":", "cat", "ls", "tail", "head"]

    /// Whether the status says nothing about a part of the line: it is a pipeline without `pipefail`, goes on with
    /// `|| …`, runs in the background, or ends in a word such as `echo` behind what matters.
    public var hidesStatus: Bool {
        let isStrict = text.contains("pipefail")
        let parts = commands.filter { $0.program != nil }
        if !isStrict, parts.contains(where: { $0.joint == .pipe }) { return true }
        for (index, part) in parts.enumerated() where part.joint == .or && !Self.endsLine(parts[index...]) {
            return true
        }
        guard parts.count > 1, let last = parts.last else { return lastJoint == .background }
        if last.joint == .background || lastJoint == .background { return true }
        let stopsEarly = text.contains("set -e") || isStrict
        return last.joint == .end && !stopsEarly && Self.afterthoughts.contains(last.program?.bare ?? "")
    }

    /// Whether the first of some commands ends the line with a bad status: `exit 1`, or a group with that in it.
    private static func endsLine(_ parts: ArraySlice<Command>) -> Bool {
        guard let first = parts.first, !first.opensGroup else { return false }
        let candidates = first.program?.bare == "{" ? parts : parts.prefix(1)
        return candidates.contains { endings.contains($0.program?.bare ?? "") }
    }
}
