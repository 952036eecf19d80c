import Responses
import TOML
import Text

extension ToolSettings {
    /// Reads `[tools]`.
    ///
    /// - Returns: The tools that are turned on there.
    /// - Throws: For the first key that is unknown or has an invalid value.
    mutating func read(_ section: TOMLSection) throws(TOMLError) -> ToolSelection {
        var choices: [ToolChoice] = []
        func turn(_ isOn: Bool, _ choice: ToolChoice) { if isOn { choices.append(choice) } }
        for field in section.fields {
            switch try field.key() as ToolTable {
            case .webSearch:
                let (tool, isOn) = try WebSearch.read(field.section())
                webSearch = tool
                turn(isOn, .webSearch)
            case .fileSearch:
                let (tool, isOn) = try FileSearch.read(field.section())
                fileSearch = tool
                turn(isOn, .fileSearch([]))
            case .codeInterpreter:
                let (tool, isOn) = try CodeInterpreter.read(field.section())
                codeInterpreter = tool
                turn(isOn, .codeInterpreter)
            case .imageGeneration:
                let (tool, isOn) = try ImageGeneration.read(field.section())
                imageGeneration = tool
                turn(isOn, .imageGeneration)
            case .computer:
                let (tool, isOn) = try BrowserUse.read(field.section())
                computer = tool
                turn(isOn, .computer)
            case .mcp:
                for field in try field.section().fields {
                    guard HostedServer.isLabel(field.key) else {
                        throw field.mismatch("a table whose name is made of letters, digits, _ and -")
                    }
                    let (server, isOn) = try RemoteServer.read(field.section())
                    servers[field.key] = server
                    turn(isOn, .mcp(label: field.key, nil))
                }
            }
        }
        return ToolSelection(choices)
    }

    private enum ToolTable: String, CaseIterable {
        case webSearch = "web_search"
        case fileSearch = "file_search"
        case codeInterpreter = "code_interpreter"
        case imageGeneration = "image_generation"
        case mcp, computer
    }
}

extension BrowserUse {
    private enum Key: String, CaseIterable {
        case enabled
        case actionLimit = "max_actions"
    }

    fileprivate static func read(_ section: TOMLSection) throws(TOMLError) -> (BrowserUse, isOn: Bool) {
        var (tool, isOn) = (BrowserUse(), false)
        for field in section.fields {
            switch try field.key() as Key {
            case .enabled: isOn = try field.flag()
            case .actionLimit: tool.actionLimit = try field.count()
            }
        }
        return (tool, isOn)
    }
}

extension WebSearch {
    private enum Key: String, CaseIterable {
        case enabled
        case allowedDomains = "allowed_domains"
        case contextSize = "search_context_size"
        case location = "user_location"
        case fetchesPages = "external_web_access"
    }

    private enum Place: String, CaseIterable { case country, region, city, timezone }

    fileprivate static func read(_ section: TOMLSection) throws(TOMLError) -> (WebSearch, isOn: Bool) {
        var (tool, isOn) = (WebSearch(), false)
        for field in section.fields {
            switch try field.key() as Key {
            case .enabled: isOn = try field.flag()
            case .allowedDomains: tool.allowedDomains = try field.domains()
            case .contextSize: tool.contextSize = try field.choice() as ContextSize
            case .location: tool.location = try location(field)
            case .fetchesPages: tool.fetchesPages = try field.flag()
            }
        }
        return (tool, isOn)
    }

    private static func location(_ field: TOMLField) throws(TOMLError) -> Location {
        if field.value.string == "none" { return .untold }
        let expected = "\"none\", or a table with some of country, region, city and timezone"
        guard field.value.table != nil else { throw field.mismatch(expected) }
        var parts: [Place: String] = [:]
        for field in try field.section().fields {
            let place: Place = try field.key()
            let isCountry = place == .country
            parts[place] = try field.text(isCountry ? "two letters such as \"DE\"" : "a name") { text in
                text.isEmpty || (isCountry && (text.utf8.count != 2 || !text.allSatisfy(\.isLetter))) ? nil : text
            }
        }
        guard !parts.isEmpty else { throw field.mismatch(expected) }
        return .place(
            country: parts[.country]?.uppercased(), region: parts[.region], city: parts[.city],
            timezone: parts[.timezone])
    }
}

