/// Builds the tables of a text and refuses what is defined twice.
///
/// All tables are in one array and refer to each other by index, so that adding to one copies nothing.
struct TableBuilder {
    /// A key that is defined already; the parser adds the place.
    struct Conflict: Error {
        let problem: String
    }

    /// What has defined a table.
    private enum Origin: Equatable {
        /// It was named only on the way to another one: `a` in `[a.b]`.
        case implicit
        /// A header of its own.
        case header
        /// A key with dots below a header: nothing below another header adds keys to it.
        case dots(section: Int)
    }

    private enum Slot {
        case value(TOMLValue)
        case table(Int)
        /// The tables of `[[name]]`, as an index into `lists`.
        case list(Int)
    }

    private struct OpenTable {
        var origin: Origin
        var line: Int
        var entries: [(key: String, slot: Slot, line: Int)] = []
        var places: [[UInt8]: Int] = [:]
    }

    private var tables: [OpenTable]
    private var lists: [[Int]] = []
    /// The table of the last header, and the number of headers so far.
    private var current = 0
    private var section = 0

    init(line: Int) { tables = [OpenTable(origin: .header, line: line)] }

    /// Opens the table of a header `[key]`.
    mutating func open(_ key: TOMLParser.KeyPath) throws(Conflict) {
        let parent = try parent(of: key, from: 0, as: .implicit)
        section += 1
        switch slot(key.names.last, in: parent) {
        case nil: current = add(.header, as: key, to: parent)
        case .table(let table) where tables[table].origin == .implicit:
            tables[table].origin = .header
            tables[table].line = key.line
            current = table
        case .table, .list, .value: throw twice(key.names[...])
        }
    }

    /// Opens one more table of a header `[[key]]`.
    mutating func openNext(_ key: TOMLParser.KeyPath) throws(Conflict) {
        let parent = try parent(of: key, from: 0, as: .implicit)
        section += 1
        let list: Int
        switch slot(key.names.last, in: parent) {
        case nil:
            list = lists.count
            lists.append([])
            add(.list(list), as: key, to: parent)
        case .list(let known): list = known
        case .table, .value: throw twice(key.names[...])
        }
        current = tables.count
        tables.append(OpenTable(origin: .header, line: key.line))
        lists[list].append(current)
    }

    /// Adds a value to the table of the last header.
    mutating func insert(_ value: TOMLValue, at key: TOMLParser.KeyPath) throws(Conflict) {
        let parent = try parent(of: key, from: current, as: .dots(section: section))
        guard slot(key.names.last, in: parent) == nil else { throw twice(key.names[...]) }
        add(.value(value), as: key, to: parent)
    }

    /// The finished root table.
    func finished() -> TOMLTable { finished(0) }
}

extension TableBuilder {
    /// Finds the table that holds the last name of a key, and adds the missing ones on the way.
    private mutating func parent(
        of key: TOMLParser.KeyPath, from start: Int, as origin: Origin
    ) throws(Conflict) -> Int {
        var table = start
        for (index, name) in key.names.dropLast().enumerated() {
            switch slot(name, in: table) {
            case nil:
                let step = TOMLParser.KeyPath(names: [name], offset: key.offset, line: key.line)
                table = add(origin, as: step, to: table)
            case .table(let next):
                if origin != .implicit {
                    guard tables[next].origin == .implicit || tables[next].origin == origin else {
                        throw twice(key.names[...index])
                    }
                    tables[next].origin = origin
                }
                table = next
            case .list(let list):
                guard origin == .implicit, let last = lists[list].last else { throw twice(key.names[...index]) }
                table = last
            case .value: throw twice(key.names[...index])
            }
        }
        return table
    }

    private func slot(_ name: String?, in table: Int) -> Slot? {
        guard let name, let place = tables[table].places[Array(name.utf8)] else { return nil }
        return tables[table].entries[place].slot
    }

    private mutating func add(_ origin: Origin, as key: TOMLParser.KeyPath, to parent: Int) -> Int {
        tables.append(OpenTable(origin: origin, line: key.line))
        add(.table(tables.count - 1), as: key, to: parent)
        return tables.count - 1
    }

    private mutating func add(_ slot: Slot, as key: TOMLParser.KeyPath, to parent: Int) {
        guard let name = key.names.last else { return }
        tables[parent].places[Array(name.utf8)] = tables[parent].entries.count
        tables[parent].entries.append((name, slot, key.line))
    }

    private func twice(_ names: ArraySlice<String>) -> Conflict {
        Conflict(problem: "\(names.map(\.shownAsKey).joined(separator: ".")) is defined already")
    }

    private func finished(_ table: Int) -> TOMLTable {
        let entries = tables[table].entries.map { entry in
            let value: TOMLValue =
                switch entry.slot {
                case .value(let value): value
                case .table(let table): .table(finished(table))
                case .list(let list): .array(lists[list].map { .table(finished($0)) })
                }
            return TOMLTable.Entry(key: entry.key, value: value, line: entry.line)
        }
        return TOMLTable(entries: entries, line: tables[table].line, places: tables[table].places)
    }
}
