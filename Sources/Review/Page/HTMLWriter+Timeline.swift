import Responses
import Session
import Text

extension HTMLWriter {
    /// Writes the charts of time and tokens, and the table behind them.
    mutating func timeline(_ timeline: SessionTimeline) {
        markup("<section id=timeline aria-labelledby=timeline-h><h2 id=timeline-h>Timeline</h2>")
        defer { markup("</section>\n") }
        guard !timeline.spans.isEmpty else {
            markup("<p class=dim>Nothing has happened yet.</p>")
            return
        }
        let turns = timeline.turns
        let model = turns.reduce(0) { $0 + $1.modelSeconds }
        let commands = turns.reduce(0) { $0 + $1.commandSeconds }
        markup("<p class=dim>")
        text("\(turns.count == 1 ? "1 turn" : "\(turns.count) turns") in \(Self.seconds(timeline.end)): ")
        text("the model took \(Self.seconds(model)), its commands \(Self.seconds(commands)).")
        markup("</p>")
        timeChart(timeline)
        if turns.contains(where: { $0.usage.total > 0 }) { tokenChart(turns) }
        turnTable(turns)
    }

    private mutating func timeChart(_ timeline: SessionTimeline) {
        let axis = ChartAxis(to: timeline.end, count: 8, isTime: true)
        let scale = (Chart.right - Chart.left) / axis.end
        markup("<div class=chart tabindex=0 role=region aria-label=\"Chart of time\">")
        markup("<svg viewBox=\"0 0 1000 142\" role=img aria-label=\"What ran when; the table below says the same\">")
        for mark in axis.marks {
            let x = Chart.left + mark * scale
            line(x, 8, x, 116, "grid")
            label(axis.spelledTime(mark), x, 134, mark == axis.marks.last ? "tick end" : "tick mid")
        }
        for (position, lane) in Chart.lanes.enumerated() {
            let y = 12 + Double(position) * 26
            label(lane.name, Chart.left - 10, y + 14, "tick end")
            let spans = timeline.spans.filter { lane.kinds.contains($0.kind) }
            for bar in Chart.bars(spans, scale: scale) { self.bar(bar, y: y, style: lane.style) }
        }
        line(Chart.left, 116, Chart.right, 116, "axis")
        markup("</svg></div><p class=dim>")
        text("A bar is as long as what it stands for took, a diamond is a moment: an edit, a commit or a milestone. ")
        text("Red is what failed or was refused.")
        markup("</p>")
    }

    private mutating func bar(_ bar: Chart.Bar, y: Double, style: StaticString) {
        if bar.isMoment {
            markup("<path class=\"")
            markup(style)
            markup(bar.isGood ? "\" d=\"M" : " bad\" d=\"M")
            coordinate(bar.x)
            markup(" ")
            coordinate(y + 5)
            markup("l5 8-5 8-5-8z\">")
        } else {
            rectangle(bar.x, y + 2, bar.width, 16, style, isGood: bar.isGood, isOpen: true)
        }
        markup("<title>")
        text(bar.label)
        markup(bar.isMoment ? "</title></path>" : "</title></rect>")
    }

