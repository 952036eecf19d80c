import TOML
import Testing

@Suite struct ValueTests {
    @Test(
        arguments: [
            (#""""#, ""), (#""a\tb\"c\\""#, "a\tb\"c\\"), (#""\b\f\r\n""#, "\u{8}\u{C}\r\n"),
            (#""\u00e9\U0001F600""#, "é😀"), (#""\u0000""#, "\0"), ("\"a\tb\"", "a\tb"), ("\"é\"", "é"),
            ("\"\u{85}\"", "\u{85}"),
            ("''", ""), (#"'C:\n'"#, #"C:\n"#), ("'a\"b'", "a\"b"),
            ("\"\"\"\"\"\"", ""), ("\"\"\"\na\nb\"\"\"", "a\nb"), ("\"\"\"\r\na\r\nb\"\"\"", "a\nb"),
            ("\"\"\"a \"\" b\"\"\"", "a \"\" b"), ("\"\"\"a\"\"\"\"", "a\""), ("\"\"\"a\"\"\"\"\"", "a\"\""),
            ("\"\"\"\"a\"\"\"", "\"a"), ("\"\"\"\"\"\"\"\"", "\"\""),
            ("\"\"\"a \\\n  \n\t b\"\"\"", "a b"), ("\"\"\"a\\  \r\n b\"\"\"", "ab"), ("\"\"\"\\\n\"\"\"", ""),
            ("\"\"\"a\\\\\nb\"\"\"", "a\\\nb"), ("\"\"\"\\\"\"\"\"", "\""),
            ("''''''", ""), ("'''\na\\\nb'''", "a\\\nb"), ("'''a''b'''''", "a''b''"), ("'''\r\n\r\n'''", "\n"),
        ])
    func `strings of all four kinds`(_ text: String, _ expected: String) throws {
        #expect(try value(of: "x = \(text)") == .string(expected))
    }

    @Test(
        arguments: [
            ("0", 0), ("+0", 0), ("-0", 0), ("42", 42), ("+99", 99), ("-17", -17), ("1_000", 1000),
            ("5_349_221", 5_349_221),
            ("1_2_3", 123), ("9223372036854775807", .max), ("-9223372036854775808", .min), ("0xDEADBEEF", 0xDEAD_BEEF),
            ("0xdead_beef", 0xDEAD_BEEF), ("0o755", 0o755), ("0b1101_0110", 0b1101_0110), ("0x00", 0),
            ("0x7FFFFFFFFFFFFFFF", .max),
        ])
    func `whole numbers of all bases`(_ text: String, _ expected: Int) throws {
        #expect(try value(of: "x = \(text)") == .integer(expected))
    }

    @Test(
        arguments: [
            ("1.0", 1), ("+3.1415", 3.1415), ("-0.01", -0.01), ("5e+22", 5e22), ("1e06", 1e6), ("-2E-2", -0.02),
            ("6.626e-34", 6.626e-34), ("224_617.445_991_228", 224617.445_991_228), ("1e1_0", 1e10), ("0e0", 0),
            ("inf", .infinity), ("+inf", .infinity), ("-inf", -.infinity), ("1e999", .infinity), ("-0.0", 0),
        ] as [(String, Double)])
    func `floats`(_ text: String, _ expected: Double) throws {
        #expect(try value(of: "x = \(text)") == .float(expected))
    }

    @Test(arguments: ["nan", "+nan", "-nan"]) func `not a number`(_ text: String) throws {
        #expect(try value(of: "x = \(text)")?.float?.isNaN == true)
    }

    @Test func `minus zero keeps its sign`() throws {
        #expect(try value(of: "x = -0.0")?.float?.sign == .minus)
    }

    @Test func `booleans`() throws {
        #expect(try value(of: "x = true") == .boolean(true))
        #expect(try value(of: "x = false") == .boolean(false))
    }

    @Test(
        arguments: [
            ("1979-05-27T07:32:00Z", .offsetDateTime), ("1979-05-27t07:32:00.999999-07:00", .offsetDateTime),
            ("1979-05-27 07:32:00z", .offsetDateTime), ("1979-05-27T00:32:00", .localDateTime),
            ("1979-05-27 00:32:00.5", .localDateTime), ("2000-02-29", .localDate), ("1979-12-31", .localDate),
            ("07:32:00", .localTime), ("23:59:60.123456789", .localTime), ("0000-01-01", .localDate),
        ] as [(String, TOMLDateTime.Kind)])
    func `dates and times are kept as they are written`(_ text: String, _ kind: TOMLDateTime.Kind) throws {
        let dateTime = try #require(try value(of: "x = \(text) # when")?.dateTime)
        #expect(dateTime.kind == kind && dateTime.description == text)
    }

    @Test(
        arguments: [
            ("[]", "[]"), ("[ ]", "[]"), ("[1, 2,3]", "[1,2,3]"), ("[1,]", "[1]"),
            ("[\n1 # one\n,\n# two\n2\n,\n]", "[1,2]"),
            ("[1, 'a', [true], { b = 2 }]", "[1,\"a\",[true],{b=2}]"), ("[[], [[]]]", "[[],[[]]]"),
            ("[\r\n]", "[]"), ("[1979-05-27 07:32:00,1979-05-27]", "[1979-05-27 07:32:00,1979-05-27]"),
            ("{}", "{}"), ("{ }", "{}"), ("{a=1,b=2}", "{a=1,b=2}"), ("{ a.b = 1, a.c = 2 }", "{a={b=1,c=2}}"),
            ("{ \"a b\" = [\n1\n] }", "{a b=[1]}"), ("{ a = { b = {} } }", "{a={b={}}}"),
            ("{ a = \"\"\"\n\"\"\" }", "{a=\"\"}"),
        ])
    func `arrays and inline tables`(_ text: String, _ outline: String) throws {
        #expect(try value(of: "x = \(text)")?.outline == outline)
    }

    @Test func `an accessor gives its own kind only`() throws {
        let table = try TOMLTable(parsing: "i = 1\nf = 1.0\ns = '1'\nb = true\nd = 00:00:00\na = []\nt = {}")
        #expect(table.entries.compactMap(\.value.integer) == [1])
        #expect(table.entries.compactMap(\.value.float) == [1])
        #expect(table.entries.compactMap(\.value.string) == ["1"])
        #expect(table.entries.compactMap(\.value.boolean) == [true])
        #expect(table.entries.compactMap(\.value.dateTime).map(\.description) == ["00:00:00"])
        #expect(table.entries.compactMap(\.value.array).count == 1)
        #expect(table.entries.compactMap(\.value.table).count == 1)
    }
}
