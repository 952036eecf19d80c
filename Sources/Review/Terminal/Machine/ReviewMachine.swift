import Repository
import Terminal

/// The interactive review without a terminal: keys, sizes and outcomes in, screens and effects out.
struct ReviewMachine: Sendable {
    /// What fills the screen.
    enum Mode: Sendable {
        /// The series.
        case list
        /// The chosen commit.
        case commit
        /// The hunks of the chosen commit, one by one.
        case split(HunkChoice)
        /// A page of text to read.
        case text(TextPage)
    }

    /// A page of text, and where it leads back to.
    struct TextPage: Sendable {
        let title: String
        let lines: [StyledLine]
        let isBackToList: Bool
        /// How many columns the rows of a broken line begin with; nil for as many spaces as the line itself.
        var indent: Int?
        /// The first row that was shown before.
        var row = 0

        /// The lines as rows of the screen, broken between words.
        func rows(width: Int) -> [StyledLine] {
            lines.flatMap { $0.filled(to: width, indent: indent ?? $0.text.prefix { $0 == " " }.count) }
        }
    }

    var size: ScreenSize
    var overview: ReviewOverview
    var mode = Mode.list
    /// The chosen commit's position.
    var selected: Int
    /// The first row of the content that is on the screen.
    var top = 0
    /// The outcome of the last action.
    var status: StyledLine?
    /// The label of the work in progress.
    var work: String?
    /// The diffs of commits that were loaded, by id.
    var diffs: [String: TreeDiff] = [:]
    /// The rows of the chosen commit at this width.
    var page = CommitPage()

    init(_ overview: ReviewOverview, size: ScreenSize) {
        self.overview = overview
        self.size = size
        selected = overview.pending(from: 0) ?? 0
        if overview.pendingCount == 0, !overview.entries.isEmpty {
            status = StyledLine("Every commit is reviewed; u undoes the last step, q leaves", .good)
        }
    }

    /// The chosen commit.
    var entry: ReviewOverview.Entry? {
        overview.entries.indices.contains(selected) ? overview.entries[selected] : nil
    }

    /// Takes a new size of the screen.
    mutating func resize(to size: ScreenSize) {
        let share = contentCount > 0 ? Double(top) / Double(contentCount) : 0
        self.size = size
        refreshPage()
        top = Int(share * Double(contentCount))
        clampTop()
    }

    /// Takes the diff of a commit.
    mutating func loaded(_ diff: TreeDiff, of id: String) {
        diffs[id] = diff
        refreshPage()
    }

    /// Sets the label of the work in progress; nil for none.
    mutating func wait(for label: String?) { work = label }

    /// Shows the chosen commit from its top.
    mutating func showCommit() -> [ReviewEffect] {
        guard let entry else {
            mode = .list
            return []
        }
        mode = .commit
        top = 0
        refreshPage()
        return diffs[entry.id] == nil ? [.load(entry.id)] : []
    }

    /// Lays out the content of the mode again.
    mutating func refreshPage() {
        switch mode {
        case .commit:
            page = entry.map { CommitPage($0, diffs[$0.id], width: size.columns) } ?? CommitPage()
        case .split(var choice):
            choice.layOut(width: size.columns)
            mode = .split(choice)
        case .list, .text: break
        }
    }

    /// Moves the content so that a row is the first on the screen.
    mutating func scroll(to row: Int) {
        top = row
        clampTop()
    }

    mutating func clampTop() {
        top = max(0, min(top, contentCount - size.contentRows))
    }

    /// How many rows the content has.
    var contentCount: Int {
        switch mode {
        case .list: 0
        case .commit: page.rows.count
        case .split(let choice): choice.rows.count
        case .text(let page): page.rows(width: size.columns).count
        }
    }
}
