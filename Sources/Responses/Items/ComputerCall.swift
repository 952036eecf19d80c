import JSON

/// Actions on a screen, in order, which are answered by a picture of it (Responses API, "computer_call").
public struct ComputerCall: Sendable, Equatable {
    /// The actions; several at a time with the newer tool.
    public var actions: [ComputerAction]
    /// What a person has to be asked about before they are done.
    public var pendingSafetyChecks: [SafetyCheck]

    /// Makes a call.
    public init(_ actions: [ComputerAction], pendingSafetyChecks: [SafetyCheck] = []) {
        self.actions = actions
        self.pendingSafetyChecks = pendingSafetyChecks
    }

    /// Reads a call.
    ///
    /// - Throws: `CallError` for an action that is unknown, or lacks something.
    init(_ json: JSON) throws(CallError) {
        let list = json["actions"].map { Array($0.elements) } ?? []
        let all = list.isEmpty ? json["action"].map { [$0] } ?? [] : list
        guard !all.isEmpty else { throw CallError("the computer call has no actions") }
        actions = try all.map { action throws(CallError) in try ComputerAction(action) }
        pendingSafetyChecks = json["pending_safety_checks"]?.elements.map(SafetyCheck.init) ?? []
    }
}

/// One action on a screen; coordinates are pixels from the top left corner.
public enum ComputerAction: Sendable, Equatable {
    /// A press and release of a mouse button, while the keys are held.
    case click(Button, at: Point, keys: [String])
    /// Two presses of the left mouse button.
    case doubleClick(at: Point, keys: [String])
    /// The left button is held along a path.
    case drag([Point], keys: [String])
    /// Keys that are pressed together.
    case keypress([String])
    /// The pointer moves.
    case move(to: Point, keys: [String])
    /// Nothing is done but looking.
    case screenshot
    /// The wheel turns; positive distances go right and down.
    case scroll(at: Point, x: Int, y: Int, keys: [String])
    /// Text is typed.
    case type(String)
    /// Time passes.
    case wait

    /// A place on the screen.
    public struct Point: Sendable, Equatable {
        /// Pixels from the left.
        public var x: Int
        /// Pixels from the top.
        public var y: Int

        /// Names a place.
        public init(x: Int, y: Int) {
            self.x = x
            self.y = y
        }
    }

    /// A button of the mouse.
    public enum Button: String, Sendable {
        case left, right, wheel, back, forward
    }

    init(_ json: JSON) throws(CallError) {
        let type = json["type"]?.string ?? ""
        func lacks(_ what: String) -> CallError { CallError("the action \(type) has no valid \(what)") }
        func number(_ json: JSON?, _ name: String) throws(CallError) -> Int {
            guard let value = json?[name] else { throw lacks(name) }
            if let whole = value.int, abs(whole) <= 1_000_000 { return whole }
            guard let part = value.double, abs(part) <= 1_000_000 else { throw lacks(name) }
            return Int(part.rounded())
        }
        func point(_ json: JSON) throws(CallError) -> Point {
            Point(x: try number(json, "x"), y: try number(json, "y"))
        }
        let keys = json["keys"]?.elements.compactMap(\.string) ?? []
        switch type {
        case "click":
            let name = json["button"]?.string ?? "left"
            guard let button = Button(rawValue: name) else { throw lacks("button") }
            self = .click(button, at: try point(json), keys: keys)
        case "double_click": self = .doubleClick(at: try point(json), keys: keys)
        case "drag":
            let path = try (json["path"].map { Array($0.elements) } ?? []).map { place throws(CallError) in
                try point(place)
            }
            guard path.count >= 2 else { throw lacks("path: it takes two points or more") }
            self = .drag(path, keys: keys)
        case "keypress":
            guard !keys.isEmpty else { throw lacks("keys") }
            self = .keypress(keys)
        case "move": self = .move(to: try point(json), keys: keys)
        case "screenshot": self = .screenshot
        case "scroll":
            self = .scroll(
                at: try point(json), x: try number(json, "scroll_x"), y: try number(json, "scroll_y"), keys: keys)
        case "type":
            guard let text = json["text"]?.string else { throw lacks("text") }
            self = .type(text)
        case "wait": self = .wait
        default: throw CallError("there is no action \"\(type.prefix(40))\"")
        }
    }
}

extension ComputerAction: CustomStringConvertible {
    /// The action in words, such as `click at 10,20 with CTRL`.
    public var description: String {
        switch self {
        case .click(.left, let point, let keys): "click at \(point)" + Self.held(keys)
        case .click(let button, let point, let keys): "click \(button.rawValue) at \(point)" + Self.held(keys)
        case .doubleClick(let point, let keys): "double-click at \(point)" + Self.held(keys)
        case .drag(let path, let keys):
            "drag " + path.map(\.description).joined(separator: " to ") + Self.held(keys)
        case .keypress(let keys): "press " + keys.joined(separator: "+")
        case .move(let point, let keys): "move to \(point)" + Self.held(keys)
        case .screenshot: "look"
        case .scroll(let point, let x, let y, let keys): "scroll by \(x),\(y) at \(point)" + Self.held(keys)
        case .type(let text): "type \(text)"
        case .wait: "wait"
        }
    }

    private static func held(_ keys: [String]) -> String { keys.isEmpty ? "" : " with " + keys.joined(separator: "+") }
}

extension ComputerAction.Point: CustomStringConvertible {
    /// The coordinates.
    public var description: String { "\(x),\(y)" }
}

/// A doubt of the provider about a call, which a person must know of before it is done.
public struct SafetyCheck: Sendable, Equatable {
    /// Its name in the answer.
    public var id: String
    /// Its kind, such as `malicious_instructions`.
    public var code: String?
    /// What the doubt is: untrusted text.
    public var message: String?

    /// Names a doubt.
    public init(id: String, code: String? = nil, message: String? = nil) {
        self.id = id
        self.code = code
        self.message = message
    }

    init(_ json: JSON) {
        self.init(id: json["id"]?.string ?? "", code: json["code"]?.string, message: json["message"]?.string)
    }

    func write(into writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            if let code { $0.member("code", code) }
            if let message { $0.member("message", message) }
        }
    }
}

/// What is wrong with a call, for the model.
struct CallError: Error, Equatable {
    let message: String

    init(_ message: String) { self.message = message }
}
