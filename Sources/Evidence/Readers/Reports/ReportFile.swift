import Session
import XML

/// One report file, read piece by piece as it comes.
///
/// XML is told by its first character, and its kind by its first element. Anything else is read as text: TAP, and the
/// events of `go test -json`.
final class ReportFile {
    /// The path, as it is named in messages.
    let path: String
    /// What was wrong with it, as the end of a sentence that begins with its path; nil if it was read whole.
    private(set) var trouble: String?

    private var dialect: (any ReportDialect)?
    private var xml: XMLReader?
    private var root: String?
    private var isText: Bool?
    /// The bytes of a text, or those before the first one that tells what it is.
    private var bytes: [UInt8] = []
    /// How many bytes have come since the last event.
    private var silence = 0

    /// The most bytes of a report that is text.
    private static let textLimit = 16 << 20
    /// The most bytes without an element or text, as in one very long tag, which takes the square of its length.
    private static let silenceLimit = 4 << 20
    private static var dialects: [any ReportDialect.Type] {
        [JUnitDialect.self, XUnitDialect.self, TRXDialect.self, NUnitDialect.self]
    }

    init(path: String) { self.path = path }

    /// Takes the next piece.
    func read(_ piece: some Collection<UInt8>) {
        guard trouble == nil else { return }
        switch isText {
        case nil:
            bytes += piece
            guard let kind = Self.isText(bytes) else { return }
            isText = kind
            let begin = bytes
            bytes = []
            read(begin)
        case true?:
            bytes += piece.prefix(max(0, Self.textLimit - bytes.count))
            if bytes.count == Self.textLimit { trouble = "is longer than can be read; its end is left out" }
        case false?:
            readXML(piece)
        }
    }

    /// Cuts the file off where what may be read ends.
    func breakOff(_ reason: String) {
        if trouble == nil { trouble = reason }
    }

    /// Ends the file, and gives what was read of it.
    func finish() -> (results: ReportResults, format: String?) {
        if isText == true { return finishText() }
        if trouble == nil { finishXML() }
        guard let dialect else { return (ReportResults(), nil) }
        let results = dialect.results
        if trouble == nil, results.omittedCount > 0 {
            trouble = "has too many tests; \(results.omittedCount) are left out"
        }
        return (results, type(of: dialect).format)
    }

    /// Whether a file that begins so is text; nil if there is no saying yet.
    private static func isText(_ bytes: [UInt8]) -> Bool? {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0]
        return bytes.first { !blanks.contains($0) }.map { $0 != UInt8(ascii: "<") }
    }

    private func readXML(_ piece: some Collection<UInt8>) {
        do throws(XMLError) {
            let reader: XMLReader
            if let xml { reader = xml } else { reader = try XMLReader { [weak self] in self?.take($0) } }
            xml = reader
            silence += piece.count
            try reader.read(piece)
            if silence > Self.silenceLimit { trouble = "has a tag or comment that is too long" }
            if trouble == nil, root != nil, dialect == nil {
                trouble = "is no report of tests that is known: it begins with <\(root?.shortened ?? "")>"
            }
        } catch {
            tell(error)
        }
    }

    private func finishXML() {
        guard let xml else {
            trouble = "is empty"
            return
        }
        do throws(XMLError) { try xml.finish() } catch { tell(error) }
    }

    private func tell(_ error: XMLError) {
        trouble =
            switch error.code {
            case .missingLibrary: "could not be read: \(error.message)"
            case .entities, .tooDeep: "is refused: \(error)"
            case .malformed: "is broken (\(error)); what stands before that is read"
            }
        // What was read before an entity is not to be trusted more than the entity.
        if error.code == .entities || error.code == .tooDeep { dialect = nil }
    }

    private func take(_ event: XMLEvent) {
        silence = 0
        switch event {
        case .begin(let element, let attributes):
            if root == nil {
                root = element
                dialect = Self.dialects.first { $0.knows(element, attributes) }?.init()
            }
            dialect?.begin(element, attributes)
        case .text(let text): dialect?.text(text)
        case .end(let element): dialect?.end(element)
        }
    }

    private func finishText() -> (ReportResults, format: String?) {
        let reading = FailureReader.readReport(String(decoding: bytes, as: UTF8.self))
        guard let format = reading.formats.first else {
            trouble = "is no report of tests that is known"
            return (ReportResults(), nil)
        }
        var results = ReportResults()
        let failures = Dictionary(reading.failures.map { ($0.name, $0) }) { first, _ in first }
        var named: Set<String> = []
        for test in reading.cases {
            named.insert(test.name)
            results.add(test.name, test.outcome, failure: test.outcome == .failed ? failures[test.name] : nil)
        }
        for failure in reading.failures where !named.contains(failure.name) { results.add(unnamed: failure) }
        return (results, format)
    }
}

extension String {
    /// A name that a stranger has given, for a message.
    fileprivate var shortened: String { String(self[...].limited(to: 40)) }
}
