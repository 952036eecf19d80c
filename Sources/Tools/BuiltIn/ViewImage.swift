import Responses
import Sandbox
import Text
import Workspace

/// Shows the model a picture of the tree.
///
/// The file is read by a command in the sandbox: what commands cannot see the model is not shown either, and what they
/// have made it is, in whatever layer of the tree it lies.
struct ViewImage: Tool {
    static let name = "view_image"

    var name: String { Self.name }
    // A patch of the same response may have made the picture.
    let effect = ToolEffect.runs

    let definition = ToolDefinition.function(
        Self.name, "Shows you an image file of the working tree (PNG, JPEG, GIF, WebP).",
        #""path":{"type":"string"}"#, required: ["path"])

    private static let timeout: Duration = .seconds(20)
    private static let (missing, outside, noFile) = (Int32(90), Int32(91), Int32(92))

    /// Follows links to their end, which must lie in the tree, and writes the file, or one byte more than is allowed.
    ///
    /// The path comes with each byte in octal, since an argument is text and a path need not be.
    private static let script = """
        p=$(printf '%b.' "$1") || exit 90
        f=$(readlink -f -- "${p%.}" && echo .) || exit 90
        r=$(pwd -P)
        case ${f%??} in "$r"/*) ;; *) exit 91;; esac
        test -e "${f%??}" || exit 90
        test -f "${f%??}" || exit 92
        exec head -c "$2" -- "${f%??}"
        """

    func title(of call: ToolCall) -> String? {
        (try? ToolArguments(call).text("path")).map { "view \($0)" }
    }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let path = BytePath(spelled: try ToolArguments(call).text("path"))
        guard !path.bytes.isEmpty, !path.bytes.contains(0) else { throw ToolRefusal("\(name): name a file") }
        let picture = try await picture(path, in: context)
        return .content([.text("\(path.description): \(picture.summary)"), .image(url: picture.dataURL)])
    }

    private func picture(_ path: BytePath, in context: ToolContext) async throws(ToolRefusal) -> Picture {
        let octal = path.bytes.map { "\\0" + String($0, radix: 8) }.joined()
        var request = CommandRequest(
            .arguments(["/bin/sh", "-c", Self.script, "sh", octal, "\(Picture.byteLimit + 1)"]),
            environment: context.shell.environment, timeout: Self.timeout)
        request.outputLimit = 2 * (Picture.byteLimit + 1)
        let result = await context.shell.sandbox.run(request)
        let name = path.description.quoted
        switch result.outcome {
        case .exited(0): break
        case .exited(Self.missing): throw ToolRefusal("there is no file \(name)")
        case .exited(Self.outside):
            throw ToolRefusal("\(name) is not in the working tree, or leads out of it; only its images are shown")
        case .exited(Self.noFile): throw ToolRefusal("\(name) is no file")
        default:
            let said = String(decoding: result.stderr.head, as: UTF8.self).split(separator: "\n").first ?? ""
            throw ToolRefusal("\(name) could not be read: \(said)")
        }
        guard let bytes = result.stdout.whole else { throw ToolRefusal("\(name) could not be read whole") }
        guard bytes.count <= Picture.byteLimit else {
            throw ToolRefusal("\(name) has more than the \(Picture.byteLimit.spelledAsBytes) that can be shown")
        }
        do throws(Picture.Trouble) { return try Picture(bytes) } catch {
            throw ToolRefusal("\(name) \(error.words)")
        }
    }
}
