import OS
import Responses
import Session

/// What a tool of the server did, with the pictures that it made.
struct PageHosted {
    /// The turn in which it was done.
    var turn: Int
    /// How long after the beginning of the run.
    var time: Duration
    /// What was done.
    var report: HostedReport
    /// The pictures, as far as the page has room for them and they are there.
    var pictures: [MadePicture] = []

    /// The pictures that a page has room for, and their bytes.
    private static let (mostPictures, mostBytes) = (20, 10 << 20)

    /// Adds the pictures from the session's folder, the last ones first, as far as a page has room.
    static func withPictures(_ all: [PageHosted], folder: SessionFolder) -> [PageHosted] {
        var (all, count, bytes) = (all, 0, 0)
        for index in all.indices.reversed() {
            for file in all[index].report.files where count < mostPictures {
                // What the journal names is looked for in one folder only.
                guard let name = file.split(separator: "/").last, file == "\(folder.images)/\(name)",
                    let content = FileContent.bytes(file), bytes + content.count <= mostBytes,
                    let picture = try? MadePicture(content)
                else { continue }
                all[index].pictures.append(picture)
                (count, bytes) = (count + 1, bytes + content.count)
            }
        }
        return all
    }
}

extension HostedReport {
    /// The files and addresses of the pictures that were made.
    fileprivate var files: [String] {
        switch work {
        case .imageGeneration(let image): [image.file].compactMap(\.self)
        case .codeInterpreter(let code): code.images
        case .webSearch, .fileSearch, .mcpCall, .mcpTools: []
        }
    }
}
