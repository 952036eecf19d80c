public import Repository
public import Session
import Text

extension StepWriter {
    /// Begins ordering: returns the change from the session's start to its last step; nil if there is nothing to order.
    public func openOrdering() -> TreeDiff? {
        guard !isOrdered else { return nil }
        do throws(RepositoryError) {
            let repository = tree.repository
            let diff = try repository.treeDiff(
                from: try repository.treeID(of: start), to: try repository.treeID(of: head), findsRenames: false)
            changeToOrder = diff.pieces.isEmpty ? nil : diff
        } catch {
            events.record(.notice("the steps stay as they are: \(error)"))
        }
        return changeToOrder
    }

    /// Ends ordering; the steps stay as they are.
    public func closeOrdering() { changeToOrder = nil }

    /// Writes the series of a plan, and moves the branch to it.
    ///
    /// - Throws: `RepositoryError` if the series cannot be made; the steps stay as they are.
    public func order(_ plan: SeriesPlan, of diff: TreeDiff) throws(RepositoryError) -> SeriesReport {
        let ids = try tree.repository.writeSeries(plan, of: diff, onto: start, author: signature())
        let commits = zip(ids, plan.commits).map { id, commit in
            CommitReport(id: id.hex, subject: commit.message.subject, files: Self.files(of: commit.pieces, in: diff))
        }
        try adopt(commits, tip: ids.last ?? head)
        changeToOrder = nil
        let report = SeriesReport(commits: commits, tree: diff.new.hex, stepCount: steps.count)
        events.record(.seriesOrdered(report))
        return report
    }

    private static func files(of pieces: Set<Int>, in diff: TreeDiff) -> [FileSummary] {
        let positions = Set(diff.pieces.filter { pieces.contains($0.id) }.map(\.file))
        return positions.sorted().map { FileSummary(path: diff.files[$0].path, kind: .init(diff.files[$0].kind)) }
    }
}
