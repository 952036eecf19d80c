import JSON
import Responses
import Text

/// A call with what is held against it: the schema of its arguments, and a limit of time.
struct LimitedCall: Sendable {
    private let tool: any Tool
    private let call: ToolCall

    init(_ tool: any Tool, _ call: ToolCall) {
        self.tool = tool
        self.call = call
    }

    func run(in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        if let schema = tool.argumentSchema, case .function(_, let arguments) = call.request,
            let fault = ArgumentSchema(schema).fault(in: arguments)
        {
            throw ToolRefusal("\(tool.name) was not called: \(fault)")
        }
        guard let limit = tool.timeLimit else { return try await tool.run(call, in: context) }
        return try await within(limit, context).get()
    }

    private func within(_ limit: Duration, _ context: ToolContext) async -> Result<ToolAnswer, ToolRefusal> {
        await withTaskGroup(of: Result<ToolAnswer, ToolRefusal>?.self) { [tool, call] group in
            group.addTask {
                do throws(ToolRefusal) { return .success(try await tool.run(call, in: context)) } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                guard (try? await Task.sleep(for: limit)) != nil else { return nil }
                return .failure(ToolRefusal("\(tool.name) did not answer within \(limit.spelled), and was stopped"))
            }
            // What is cancelled from outside ends the call, and the call says so.
            for await outcome in group {
                guard let outcome else { continue }
                group.cancelAll()
                return outcome
            }
            return .failure(ToolRefusal("interrupted"))
        }
    }
}
