import Agent
import ArgumentParser
import Responses
import Text

/// The pictures that go with a prompt: those of `--image`, and those whose paths stand in the prompt.
struct ImageOptions: ParsableArguments {
    @Option(
        name: .customLong("image"), parsing: .singleValue,
        help: ArgumentHelp(
            "A picture to show to the model (PNG, JPEG, GIF, WebP); may be given several times.", valueName: "file"))
    var images: [String] = []

    /// Reads the pictures, and says on standard error which ones the prompt has brought along.
    ///
    /// - Parameter prompt: The prompt as it was typed or pasted; nil where others may have written it, so that a path
    ///   in it must not lead to a file of this machine.
    /// - Throws: `Refusal` for a picture of `--image` that cannot be shown.
    func read(prompt: String?) throws -> [PictureFile] {
        var found: [PictureFile] = []
        var size = 0
        for path in images {
            do throws(PictureFile.Trouble) {
                let file = try PictureFile(path)
                guard !found.contains(where: { $0.path == file.path }) else { continue }
                found.append(file)
                size += file.picture.bytes.count
            } catch { throw Refusal("--image: " + error.message) }
        }
        guard found.count <= PictureFile.most else {
            throw Refusal("--image: \(found.count) pictures; \(PictureFile.most) are the most for one prompt")
        }
        guard size <= PictureFile.byteLimit else {
            throw Refusal(
                "--image: the pictures have \(size.spelledAsBytes) together; \(PictureFile.byteLimit.spelledAsBytes) are "
                    + "the most for one prompt")
        }
        guard let prompt else { return found }
        var (told, notes): ([String], [String]) = ([], [])
        for path in PastedPaths(prompt, home: ProcessEnvironment.current["HOME"]).paths {
            do throws(PictureFile.Trouble) {
                let file = try PictureFile(path)
                guard !found.contains(where: { $0.path == file.path }) else { continue }
                size += file.picture.bytes.count
                guard found.count < PictureFile.most, size <= PictureFile.byteLimit else {
                    notes.append("\(path.quoted) is too much with the others")
                    break
                }
                found.append(file)
                told.append(file.summary)
            } catch { notes.append(error.message) }
        }
        if !told.isEmpty {
            StandardError.write("graft: attached from the prompt: \(told.joined(separator: ", ").marked)")
        }
        for note in notes { StandardError.write("graft: not attached: \(note.marked)") }
        return found
    }
}
