/// The names in front of the lines of containers.
enum ContainerPrefix {
    static func removed(from lines: [[UInt8]]) -> [[UInt8]] {
        withoutSteps(withoutServices(lines))
    }

    /// Without `web-1  | ` of `docker compose`: of the services that are named where it attaches to them, or where all
    /// lines have it.
    private static func withoutServices(_ lines: [[UInt8]]) -> [[UInt8]] {
        guard lines.contains(where: { $0.contains(bar) }) else { return lines }
        let kept = lines.filter { !$0.isEmpty }
        let numbered = kept.reduce(0) { sum, line in
            sum + (service(of: line).map { Self.isNumbered($0.name) ? 1 : 0 } ?? 0)
        }
        let isWhole = kept.count > 1 && numbered * 10 >= kept.count * 9
        var attached: Set<ArraySlice<UInt8>> = []
        return lines.map { line in
            if line.starts(with: attaching) {
                let names = line.dropFirst(attaching.count).split { $0 == UInt8(ascii: ",") || $0 == 0x20 }
                attached.formUnion(names)
                return line
            }
            guard let (name, rest) = service(of: line), attached.contains(name) || (isWhole && isNumbered(name)) else {
                return line
            }
            return Array(rest)
        }
    }

    private static let bar = UInt8(ascii: "|")
    private static let attaching = Array("Attaching to ".utf8)

    private static func service(of line: [UInt8]) -> (name: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        let name = line.prefix { isPartOfName($0) }
        var scanner = ByteScanner(line[name.endIndex...])
        guard !name.isEmpty, scanner.rest.first == 0x20 else { return nil }
        scanner.skipSpaces()
        guard scanner.skip("|"), scanner.skipSpace() else { return nil }
        return (name, scanner.rest)
    }

    /// Whether a name ends as compose numbers its containers, as in `web-1` or `web_1`.
    private static func isNumbered(_ name: ArraySlice<UInt8>) -> Bool {
        let stem = name.reversed().drop { (0x30...0x39).contains($0) }
        return stem.count < name.count && (stem.first == UInt8(ascii: "-") || stem.first == UInt8(ascii: "_"))
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39: true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Without `#12 3.456 ` of `docker build`, where its steps begin with `#12 [2/5] RUN …`.
    private static func withoutSteps(_ lines: [[UInt8]]) -> [[UInt8]] {
        var steps: Set<ArraySlice<UInt8>> = []
        return lines.map { line in
            var scanner = ByteScanner(line[...])
            guard scanner.skip("#") else { return line }
            let number = scanner.number()
            guard !number.isEmpty, scanner.skip(" ") else { return line }
            if scanner.rest.first == UInt8(ascii: "[") {
                steps.insert(number)
                return line
            }
            guard steps.contains(number), scanner.skipDigits(1...), scanner.skip("."), scanner.skipDigits(1...),
                scanner.skipSpace()
            else { return line }
            return Array(scanner.rest)
        }
    }
}
