import Session
import Text

extension HTMLWriter {
    /// So many milestones are shown, the last ones.
    private static let milestoneLimit = 200

    /// Writes what was reached, when, and what shows it.
    mutating func milestones(_ milestones: [ReachedMilestone]) {
        guard !milestones.isEmpty else { return }
        markup("<section id=milestones aria-labelledby=milestones-h><h2 id=milestones-h>Milestones</h2>\n")
        if milestones.count > Self.milestoneLimit {
            markup("<p class=left>")
            text("\(milestones.count - Self.milestoneLimit) earlier ones are left out; the session's journal has them.")
            markup("</p>")
        }
        markup("<ol class=milestones>\n")
        for reached in milestones.suffix(Self.milestoneLimit) { milestone(reached) }
        markup("</ol></section>\n")
    }

    private mutating func milestone(_ reached: ReachedMilestone) {
        let milestone = reached.milestone
        markup("<li><span class=")
        markup(milestone.reporter == .harness ? "good>✓" : "dim>◆")
        markup("</span> <strong>")
        text(milestone.kind.words)
        markup("</strong>: ")
        inline(milestone.summary)
        markup(" <span class=how>")
        text(reached.place)
        if let words = milestone.evidence.words {
            text(" · ")
            markup("<code>")
            text(words)
            markup("</code>")
        }
        markup("</span>\n")
    }
}