extension FileSearch {
    private enum Key: String, CaseIterable {
        case enabled
        case stores = "vector_store_ids"
        case resultLimit = "max_num_results"
        case scoreThreshold = "score_threshold"
    }

    fileprivate static func read(_ section: TOMLSection) throws(TOMLError) -> (FileSearch, isOn: Bool) {
        var (tool, isOn) = (FileSearch(), false)
        for field in section.fields {
            switch try field.key() as Key {
            case .enabled: isOn = try field.flag()
            case .stores: tool.stores = try field.identifiers("ids of vector stores such as \"vs_abc\"")
            case .resultLimit:
                guard let limit = field.value.integer, 1...50 ~= limit else { throw field.mismatch("1 to 50") }
                tool.resultLimit = limit
            case .scoreThreshold:
                tool.scoreThreshold = try field.amount("a number from 0 to 1") { 0...1 ~= $0 }
            }
        }
        return (tool, isOn)
    }
}

extension CodeInterpreter {
    private enum Key: String, CaseIterable {
        case enabled, container
        case memory = "memory_limit"
        case network
        case files = "file_ids"
    }

    fileprivate static func read(_ section: TOMLSection) throws(TOMLError) -> (CodeInterpreter, isOn: Bool) {
        var (tool, isOn) = (CodeInterpreter(), false)
        for field in section.fields {
            switch try field.key() as Key {
            case .enabled: isOn = try field.flag()
            case .container:
                tool.container = try field.text("the id of a container such as \"cntr_abc\"") { id in
                    ToolChoice.isIdentifier(id) ? id : nil
                }
            case .memory: tool.memory = try field.choice() as Memory
            case .network: tool.hosts = field.value.string == "none" ? [] : try field.domains("\"none\", or a list of ")
            case .files: tool.files = try field.identifiers("ids of uploaded files such as \"file-abc\"")
            }
        }
        guard tool.container == nil || (tool.memory == nil && tool.hosts == nil && tool.files.isEmpty) else {
            throw section.error("names a container that is there: memory_limit, network and file_ids are for new ones")
        }
        return (tool, isOn)
    }
}

extension ImageGeneration {
    private enum Key: String, CaseIterable {
        case enabled, model, size, quality, background
        case format = "output_format"
    }

    fileprivate static func read(_ section: TOMLSection) throws(TOMLError) -> (ImageGeneration, isOn: Bool) {
        var (tool, isOn) = (ImageGeneration(), false)
        for field in section.fields {
            switch try field.key() as Key {
            case .enabled: isOn = try field.flag()
            case .model: tool.model = try field.text("the name of a model") { $0.isEmpty ? nil : $0 }
            case .size:
                tool.size = try field.text("\"auto\", or a size such as \"1024x1024\"") { isSize($0) ? $0 : nil }
            case .quality: tool.quality = try field.choice() as Quality
            case .background: tool.background = try field.choice() as Background
            case .format: tool.format = try field.choice() as Format
            }
        }
        return (tool, isOn)
    }

    private static func isSize(_ text: String) -> Bool {
        let sides = text.split(separator: "x", omittingEmptySubsequences: false)
        return text == "auto" || (sides.count == 2 && sides.allSatisfy { 1...16384 ~= Int($0) ?? 0 })
    }
}

extension TOMLField {
    fileprivate func identifiers(_ expected: String) throws(TOMLError) -> [String] {
        try list(expected) { ToolChoice.isIdentifier($0) ? $0 : nil }
    }

    /// Names of hosts without a scheme or a path.
    fileprivate func domains(_ alternative: String = "") throws(TOMLError) -> [String] {
        let expected = "domains such as \"example.org\", without https:// and paths"
        guard let values = value.array, !values.isEmpty else { throw mismatch("\(alternative)\(expected)") }
        return try list(expected) { name in
            let isName = !name.isEmpty && name.utf8.allSatisfy { HostedServer.isLetter($0) || $0 == 0x2E }
            return isName ? name : nil
        }
    }
}
