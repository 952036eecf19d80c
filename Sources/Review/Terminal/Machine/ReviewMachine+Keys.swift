import Repository
import Terminal
import Text

extension ReviewMachine {
    /// Takes a key.
    mutating func handle(_ key: Key) -> [ReviewEffect] {
        if key == .character("\u{C}") { return [.redraw] }
        if key == .paste {
            status = StyledLine("Pasted text is not taken for keys", .warning)
            return []
        }
        switch mode {
        case .list: return handleInList(key)
        case .commit: return handleInCommit(key)
        case .split(let choice): return handle(key, in: choice)
        case .text(let page): return handle(key, in: page)
        }
    }

    private mutating func handleInList(_ key: Key) -> [ReviewEffect] {
        switch key {
        case .character("j"), .character("n"), .down: select(selected + 1)
        case .character("k"), .character("p"), .up: select(selected - 1)
        case .character("g"), .home: select(0)
        case .character("G"), .end: select(overview.entries.count - 1)
        case .pageDown: select(selected + size.contentRows)
        case .pageUp: select(selected - size.contentRows)
        case .enter, .right, .character(" "): return showCommit(clearing: true)
        case .character("l"), .character("b"), .escape, .left: break
        default: return handleAction(key)
        }
        return []
    }

    private mutating func handleInCommit(_ key: Key) -> [ReviewEffect] {
        if scroll(key) { return [] }
        switch key {
        case .character("n"), .right: return go(to: selected + 1)
        case .character("p"), .left: return go(to: selected - 1)
        case .character("l"), .escape:
            mode = .list
            status = nil
            return []
        case .character("o"): return open()
        default: return handleAction(key)
        }
    }

    /// The keys that act on the selected commit, in the list as on its page.
    private mutating func handleAction(_ key: Key) -> [ReviewEffect] {
        guard case .character(let letter) = key else { return [] }
        switch letter {
        case "q": return [.quit]
        case "u": return [.perform(.undo)]
        case "?", "h":
            let lines = HelpPage.lines
            show(TextPage(title: "Keys", lines: lines, isBackToList: isList, indent: HelpPage.keyColumns, row: top))
            return []
        default: break
        }
        guard let entry, "ademsv".unicodeScalars.contains(letter) else {
            if entry != nil, letter != " " {
                status = StyledLine("unknown key \"\(letter)\"; ? shows the keys", .faint)
            }
            return []
        }
        if let acceptedAs = entry.acceptedAs, letter != "v" {
            let name = acceptedAs.prefix(10)
            status = StyledLine("This commit is on your branch already, as \(name); u undoes the last step", .warning)
            return []
        }
        switch letter {
        case "a": return [.perform(.accept(entry.id))]
        case "d": return [.perform(.drop(entry.id))]
        case "e": return [.perform(.reword(entry.id))]
        case "v": return [.perform(.verify(entry.id))]
        case "m": return squash(entry)
        default: return split(entry)
        }
    }

    private var isList: Bool { if case .list = mode { true } else { false } }

    mutating func show(_ text: TextPage) {
        mode = .text(text)
        top = 0
    }

    private mutating func squash(_ entry: ReviewOverview.Entry) -> [ReviewEffect] {
        guard selected > 0, overview.entries[selected - 1].isPending else {
            status = StyledLine("There is no pending commit before this one to squash it into", .warning)
            return []
        }
        return [.perform(.squash(entry.id))]
    }

    private mutating func split(_ entry: ReviewOverview.Entry) -> [ReviewEffect] {
        guard let diff = diffs[entry.id] else {
            // The list has not read the diff yet: show the commit, where the key works.
            return showCommit(clearing: true)
        }
        guard let choice = HunkChoice(diff, of: entry.id, width: size.columns) else {
            status = StyledLine("This commit is one hunk: there is nothing to split", .warning)
            return []
        }
        mode = .split(choice)
        top = 0
        status = nil
        return []
    }

    private mutating func open() -> [ReviewEffect] {
        guard let entry, let diff = diffs[entry.id], let place = page.place(from: top) else {
            status = StyledLine("There is no file here to open", .warning)
            return []
        }
        let file = diff.files[place.file]
        guard file.newPath != nil else {
            status = StyledLine("\(file.path) is deleted by this commit", .warning)
            return []
        }
        guard let path = String(validating: file.path.bytes, as: UTF8.self) else {
            status = StyledLine("\(file.path) cannot be opened from here: its name is not UTF-8", .warning)
            return []
        }
        return [.open(path: path, line: place.newLine)]
    }

    private mutating func handle(_ key: Key, in old: HunkChoice) -> [ReviewEffect] {
        if scroll(key) { return [] }
        var choice = old
        switch key {
        case .character("y"): choice.answer(true, width: size.columns)
        case .character("n"): choice.answer(false, width: size.columns)
        case .character("a"): choice.answerRest(true, width: size.columns)
        case .character("d"): choice.answerRest(false, width: size.columns)
        case .character("p"), .left, .backspace: choice.goBack(width: size.columns)
        case .character("q"), .escape:
            status = StyledLine("Nothing was split", .faint)
            return showCommit()
        default: return []
        }
        top = 0
        mode = .split(choice)
        guard choice.isComplete else { return [] }
        let effects = showCommit()
        guard choice.isSplit else {
            status = StyledLine("Nothing was split: take some of the hunks, not none and not all", .warning)
            return effects
        }
        return effects + [.perform(.split(choice.commit, pieces: choice.taken))]
    }

    private mutating func handle(_ key: Key, in page: TextPage) -> [ReviewEffect] {
        if key != .character(" ") || top + size.contentRows < contentCount, scroll(key) { return [] }
        guard !page.isBackToList else {
            mode = .list
            return []
        }
        let effects = showCommit()
        scroll(to: page.row)
        return effects
    }

    /// Moves the content; false if the key means something else.
    private mutating func scroll(_ key: Key) -> Bool {
        let step = max(1, size.contentRows - 1)
        switch key {
        case .character("j"), .down, .enter: scroll(to: top + 1)
        case .character("k"), .up: scroll(to: top - 1)
        case .character(" "), .character("f"), .pageDown:
            let row = top
            scroll(to: top + step)
            if row == top, case .commit = mode {
                status = StyledLine("The end of this commit: n shows the next", .faint)
            }
        case .character("b"), .pageUp: scroll(to: top - step)
        case .character("g"), .home: scroll(to: 0)
        case .character("G"), .end: scroll(to: contentCount)
        default: return false
        }
        return true
    }

    private mutating func select(_ position: Int) {
        selected = max(0, min(position, overview.entries.count - 1))
        status = nil
    }

    private mutating func go(to position: Int) -> [ReviewEffect] {
        guard overview.entries.indices.contains(position) else {
            status = StyledLine(position < 0 ? "This is the first commit" : "This is the last commit", .faint)
            return []
        }
        selected = position
        return showCommit(clearing: true)
    }

    private mutating func showCommit(clearing: Bool) -> [ReviewEffect] {
        if clearing { status = nil }
        return showCommit()
    }
}
