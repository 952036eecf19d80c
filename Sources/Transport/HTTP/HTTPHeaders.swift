/// Header fields in order; names are compared without regard to case.
public struct HTTPHeaders: Sendable, Equatable, RandomAccessCollection, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// One header field.
    public struct Field: Sendable, Equatable {
        /// The name as written.
        public let name: String
        /// The value without the space around it.
        public let value: String

        /// Makes a field.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    private var fields: [Field] = []

    /// Makes headers of fields, keeping their order.
    public init(arrayLiteral elements: Field...) { fields = elements }

    /// Makes headers of names and values, keeping their order.
    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The position of the first field.
    public var startIndex: Int { fields.startIndex }
    /// The position after the last field.
    public var endIndex: Int { fields.endIndex }
    /// The field at a position.
    public subscript(position: Int) -> Field { fields[position] }

    /// The value of the first field of that name.
    public subscript(name: String) -> String? { fields.first { $0.name.isSameHeaderName(as: name) }?.value }

    /// Adds a field at the end.
    public mutating func append(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

    /// Refuses names and values that would change the structure of the request (RFC 9110, section 5).
    func validate() throws(TransportError) {
        for field in fields {
            let isToken = field.name.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
            }
            guard isToken, !field.name.isEmpty else {
                throw TransportError(.invalid, "'\(field.name.debugDescription)' is not the name of a header")
            }
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                // The value may be a secret and is not shown.
                throw TransportError(.invalid, "the header \(field.name) has a control character in its value")
            }
        }
    }
}

extension String {
    fileprivate func isSameHeaderName(as other: String) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }
}

extension UInt8 {
    var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
