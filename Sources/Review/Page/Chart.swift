import Responses
import Session
import Text

/// The measures of the charts, in the units of their view box, and the grouping of what is too small to see.
enum Chart {
    static let left = 96.0
    static let right = 984.0
    /// The most room for the tokens of a turn.
    static let widestSlot = 26.0
    /// A chart of tokens has room for so many.
    static let fewestSlots = 8

    /// The rows of the chart of time.
    static let lanes: [(name: String, style: StaticString, kinds: [SessionTimeline.Span.Kind])] = [
        ("Model", "model", [.model]), ("Commands", "command", [.command]), ("Edits", "edit", [.edit, .commit]),
        ("Checks", "check", [.check, .milestone]),
    ]

    /// A bar, or a diamond for what takes no time.
    struct Bar {
        var x: Double
        var width: Double
        var label: String
        var isGood: Bool
        var isMoment: Bool
        var count = 1
    }

    /// Places spans; those that are too close to be told apart become one.
    static func bars(_ spans: [SessionTimeline.Span], scale: Double) -> [Bar] {
        var bars: [Bar] = []
        for span in spans.sorted(by: { $0.start < $1.start }) {
            let isMoment = [.edit, .commit, .milestone].contains(span.kind)
            let (x, width) = (left + span.start * scale, (span.end - span.start) * scale)
            let took = isMoment ? "at \(spelled(span.end))" : spelled(span.end - span.start)
            let label = "\(span.label), \(took)"
            let isGood = span.isGood
            let reach = isMoment ? 6 : 0.4
            // Only what looks the same becomes one, so that red is what failed; but two at one place are a failure.
            if let last = bars.last, last.isMoment == isMoment, x - (last.x + last.width) < reach, width < 3,
                last.width < 3 || last.count > 1, last.isGood == isGood || x - last.x < 1
            {
                let position = bars.count - 1
                if !isMoment { bars[position].width = max(last.width, x + width - last.x) }
                bars[position].count += 1
                bars[position].isGood = last.isGood && isGood
                if last.count < 4 {
                    bars[position].label += "\n" + label
                } else if last.count == 4 {
                    bars[position].label += "\n…"
                }
            } else {
                bars.append(Bar(x: x, width: width, label: label, isGood: isGood, isMoment: isMoment))
            }
        }
        return bars
    }

    /// The tokens of one turn, or the mean of several.
    struct Group {
        var first: Int
        var cached: Int
        var fresh: Int
        var output: Int
        var label: String
    }

    /// Groups turns until there are few enough to be told apart.
    static func groups(_ turns: [SessionTimeline.Turn]) -> [Group] {
        let size = (turns.count + 149) / 150
        return stride(from: 0, to: turns.count, by: max(size, 1)).map { start in
            let part = turns[start..<min(start + size, turns.count)]
            func mean(_ value: (SessionTimeline.Turn) -> Int) -> Int { part.reduce(0) { $0 + value($1) } / part.count }
            let (cached, input, output) = (mean { $0.usage.cached }, mean { $0.usage.input }, mean { $0.usage.output })
            let first = part.first?.number ?? 0
            let name = size == 1 ? "turn \(first)" : "turns \(first) to \(part.last?.number ?? 0), on average"
            return Group(
                first: first, cached: min(cached, input), fresh: max(0, input - cached), output: output,
                label: "\(name): \(input.grouped) in, \(cached.grouped) of them cached, \(output.grouped) out")
        }
    }

    private static func spelled(_ seconds: Double) -> String { Duration.milliseconds(seconds * 1000).spelled }
}
