import JSON
import Responses

extension ProtocolCommand {
    /// What the mouse does.
    enum MouseStep: String, Sendable {
        case moved = "mouseMoved"
        case pressed = "mousePressed"
        case released = "mouseReleased"
    }

    /// One step of the mouse.
    ///
    /// - Parameters:
    ///   - held: The button that is down meanwhile, or goes down or up; nil for none.
    ///   - count: 2 for the second click of a double click.
    static func mouse(
        _ step: MouseStep, at point: Point, button: ComputerAction.Button? = nil, count: Int = 0,
        modifiers: Modifiers = []
    ) -> ProtocolCommand {
        ProtocolCommand("Input.dispatchMouseEvent") {
            $0.member("type", step.rawValue)
            $0.member("x", point.x)
            $0.member("y", point.y)
            $0.member("button", button?.name ?? "none")
            $0.member("buttons", step == .released ? 0 : button?.mask ?? 0)
            $0.member("clickCount", count)
            $0.member("modifiers", modifiers.rawValue)
        }
    }

    /// Turns the wheel by so many pixels.
    static func wheel(at point: Point, x: Int, y: Int, modifiers: Modifiers) -> ProtocolCommand {
        ProtocolCommand("Input.dispatchMouseEvent") {
            $0.member("type", "mouseWheel")
            $0.member("x", point.x)
            $0.member("y", point.y)
            $0.member("deltaX", x)
            $0.member("deltaY", y)
            $0.member("modifiers", modifiers.rawValue)
        }
    }

    /// Whether what the page offers to be dragged comes as an event, which `drop` goes on with.
    static func interceptDrags(_ isOn: Bool) -> ProtocolCommand {
        ProtocolCommand("Input.setInterceptDrags") { $0.member("enabled", isOn) }
    }

    /// A step of what the page has offered to be dragged: dragEnter, dragOver or drop.
    static func drag(_ step: String, at point: Point, data: JSON, modifiers: Modifiers) -> ProtocolCommand {
        ProtocolCommand("Input.dispatchDragEvent") {
            $0.member("type", step)
            $0.member("x", point.x)
            $0.member("y", point.y)
            $0.member("data", data)
            $0.member("modifiers", modifiers.rawValue)
        }
    }

    /// A key goes down or up; with other modifiers than shift it puts in no text.
    static func key(_ key: Key, isDown: Bool, modifiers: Modifiers) -> ProtocolCommand {
        let text = modifiers.subtracting(.shift).isEmpty ? key.text : nil
        return ProtocolCommand("Input.dispatchKeyEvent") {
            $0.member("type", !isDown ? "keyUp" : text == nil ? "rawKeyDown" : "keyDown")
            $0.member("modifiers", modifiers.rawValue)
            $0.member("key", key.name)
            $0.member("code", key.code)
            $0.member("windowsVirtualKeyCode", key.number)
            if isDown, let text { $0.member("text", text) }
            if key.location > 0 { $0.member("location", key.location) }
        }
    }

    /// Puts in text as an input method does, without keys.
    static func insert(_ text: String) -> ProtocolCommand {
        ProtocolCommand("Input.insertText") { $0.member("text", text) }
    }
}