    private mutating func tokenChart(_ turns: [SessionTimeline.Turn]) {
        let groups = Chart.groups(turns)
        let highest = groups.map { Double($0.cached + $0.fresh + $0.output) }.max() ?? 0
        let axis = ChartAxis(to: highest, count: 4, isTime: false)
        let (top, bottom) = (12.0, 104.0)
        let scale = (bottom - top) / axis.end
        // Few bars make a narrow chart, not wide bars.
        let slot = min(Chart.widestSlot, (Chart.right - Chart.left) / Double(groups.count))
        let right = Chart.left + slot * Double(max(groups.count, Chart.fewestSlots))
        markup("<h3>Tokens of each turn</h3><ul class=legend><li class=l-cached>in, from the cache</li>")
        markup("<li class=l-fresh>in, new</li><li class=l-out>out</li></ul>")
        markup("<div class=chart tabindex=0 role=region aria-label=\"Chart of tokens\">")
        markup("<svg class=fit viewBox=\"0 0 ")
        coordinate(right + 16)
        markup(" 132\" width=")
        coordinate(right + 16)
        markup(" role=img aria-label=\"Tokens of each turn; the table below has them\">")
        for mark in axis.marks {
            let y = bottom - mark * scale
            line(Chart.left, y, right, y, mark == 0 ? "axis" : "grid")
            label(axis.spelledCount(mark), Chart.left - 10, y + 4, "tick end")
        }
        let labelStep = max(1, Int((26 / slot).rounded(.up)))
        for (position, group) in groups.enumerated() {
            let x = Chart.left + (Double(position) + 0.12) * slot
            var y = bottom
            markup("<g>")
            for (count, style): (Int, StaticString) in [
                (group.cached, "cached"), (group.fresh, "fresh"), (group.output, "out"),
            ] {
                y -= Double(count) * scale
                rectangle(x, y, slot * 0.76, Double(count) * scale, style, isGood: true, isOpen: false)
            }
            markup("<title>")
            text(group.label)
            markup("</title></g>")
            if position % labelStep == 0 {
                label("\(group.first)", x + slot * 0.38, 122, "tick mid")
            }
        }
        markup("</svg></div>")
    }

    private mutating func turnTable(_ turns: [SessionTimeline.Turn]) {
        let limit = 2000
        markup("<details><summary>")
        text("All turns as a table")
        markup("</summary><div class=chart tabindex=0 role=region aria-label=\"Table of turns\"><table class=turns>")
        markup("<thead><tr><th scope=col>Turn<th scope=col>At<th scope=col>Model<th scope=col>Commands")
        markup("<th scope=col>Tokens in<th scope=col>Cached<th scope=col>Out<th scope=col>Edits")
        markup("<th scope=col>Commits</tr></thead><tbody>")
        for turn in turns.prefix(limit) {
            markup("<tr><th scope=row>")
            number(turn.number)
            let commands = turn.commands == 0 ? "–" : "\(turn.commands) in \(Self.seconds(turn.commandSeconds))"
            for cell in [
                Self.seconds(turn.start), Self.seconds(turn.modelSeconds), commands, turn.usage.input.grouped,
                turn.usage.cached.grouped, turn.usage.output.grouped, "\(turn.edits)", "\(turn.commits)",
            ] {
                markup("<td>")
                resource(Array(cell.utf8))
            }
            markup("</tr>\n")
        }
        markup("</tbody></table></div>")
        if turns.count > limit {
            markup("<p class=left>")
            text("\(turns.count - limit) more turns are left out; the session's journal has them.")
            markup("</p>")
        }
        markup("</details>")
    }

    private mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: StaticString) {
        markup("<path class=")
        markup(style)
        markup(" d=\"M")
        coordinate(x1)
        markup(" ")
        coordinate(y1)
        markup("L")
        coordinate(x2)
        markup(" ")
        coordinate(y2)
        markup("\"/>")
    }

    private mutating func label(_ content: String, _ x: Double, _ y: Double, _ style: StaticString) {
        markup("<text class=\"")
        markup(style)
        markup("\" x=")
        coordinate(x)
        markup(" y=")
        coordinate(y)
        markup(">")
        text(content)
        markup("</text>")
    }

    private mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: StaticString, isGood: Bool, isOpen: Bool
    ) {
        markup("<rect class=\"")
        markup(style)
        markup(isGood ? "\" x=" : " bad\" x=")
        coordinate(x)
        markup(" y=")
        coordinate(y)
        markup(" width=")
        coordinate(max(width, isOpen ? 1.5 : 0))
        markup(" height=")
        coordinate(height)
        markup(isOpen ? ">" : " />")
    }

    private static func seconds(_ value: Double) -> String { Duration.milliseconds(value * 1000).spelled }
}
