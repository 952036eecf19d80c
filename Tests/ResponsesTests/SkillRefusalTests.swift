import JSON
import Testing

@testable import Responses

/// Skills of the built-in shell, and servers that do not know them.
@Suite struct `Skills of the shell` {
    private func encoder() -> RequestEncoder {
        let skill = LocalSkill(name: "pdf", description: "Makes PDFs", path: "/s/pdf")
        var parameters = RequestParameters(model: "m", tools: [.localShell(skills: [skill]), .applyPatch])
        parameters.skillFunctions = [
            .function(name: "read_skill", description: "d", parameters: "{}", isStrict: false)
        ]
        return RequestEncoder(parameters, profile: .openai)
    }

    private func tools(_ encoder: RequestEncoder) throws -> JSON {
        let request = try JSON(encoder.body(input: []))
        return try #require(request["tools"])
    }

    @Test func `are told with their places`() throws {
        let written = try tools(encoder()).rawText
        let skills = #""skills":[{"name":"pdf","description":"Makes PDFs","path":"/s/pdf"}]"#
        #expect(
            written == #"[{"type":"shell","environment":{"type":"local",\#(skills)}},{"type":"apply_patch"}]"#)
    }

    @Test(arguments: [
        ("unknown_parameter", "tools[0].environment.skills"), ("invalid_value", "tools[0].environment.skills[3].name"),
    ])
    func `become a function where a server refuses them`(_ code: String, _ parameter: String) throws {
        let body =
            #"{"error":{"message":"no","type":"invalid_request_error","code":"\#(code)","param":"\#(parameter)"}}"#
        let error = ProviderError(status: 400, body: Array(body.utf8))
        #expect(error.remedy == .dropParameter(RequestEncoder.skills))
        var encoder = encoder()
        let isDropped = encoder.drop(RequestEncoder.skills)
        let isDroppedAgain = encoder.drop(RequestEncoder.skills)
        #expect(isDropped && !isDroppedAgain)
        let names = try tools(encoder).elements.map { $0["name"]?.string ?? $0["type"]?.string ?? "" }
        #expect(names == ["shell", "read_skill", "apply_patch"])
        #expect(try !tools(encoder).rawText.contains("/s/pdf"))
    }

    @Test func `are dropped by nobody who has none`() {
        var encoder = RequestEncoder(RequestParameters(model: "m", tools: [.localShell()]), profile: .openai)
        let isDropped = encoder.drop(RequestEncoder.skills)
        #expect(!isDropped)
    }
}
