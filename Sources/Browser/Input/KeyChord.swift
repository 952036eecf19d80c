/// Keys that are pressed together: those that are held, and those that are pressed meanwhile.
struct KeyChord: Sendable, Equatable {
    let held: [Key]
    let pressed: [Key]

    /// Reads the keys of an action, such as `["CTRL", "A"]` or `["ctrl+shift+t"]`.
    ///
    /// - Throws: `.refused` for a name that is none, and for no key.
    init(_ names: [String]) throws(BrowserError) {
        var held: [Key] = []
        var pressed: [Key] = []
        for name in names.flatMap(Self.parts) {
            guard let key = Key(named: name) else {
                throw BrowserError(.refused, "no key is called \"\(name.prefix(40))\"; there are \(Key.someNames)")
            }
            if key.modifier == nil { pressed.append(key) } else if !held.contains(key) { held.append(key) }
        }
        guard !held.isEmpty || !pressed.isEmpty else { throw BrowserError(.refused, "no key is named") }
        guard pressed.count <= 200 else { throw BrowserError(.refused, "200 keys at a time are the most") }
        // A chord of a Mac means that of this machine, where it is made with control.
        if !pressed.isEmpty, !held.contains(.control) { held = held.map { $0 == .meta ? .control : $0 } }
        (self.held, self.pressed) = (held, pressed)
    }

    /// What is held, as the bits of the protocol.
    var modifiers: Modifiers { held.reduce(into: []) { $0.formUnion($1.modifier ?? []) } }

    /// Whether these are the keys of a shortcut, such as `.control` and `l`.
    func isShortcut(_ modifiers: Modifiers, _ names: String...) -> Bool {
        self.modifiers == modifiers && pressed.count == 1 && names.contains(pressed[0].name)
    }

    /// The parts of `ctrl+a`; `+` by itself, and at the end, is a key.
    private static func parts(_ name: String) -> [String] {
        guard name.count > 1, name.contains("+") else { return [name] }
        let isPlusLast = name.hasSuffix("++")
        return name.split(separator: "+").map(String.init) + (isPlusLast ? ["+"] : [])
    }
}
