import Repository
import Text

/// What is said of the submodules in a tree.
public struct SubmoduleReport: Sendable {
    fileprivate struct Entry: Sendable {
        let path: BytePath
        let recorded: CommitID
        let difference: Submodule.Difference?
        /// Whether it is part of another one.
        let isInner: Bool
        /// Whether the user has it.
        var isCheckedOut = true
        var isShown = true
        /// Why it is not shown, as a clause; nil where that is said for all together.
        var reason: String?
    }

    private var entries: [Entry] = []
    /// Why none can be shown here, as a clause; nil if that is possible.
    var obstacle: String?

    /// More than this is not read.
    private static let (limit, limitForModel) = (5, 20)

    mutating func note(_ submodule: Submodule, in folder: BytePath? = nil) {
        let path = folder?.appending(submodule.path) ?? submodule.path
        var entry = Entry(
            path: path, recorded: submodule.recorded, difference: submodule.difference, isInner: folder != nil)
        switch submodule.obstacle {
        case nil: break
        case .notCheckedOut: (entry.isCheckedOut, entry.isShown, entry.reason) = (false, false, "not checked out")
        case .other(let reason): (entry.isShown, entry.reason) = (false, reason)
        }
        entries.append(entry)
        for inner in submodule.inner { note(inner, in: path) }
    }

    /// Notes that one is empty after all.
    mutating func leaveEmpty(_ submodule: Submodule, _ reason: String?) {
        for position in entries.indices where entries[position].path == submodule.path {
            (entries[position].isShown, entries[position].reason) = (false, reason)
        }
        entries.removeAll { $0.path.isBelow(submodule.path) }
    }

    private var shown: [Entry] { entries.filter(\.isShown) }

    /// What the user is told, one line each.
    ///
    /// - Parameter isInPlace: Whether commands work on the user's own files.
    func notices(isInPlace: Bool) -> [String] {
        var notices: [String] = []
        if let obstacle, !isInPlace {
            let empty = entries.filter { !$0.isShown && $0.reason == nil }
            notices.append(
                "submodules are empty in the working tree (\(obstacle)); --in-place has them: "
                    + Self.list(empty.map(\.path.description), Self.limit))
        }
        // One that the user has not checked out is no news.
        for entry in entries where !isInPlace && !entry.isShown && entry.isCheckedOut {
            guard let reason = entry.reason else { continue }
            notices.append("the submodule \(entry.path) is empty in the working tree: \(reason)")
        }
        for entry in shown {
            guard let difference = entry.difference else { continue }
            notices.append(entry.sentence(difference, whose: "your", isInPlace: isInPlace) + Self.advice(entry))
        }
        return Self.bounded(notices, Self.limit)
    }

    /// What the model is told; nil if there are none.
    ///
    /// - Parameter isInPlace: Whether commands work on the user's own files.
    public func forModel(isInPlace: Bool) -> String? {
        if entries.isEmpty { return nil }
        var said: [String] = []
        let names = entries.filter { (isInPlace || $0.isShown) && !$0.isInner }.map(\.path.description)
        if !names.isEmpty {
            let list = Self.list(names, Self.limitForModel)
            said.append(
                isInPlace
                    ? "Submodules: \(list). Nothing in them is committed; they cannot be changed."
                    : "Submodules, as the commit records them: \(list). They cannot be changed: what commands change in "
                        + "them is dropped, and git does not work in them.")
        }
        let empty = entries.filter { !isInPlace && !$0.isShown }
        if !empty.isEmpty {
            let list = empty.map { entry in
                (entry.reason ?? obstacle).map { "\(entry.path) (\($0))" } ?? entry.path.description
            }
            said.append(
                "Submodules that are empty here and cannot be changed: \(Self.list(list, Self.limitForModel)).")
        }
        let differing = shown.compactMap { entry in
            entry.difference.map { entry.sentence($0, whose: "the user's", isInPlace: isInPlace) }
        }
        for sentence in Self.bounded(differing, Self.limit) {
            said.append(sentence.prefix(1).uppercased() + sentence.dropFirst() + ".")
        }
        return said.joined(separator: " ")
    }

    private static func advice(_ entry: Entry) -> String {
        guard case .commit(_?) = entry.difference, !entry.isInner else { return "" }
        return "; git add takes yours"
    }

    private static func list(_ names: [String], _ limit: Int) -> String {
        let shown = names.prefix(limit).joined(separator: ", ")
        return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
    }

    private static func bounded(_ lines: [String], _ limit: Int) -> [String] {
        lines.count > limit ? lines.prefix(limit) + ["\(lines.count - limit) more such submodules"] : lines
    }
}

extension SubmoduleReport.Entry {
    /// How the user's files differ from what is shown, or in place, from what a verification has.
    fileprivate func sentence(_ difference: Submodule.Difference, whose: String, isInPlace: Bool) -> String {
        let recorded = "\(recorded.hex.prefix(10)), as the commit records it"
        switch difference {
        case .commit(let head):
            let own = head.map { "at \($0.hex.prefix(10))" } ?? "at no commit"
            return isInPlace
                ? "the submodule \(path) is \(own), and in a verification at \(recorded)"
                : "the submodule \(path) is at \(recorded), and \(own) in \(whose) checkout"
        case .uncommitted:
            return isInPlace
                ? "the submodule \(path) has changes that no commit and no verification has"
                : "the submodule \(path) is shown as the commit records it, without \(whose) changes, which no commit has"
        }
    }
}
