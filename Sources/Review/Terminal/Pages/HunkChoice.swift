import Repository
import Terminal

/// The choice of the pieces of a commit that become a commit of their own.
struct HunkChoice: Sendable {
    /// The commit.
    let commit: String
    let diff: TreeDiff
    /// The position of the piece on the screen.
    private(set) var position = 0
    /// The pieces that were taken.
    private(set) var taken: Set<Int> = []
    /// The piece as rows.
    private(set) var rows: [DiffRow] = []

    /// Nil if there are not two pieces to choose from.
    init?(_ diff: TreeDiff, of commit: String, width: Int) {
        guard diff.pieces.count > 1 else { return nil }
        self.commit = commit
        self.diff = diff
        layOut(width: width)
    }

    /// Whether every piece was taken or left.
    var isComplete: Bool { position >= diff.pieces.count }
    /// Whether something is taken and something stays.
    var isSplit: Bool { !taken.isEmpty && taken.count < diff.pieces.count }

    /// Takes or leaves the piece and goes on.
    mutating func answer(_ takes: Bool, width: Int) {
        guard !isComplete else { return }
        let piece = diff.pieces[position].id
        if takes { taken.insert(piece) } else { taken.remove(piece) }
        position += 1
        layOut(width: width)
    }

    /// Takes or leaves all pieces that are left.
    mutating func answerRest(_ takes: Bool, width: Int) {
        while !isComplete { answer(takes, width: width) }
    }

    /// Goes back to the piece before.
    mutating func goBack(width: Int) {
        position = max(0, position - 1)
        layOut(width: width)
    }

    mutating func layOut(width: Int) {
        rows = isComplete ? [] : DiffPrinter(width: width).rows(of: diff.pieces[position], in: diff)
    }
}
