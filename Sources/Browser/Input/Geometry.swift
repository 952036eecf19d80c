import Responses

/// A place in the page.
typealias Point = ComputerAction.Point

/// The size of what is seen of a page, in pixels; it does not change, so that coordinates stay true.
public struct Viewport: Sendable, Equatable {
    /// The size that models are used to.
    public static let standard = Viewport(width: 1280, height: 800)

    let width: Int
    let height: Int

    func holds(_ point: Point) -> Bool { 0..<width ~= point.x && 0..<height ~= point.y }
}

extension ComputerAction.Button {
    /// Its name in the browser's protocol.
    var name: String { self == .wheel ? "middle" : rawValue }

    /// Its bit in `buttons`.
    var mask: Int {
        switch self {
        case .left: 1
        case .right: 2
        case .wheel: 4
        case .back: 8
        case .forward: 16
        }
    }
}

/// Keys that are held while something else is done, with the bits of the browser's protocol.
struct Modifiers: OptionSet, Sendable {
    let rawValue: Int

    static let alt = Modifiers(rawValue: 1)
    static let control = Modifiers(rawValue: 2)
    static let meta = Modifiers(rawValue: 4)
    static let shift = Modifiers(rawValue: 8)
}
