import Responses
import Session
import Text

extension HTMLWriter {
    /// Writes what was done in the browser, with the pictures of its pages.
    mutating func screens(_ screens: [PageScreen]) {
        guard !screens.isEmpty else { return }
        markup("<section id=browser aria-labelledby=browser-h><h2 id=browser-h>Browser</h2>\n<ol class=screens>\n")
        for screen in screens { self.screen(screen) }
        markup("</ol></section>\n")
    }

    private mutating func screen(_ screen: PageScreen) {
        let (report, isDone) = (screen.report, screen.report.status == .completed)
        markup("<li><p><span class=")
        markup(isDone ? "good>✓" : "bad>✗")
        markup("</span> ")
        text(report.line(atMost: 20))
        markup(" <span class=how>")
        text("turn \(screen.turn), after \(screen.time.spelled)")
        if let path = report.screenshot {
            text(" · ")
            markup("<code>")
            text(path)
            markup("</code>")
        }
        markup("</span></p>")
        if let note = report.note {
            markup("<p class=dim>")
            text(note)
            markup("</p>")
        }
        if let picture = screen.picture {
            markup("<img loading=lazy width=")
            number(picture.width)
            markup(" height=")
            number(picture.height)
            markup(" alt=\"")
            value("The page after: \(report.line(atMost: 20))")
            markup("\" src=\"")
            // Base64 has nothing to escape.
            resource(Array(picture.dataURL.utf8))
            markup("\">")
        }
        markup("\n")
    }
}
