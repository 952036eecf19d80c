/// What a word of a shell line may become: characters, and places where anything may stand.
struct ShellPattern {
    private enum Atom: Equatable {
        case scalar(Unicode.Scalar)
        /// One character, as for `?` and `[…]`.
        case one
        /// Any characters, as for `*`.
        case any
    }

    private var atoms: [Atom] = []

    /// Takes a text for itself.
    init(literal text: String) {
        atoms = text.unicodeScalars.map { .scalar($0) }
    }

    /// Takes a word: what is not quoted is a pattern of file names.
    ///
    /// - Parameter set: The variables of which the value may be anything; all others count for nothing.
    init(_ word: ShellWord, set: Set<String>) {
        for piece in word.pieces {
            switch piece {
            case .text(let text, isQuoted: true): atoms += text.unicodeScalars.map { .scalar($0) }
            case .text(let text, isQuoted: false): addPattern(text)
            case .variable(let name): if set.contains(name) { atoms.append(.any) }
            case .unknown: continue
            }
        }
    }

    private mutating func addPattern(_ text: String) {
        var rest = text[...].unicodeScalars
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": atoms.append(.any)
            case "?": atoms.append(.one)
            case "[":
                // The first character of a set may be its own end.
                guard let end = rest.dropFirst().firstIndex(of: "]") else { return atoms.append(.scalar(scalar)) }
                rest = rest[rest.index(after: end)...]
                atoms.append(.one)
            default: atoms.append(.scalar(scalar))
            }
        }
    }

    /// Whether it may become a text.
    func matches(_ text: Substring) -> Bool { Self.matches(atoms[...], Array(text.unicodeScalars)) }

    /// Whether it may name a program: by the whole path or the last part of it.
    func matches(program: Substring) -> Bool {
        if matches(program) { return true }
        guard let slash = atoms.lastIndex(of: .scalar("/")) else { return false }
        return Self.matches(atoms[(slash + 1)...], Array(program.unicodeScalars))
    }

    /// Goes back to the last place for anything only, which is enough (as fnmatch(3) does).
    private static func matches(_ atoms: ArraySlice<Atom>, _ text: [Unicode.Scalar]) -> Bool {
        var (atom, position) = (atoms.startIndex, 0)
        var retry: (atom: Int, position: Int)?
        while true {
            if atom == atoms.endIndex {
                if position == text.count { return true }
            } else if atoms[atom] == .any {
                retry = (atom + 1, position)
                atom += 1
                continue
            } else if position < text.count, atoms[atom] == .one || atoms[atom] == .scalar(text[position]) {
                atom += 1
                position += 1
                continue
            }
            guard let (next, from) = retry, from < text.count else { return false }
            retry = (next, from + 1)
            (atom, position) = (next, from + 1)
        }
    }
}
