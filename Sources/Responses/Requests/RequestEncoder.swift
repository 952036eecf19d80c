import JSON

/// Writes requests: the parameters, encoded once, and the items verbatim.
public struct RequestEncoder: Sendable {
    let profile: ProviderProfile
    var parameters: RequestParameters
    private var dropped: Set<String> = []

    /// Prepares requests of one session.
    public init(_ parameters: RequestParameters, profile: ProviderProfile) {
        self.parameters = parameters
        self.profile = profile
    }

    /// Stops sending a parameter that the server has refused; tools it does not accept in the history become
    /// parameters.
    ///
    /// - Returns: Whether the parameter was sent before, so that a retry makes sense.
    public mutating func drop(_ parameter: String) -> Bool {
        if parameter == Item.toolsType {
            parameters.tools += parameters.historyTools
            parameters.historyTools = []
            return dropped.insert(parameter).inserted
        }
        let droppable: Set<String> = [
            "reasoning.effort", "reasoning", "reasoning.summary", "text.verbosity", "text", "prompt_cache_key",
            "prompt_cache_retention", "include", "context_management", Self.leftOutPictures,
        ]
        if parameter == Self.search, !parameters.tools.contains(where: \.isSearch) { return false }
        if parameter == Self.skills, !parameters.tools.contains(where: \.hasSkills) { return false }
        if let inclusion = refusedInclusion(parameter) { return dropped.insert("include " + inclusion).inserted }
        // What may be kept is the user's choice, where it is one.
        if parameter == "store", parameters.storage != .unstored { return false }
        return ([Self.search, Self.skills, "store"].contains(parameter) || droppable.contains(parameter))
            && dropped.insert(parameter).inserted
    }

    /// Sends another effort and verbosity from now on; what the server has refused stays left out.
    public mutating func adopt(_ style: ResponseStyle) {
        (parameters.effort, parameters.verbosity) = (style.effort, style.verbosity)
    }

    /// The `response.create` event for the socket, with the new items and the response that they continue.
    ///
    /// - Parameter tools: The items of the whole history that add tools.
    public func event(
        input: some Sequence<Item>, continuing previous: ResponseID?, adding tools: [Item] = []
    ) -> [UInt8] {
        encode(input: input, continuing: previous, adding: tools, head: { $0.member("type", "response.create") })
    }

    /// The event that has the server prepare for the first request: the parameters and the tools, and no output.
    public var warmUp: [UInt8] {
        encode(
            input: [], continuing: nil, adding: [],
            head: {
                $0.member("type", "response.create")
                $0.member("generate", false)
            })
    }

    /// The body of an HTTP request with a streamed answer.
    ///
    /// - Parameter tools: The items of the whole history that add tools.
    public func body(
        input: some Sequence<Item>, continuing previous: ResponseID? = nil, adding tools: [Item] = []
    ) -> [UInt8] {
        encode(input: input, continuing: previous, adding: tools, head: { $0.member("stream", true) })
    }

    private func encode(
        input: some Sequence<Item>, continuing previous: ResponseID?, adding tools: [Item],
        head: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        let lifted = liftsTools ? tools.compactMap(searchable) : []
        var writer = JSONWriter(capacity: 1024 + input.reduce(0) { $0 + $1.byteCount + 1 })
        writer.object {
            head(&$0)
            writeParameters(lifted, into: &$0)
            if let previous { $0.member("previous_response_id", previous.rawValue) }
            $0.member(
                "input",
                array: {
                    // The server has them already if it continues a response.
                    if previous == nil, !parameters.historyTools.isEmpty { writeTools(into: &$0) }
                    for item in input where !liftsTools || item.type != Item.toolsType {
                        if let item = searchable(item) { $0.raw(previous == nil ? sent(item) : item.raw) }
                    }
                })
        }
        return writer.bytes
    }

    /// The bytes of an item of a history that is sent whole.
    func sent(_ item: Item) -> [UInt8] { sends(Self.leftOutPictures) ? item.resent : item.raw }

    /// What `drop` takes for a server that wants the pictures back that it has made.
    static let leftOutPictures = "image_generation_call.result"

    /// Whether tools that the history adds are sent as parameters, because the server takes them nowhere else.
    private var liftsTools: Bool { profile == .compatible || !sends(Item.toolsType) }

    func writeTools(into writer: inout JSONWriter) {
        writer.raw(Item.adding(parameters.historyTools).raw)
    }

