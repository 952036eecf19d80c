import JSON
import Repository
import Responses
import Session

extension Workbench {
    /// The question how the steps are to be ordered; nil if there is nothing to order.
    func orderQuestion() -> OrderQuestion? {
        guard !isOrdered else { return nil }
        do throws(RepositoryError) {
            let repository = tree.repository
            let diff = try repository.treeDiff(
                from: try repository.treeID(of: start), to: try repository.treeID(of: head), findsRenames: false)
            guard !diff.pieces.isEmpty else { return nil }
            if let question = OrderQuestion(diff) { return question }
            journal.record(.notice("the steps stay as they are: \(diff.pieces.count) hunks are too many to order"))
        } catch {
            journal.record(.notice("the steps stay as they are: \(error)"))
        }
        return nil
    }

    /// Makes the series that the model asks for, and moves the branch to it.
    ///
    /// - Throws: `OrderCall.Flaw` with what the model has to be told.
    func order(_ arguments: JSON, of diff: TreeDiff) throws(OrderCall.Flaw) -> SeriesReport {
        let plan = try OrderCall(diff: diff, messages: messages).plan(arguments)
        do throws(RepositoryError) {
            let ids = try tree.repository.writeSeries(plan, of: diff, onto: start, author: signature())
            let commits = zip(ids, plan.commits).map { id, commit in
                CommitReport(
                    id: id.hex, subject: commit.message.subject, files: Self.files(of: commit.pieces, in: diff))
            }
            try adopt(commits, tip: ids.last ?? head)
            let report = SeriesReport(commits: commits, tree: diff.new.hex, stepCount: steps.count)
            journal.record(.seriesOrdered(report))
            return report
        } catch {
            throw OrderCall.Flaw(message: error.message)
        }
    }

    private static func files(of pieces: Set<Int>, in diff: TreeDiff) -> [FileSummary] {
        let positions = Set(diff.pieces.filter { pieces.contains($0.id) }.map(\.file))
        return positions.sorted().map { FileSummary(path: diff.files[$0].path, kind: .init(diff.files[$0].kind)) }
    }
}
