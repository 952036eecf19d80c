import Glibc
import JSON
import TOML

// Reads documents from standard input, each behind its length (four bytes, the highest first), and prints a line of JSON
// for each: its value, every part with its type, or the error.

var input: [UInt8] = []
var buffer = [UInt8](repeating: 0, count: 1 << 16)
while case let count = read(0, &buffer, buffer.count), count > 0 { input += buffer[..<count] }

var rest = input[...]
while rest.count >= 4 {
    let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    let document = Array(rest.dropFirst(4).prefix(length))
    rest = rest.dropFirst(4 + length)
    var answer = JSONWriter()
    do {
        let table = try TOMLTable(parsing: document)
        answer.object { answer in
            answer.key("value")
            write(.table(table), to: &answer)
        }
    } catch {
        answer.object { answer in
            answer.member("error", error.message)
            answer.member("line", error.line ?? 0)
            answer.member("column", error.column ?? 0)
        }
    }
    var line = (answer.bytes + [UInt8(ascii: "\n")])[...]
    while case let count = line.withUnsafeBytes({ write(1, $0.baseAddress, $0.count) }), count > 0 {
        line = line.dropFirst(count)
    }
}

/// Writes a pair of type and value; a table is a list of keys and values, so that nothing depends on JSON's own rules.
func write(_ value: TOMLValue, to json: inout JSONWriter) {
    json.array { json in
        switch value {
        case .string(let text): pair("string", text, &json)
        case .integer(let number): pair("integer", "\(number)", &json)
        case .float(let number): pair("float", "\(number)", &json)
        case .boolean(let flag): pair("boolean", "\(flag)", &json)
        case .dateTime(let dateTime): pair(dateTime.kind.rawValue, dateTime.description, &json)
        case .array(let values):
            json.string("array")
            json.array { json in for value in values { write(value, to: &json) } }
        case .table(let table):
            json.string("table")
            json.array { json in
                for entry in table.entries {
                    json.array { json in
                        json.string(entry.key)
                        write(entry.value, to: &json)
                    }
                }
            }
        }
    }
}

func pair(_ type: String, _ text: String, _ json: inout JSONWriter) {
    json.string(type)
    json.string(text)
}