    private func writeParameters(_ lifted: [Item], into writer: inout JSONWriter) {
        writer.member("model", parameters.model)
        if sends("reasoning"), sends("reasoning.effort"), let effort = parameters.effort {
            writer.member("reasoning", object: { $0.member("effort", effort) })
        }
        if !parameters.tools.isEmpty || !lifted.isEmpty {
            writer.member(
                "tools",
                array: {
                    for tool in parameters.tools.flatMap(searchable) { tool.write(into: &$0) }
                    for list in lifted.compactMap({ $0.json?["tools"] }) {
                        for tool in list.elements { $0.value(tool) }
                    }
                })
        }
        switch parameters.storage {
        case .never: writer.member("store", false)
        case .background:
            writer.member("background", true)
            writer.member("store", true)
        case .unstored: if profile == .openai, sends("store") { writer.member("store", false) }
        }
        guard profile == .openai else { return }
        if sends("include"), !inclusions.isEmpty { writer.member("include", strings: inclusions) }
        if sends("context_management"), let threshold = parameters.compactionThreshold {
            writer.member(
                "context_management",
                array: {
                    $0.object {
                        $0.member("type", "compaction")
                        $0.member("compact_threshold", threshold)
                    }
                })
        }
        if sends("text"), sends("text.verbosity"), let verbosity = parameters.verbosity {
            writer.member("text", object: { $0.member("verbosity", verbosity) })
        }
        if sends("prompt_cache_key"), let key = parameters.cacheKey { writer.member("prompt_cache_key", key) }
        if sends("prompt_cache_retention"), let retention = parameters.cacheRetention {
            writer.member("prompt_cache_retention", retention)
        }
    }

    /// The values of `include`.
    private var inclusions: [String] {
        ([Self.reasoning] + parameters.inclusions).filter { sends("include " + $0) }
    }

    private static let reasoning = "reasoning.encrypted_content"

    /// The value of `include` that a server refuses; where it does not say which, the last that not all requests have.
    private func refusedInclusion(_ parameter: String) -> String? {
        guard parameter.hasPrefix("include") else { return nil }
        let position = Int(parameter.dropFirst("include[".count).dropLast())
        guard parameter == "include" || position != nil else {
            return inclusions.first { parameter == "include." + $0 }
        }
        if let position, inclusions.indices.contains(position) { return inclusions[position] }
        return inclusions.last { $0 != Self.reasoning }
    }

    func sends(_ parameter: String) -> Bool { !dropped.contains(parameter) }
}

/// The parameters of the requests of a session; effort and verbosity alone may change on the way.
public struct RequestParameters: Sendable {
    /// The model's name.
    public var model: String
    /// `reasoning.effort`, or nil to leave it to the server.
    public var effort: String?
    /// `text.verbosity`, or nil to leave it to the server.
    public var verbosity: String?
    /// `prompt_cache_key`: stable for a session, at most 64 characters.
    public var cacheKey: String? {
        didSet { cacheKey = cacheKey.map { String($0.prefix(64)) } }
    }
    /// The size in tokens from which the server compacts the history by itself (`context_management`); nil for never.
    public var compactionThreshold: Int?
    /// `prompt_cache_retention`, or nil to leave it to the server.
    public var cacheRetention: String?
    /// What the server may keep.
    public var storage = ResponseStorage.unstored
    /// What `include` names beside the reasoning, so that the items of the server's own tools are whole.
    public var inclusions: [String] = []
    /// The tools in every request, in a fixed order.
    public var tools: [ToolDefinition]
    /// The tools at the start of the history, which a follow-up request does not repeat.
    public var historyTools: [ToolDefinition]
    /// The functions that take the place of the search for tools where a server refuses that.
    public var searchFunctions: [ToolDefinition] = []
    /// The functions that take the place of the shell's skills where a server refuses those.
    public var skillFunctions: [ToolDefinition] = []

    /// Makes parameters; see the properties.
    public init(
        model: String, effort: String? = nil, verbosity: String? = nil, cacheKey: String? = nil,
        tools: [ToolDefinition] = [], historyTools: [ToolDefinition] = [], compactionThreshold: Int? = nil
    ) {
        self.model = model
        self.effort = effort
        self.verbosity = verbosity
        self.cacheKey = cacheKey.map { String($0.prefix(64)) }
        self.tools = tools
        self.historyTools = historyTools
        self.compactionThreshold = compactionThreshold
    }
}
