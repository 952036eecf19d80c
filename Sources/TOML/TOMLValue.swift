/// The value of a key.
public enum TOMLValue: Sendable, Equatable {
    /// A string.
    case string(String)
    /// A whole number of 64 bits.
    case integer(Int)
    /// A number with a point or an exponent, `inf` or `nan`.
    case float(Double)
    /// `true` or `false`.
    case boolean(Bool)
    /// A date, a time or both.
    case dateTime(TOMLDateTime)
    /// Values of any kind, and the tables of `[[name]]`.
    case array([TOMLValue])
    /// A table, however it is written.
    case table(TOMLTable)

    /// The string, if it is one.
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The whole number, if it is one; never a rounded float.
    public var integer: Int? { if case .integer(let number) = self { number } else { nil } }
    /// The float, if it is one; never a whole number.
    public var float: Double? { if case .float(let number) = self { number } else { nil } }
    /// The boolean, if it is one.
    public var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
    /// The date or time, if it is one.
    public var dateTime: TOMLDateTime? { if case .dateTime(let dateTime) = self { dateTime } else { nil } }
    /// The values, if it is an array.
    public var array: [TOMLValue]? { if case .array(let values) = self { values } else { nil } }
    /// The table, if it is one.
    public var table: TOMLTable? { if case .table(let table) = self { table } else { nil } }
}
