import OS
import Responses
import Session

/// What was done in the browser by one call, with the picture of the page afterwards.
struct PageScreen {
    /// The turn in which it was done.
    var turn: Int
    /// How long after the beginning of the run.
    var time: Duration
    /// What was done, and what was told beside the picture.
    var report: ComputerReport
    /// The picture; nil for one that is left out or not there.
    var picture: Picture?

    /// The pictures that a page has room for, and their bytes.
    private static let (mostPictures, mostBytes) = (40, 10 << 20)

    /// Adds the pictures from the session's folder, the last ones first, as far as a page has room.
    static func withPictures(_ screens: [PageScreen], folder: SessionFolder) -> [PageScreen] {
        var (screens, count, bytes) = (screens, 0, 0)
        for index in screens.indices.reversed() where count < mostPictures {
            // What the journal names is looked for in one folder only.
            guard let path = screens[index].report.screenshot, path.hasPrefix("screenshots/"),
                !path.split(separator: "/").contains(".."),
                let content = FileContent.bytes("\(folder.path)/\(path)"), bytes + content.count <= mostBytes
            else { continue }
            // A file that is no picture any more is none.
            screens[index].picture = try? Picture(content)
            (count, bytes) = (count + 1, bytes + content.count)
        }
        return screens
    }
}
