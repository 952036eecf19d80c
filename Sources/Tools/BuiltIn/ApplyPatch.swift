import JSON
import Patching
import Responses
import Session
import Text
import Workspace

/// Changes files by a patch: one file with the server's tool, several with an envelope.
struct ApplyPatch: Tool {
    static let name = "apply_patch"

    var name: String { Self.name }
    let serverDefinition: ToolDefinition? = .applyPatch
    let placement = ToolPlacement.always
    let effect = ToolEffect.edits
    let takesText = true

    let definition = ToolDefinition.function(
        Self.name,
        "Changes files. The patch starts with '*** Begin Patch' and ends with '*** End Patch'; between them are sections "
            + "'*** Update File: PATH' with hunks of ' ', '-' and '+' lines below '@@' lines, '*** Add File: PATH' with "
            + "'+' lines, and '*** Delete File: PATH'.",
        #""patch":{"type":"string"}"#, required: ["patch"])

    /// Stages the patch; the files change when the patches of the response are committed.
    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let patch = try WantedPatch(call)
        guard let steps = context.steps else { throw ToolRefusal("nothing can be changed here", files: patch.files) }
        do throws(PatchError) {
            try await steps.stage(patch.files, callID: context.callID) { tree throws(PatchError) in
                try patch.changes(to: tree)
            }
        } catch {
            throw ToolRefusal(error.message, files: patch.files)
        }
        return .patch(isApplied: true, "staged")
    }
}

/// A patch in one of the two forms.
private enum WantedPatch: Sendable {
    case operation(FileOperation)
    case envelope(Patch)

    init(_ call: ToolCall) throws(ToolRefusal) {
        let text: String
        switch call.request {
        case .patch(let patch):
            self = .operation(patch.operation)
            return
        case .custom(_, let input): text = input
        default:
            let arguments = try ToolArguments(call)
            guard let patch = (arguments["patch"] ?? arguments["input"])?.string else {
                throw ToolRefusal("apply_patch needs a string \"patch\"")
            }
            text = patch
        }
        do throws(PatchError) { self = .envelope(try Patch(Array(text.utf8), form: .envelope)) } catch {
            throw ToolRefusal(error.message)
        }
    }

    var files: [FileSummary] {
        switch self {
        case .operation(let operation): [FileSummary(operation)]
        case .envelope(let patch): patch.lines.map(FileSummary.init)
        }
    }

    func changes(to tree: some PatchSource) throws(PatchError) -> ChangeSet {
        switch self {
        case .operation(let operation): try PatchEngine.changes([operation], dialect: .native, to: tree)
        case .envelope(let patch): try patch.changes(to: tree)
        }
    }
}

extension PatchCall {
    fileprivate var operation: FileOperation {
        switch kind {
        case .create(let diff): .create(path: path, diff: diff)
        case .update(let diff): .update(path: path, diff: diff, moveTo: nil)
        case .delete: .delete(path: path)
        }
    }
}

extension FileSummary {
    fileprivate init(_ operation: FileOperation) {
        switch operation {
        case .create(let path, _): self.init(named: path, .add)
        case .update(let path, _, let destination): self.init(named: destination ?? path, .update)
        case .delete(let path): self.init(named: path, .delete)
        }
    }

    /// Names a file as the patch engine does; a path that it refuses as it is spelled.
    private init(named path: String, _ kind: Kind) {
        let path = BytePath(path)
        self.init(path: (try? PatchPath(path))?.path ?? path, kind: kind)
    }

    fileprivate init(_ line: Patch.Line) {
        self.init(path: line.path, kind: line.letter == "A" ? .add : line.letter == "D" ? .delete : .update)
    }
}
