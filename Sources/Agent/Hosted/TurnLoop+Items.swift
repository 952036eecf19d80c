import JSON
import Responses
import Session

extension TurnLoop {
    /// Takes an item of a response into the history, and tells what a person would want to know of it.
    mutating func keep(_ item: Item, turn: Int) {
        window.append(item)
        events.record(.responseItem(item, turn: turn))
        if item.type == "message", let text = item.messageText, !text.isEmpty {
            let content = RunItem.Content.agentMessage(text: text, phase: item.phase)
            events.record(
                .itemCompleted(RunItem(id: events.nextItemID(), content: content, citations: Citation.all(in: item))))
        } else if item.type == "reasoning", let text = item.reasoningSummary {
            events.record(.itemCompleted(RunItem(id: events.nextItemID(), content: .reasoning(text))))
        } else if let report = HostedReport(item) {
            let id = events.nextItemID()
            let whole = keepPictures(of: item, in: report, as: id)
            events.record(.itemCompleted(RunItem(id: id, content: .hosted(whole))))
        }
    }

    /// Keeps the pictures of an item; the report then names their files.
    private func keepPictures(of item: Item, in report: HostedReport, as name: String) -> HostedReport {
        guard let (files, troubles) = pictures?.keep(item, as: name) else { return report }
        var report = report
        switch report.work {
        case .imageGeneration(var image):
            image.file = files.first
            if files.isEmpty, image.error == nil { image.error = troubles.first }
            report.work = .imageGeneration(image)
        case .codeInterpreter(var code):
            code.images = files + code.images
            report.work = .codeInterpreter(code)
        default: break
        }
        for trouble in troubles { events.record(.notice("a picture was not kept: \(trouble)")) }
        return report
    }
}

extension Item {
    /// The summary that came with reasoning, or nil if there is none.
    fileprivate var reasoningSummary: String? {
        let parts = json?["summary"]?.elements.compactMap { $0["text"]?.string } ?? []
        return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
    }
}
