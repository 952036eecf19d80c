import TOML
import Testing

@Suite struct RefusalTests {
    @Test(
        arguments: [
            // Keys and lines.
            ("= 1", "line 1, column 1: expected a key, found ="),
            ("a", "line 1, column 2: expected = behind the key, found the end of the text"),
            ("a\n= 1", "line 1, column 2: expected = behind the key, found the end of the line"),
            ("a b = 1", "line 1, column 3: expected = behind the key, found b"),
            ("a. = 1", "line 1, column 4: expected a key"),
            (".a = 1", "line 1, column 1: expected a key"), ("a..b = 1", "line 1, column 3: expected a key"),
            ("é = 1", "line 1, column 1: expected a key, found é"),
            ("a = 1 b = 2", "line 1, column 7: expected the end of the line, found b"),
            ("\"\"\"a\"\"\" = 1", "line 1, column 3: expected = behind the key"),
            ("a =", "line 1, column 4: expected a value"),
            ("a = # none", "line 1, column 5: expected a value, found #"),
            ("a = \n 1", "line 1, column 5: expected a value, found the end of the line"),
            ("a = 1\rb = 2", "line 1, column 6: expected the end of the line, found U+000D"),
            ("a = 1\r", "line 1, column 6: expected the end"),
            ("\u{1E}", "line 1, column 1: expected a key, found U+001E"),
            ("a = 1 # \u{7F}", "line 1, column 9: expected a comment without control characters, found U+007F"),
            ("# \rx", "line 1, column 3: expected a comment"), ("#\0", "line 1, column 2: expected a comment"),
            ("\n é \u{202E}", "line 2, column 2: expected a key"),
            ("a = \u{202E}", "line 1, column 5: expected a value, found U+202E"),
            // Headers.
            ("[", "line 1, column 2: expected a key, found the end"),
            ("[]", "line 1, column 2: expected a key, found ]"),
            ("[a", "line 1, column 3: expected ] behind the name"),
            ("[a] b = 1", "line 1, column 5: expected the end of the line"),
            ("[[a]", "line 1, column 5: expected ]] behind the name"), ("[[a] ]", "line 1, column 5: expected ]]"),
            ("[ [a]]", "line 1, column 3: expected a key"),
            ("[a]]", "line 1, column 4: expected the end of the line"), ("[a.]", "line 1, column 4: expected a key"),
            ("[a b]", "line 1, column 4: expected ]"),
            ("[a\n]", "line 1, column 3: expected ]"), ("[[]]", "line 1, column 3: expected a key"),
            ("x = 1\n [ [`b]]", "line 2, column 4: expected a key"),
            // Strings.
            ("a = \"", "line 1, column 6: expected \" at the end of the string"),
            ("a = 'b\n'", "line 1, column 7: expected a character of a string, found the end of the line"),
            ("a = \"b\n\"", "line 1, column 7: expected a character"),
            ("a = \"\u{1}\"", "line 1, column 6: expected a character of a string, found U+0001"),
            ("a = '\u{7F}'", "line 1, column 6: expected a character"),
            ("a = \"\"\"b", "line 1, column 9: expected \"\"\" at the end"),
            ("a = '''b''", "line 1, column 11: expected ''' at the end"),
            ("a = '''\r'''", "line 1, column 8: expected a character"),
            ("a = \"\"\"\0\"\"\"", "line 1, column 8: expected a character"),
            ("a = \"\"\"b\"\"\"\"\"\"", "line 1, column 14: expected the end of the line"),
            ("a = '''b''''''", "line 1, column 14: expected the end of the line"),
            (#"a = "\x41""#, "line 1, column 7: expected one of b t n f r"),
            (#"a = "\e""#, "line 1, column 7: expected one of"), (#"a = "\ ""#, "line 1, column 7: expected one of"),
            (#"a = "\"#, "line 1, column 7: expected a character behind"),
            (#"a = "\u12G4""#, "line 1, column 10: expected 4 hexadecimal digits, found G"),
            (#"a = "\uD800""#, "line 1, column 7: no Unicode character has this number"),
            (#"a = "\U00110000""#, "line 1, column 7: no Unicode"),
            (#"a = "\U0000004""#, "line 1, column 15: expected 8 hex"),
            ("a = \"\"\"\\ b\"\"\"", "line 1, column 10: expected the end of the line behind the backslash"),
            ("a = \"\"\"\\\rb\"\"\"", "line 1, column 9: expected the end of the line"),
            // Arrays and inline tables.
            ("a = [", "line 1, column 6: expected a value, found the end of the text"),
            ("a = [1", "line 1, column 7: expected a comma or ]"),
            ("a = [1 2]", "line 1, column 8: expected a comma or ]"), ("a = [,]", "line 1, column 6: expected a value"),
            ("a = [1,,2]", "line 1, column 8: expected a value"),
            ("x = [\"a\",}", "line 1, column 10: expected a value, found }"),
            ("a = ]", "line 1, column 5: expected a value, found ]"),
            ("a = {", "line 1, column 6: expected a key"), ("a = {b=1", "line 1, column 9: expected a comma or }"),
            ("a = {b=1,}", "line 1, column 10: expected a key"),
            ("a = {\n}", "line 1, column 6: expected a key, found the end of the line"),
            ("a = {b=1\n}", "line 1, column 9: expected a comma or }"),
            ("a = {,}", "line 1, column 6: expected a key"), ("a = {b}", "line 1, column 7: expected = behind"),
            ("a = {b=1 # c\n}", "line 1, column 10: expected a comma"),
            // Words.
            ("model = gpt-5", "line 1, column 9: invalid value gpt-5: a string needs quotes"),
            ("a = True", "line 1, column 5: invalid value True"),
            ("a = 1.2.3", "line 1, column 5: invalid number, date or time 1.2.3"),
            ("a = 9223372036854775808", "line 1, column 5: 9223372036854775808 does not fit in 64 bits"),
        ])
    func `what is not TOML is refused with its place`(_ text: String, _ message: String) {
        let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test(
        arguments: """
            01 +01 -01 00 1_ _1 1__2 0x 0X1 0o8 0b2 0xG 0x_1 0x1_ +0x1 -0b1 0b1.0 1. .1 1.e1 1.+1 1e 1e+ 1e1.0 1._2 1_.2 1e_1 1.2_
            -9223372036854775809 0xFFFFFFFFFFFFFFFF + - +- ++1 -+1 01.5 00e1 Inf NaN +true infinity -Nan 1:2 tru falsee
            1979-5-27 1979-05-7 1979-13-01 1979-00-01 1979-01-00 1979-02-29 1900-02-29 1979-04-31 1979-01-32 79-01-01 01979-01-01
            1979-05-27T 1979-05-27T07:32 1979-05-27T07 1979-05-27T24:00:00 1979-05-27T07:60:00Z 1979-05-27T07:32:61 1979-05-27T07:32:00.
            1979-05-27T07:32:00+24:00 1979-05-27T07:32:00+01:60 1979-05-27T07:32:00+1:00 1979-05-27T07:32:00+01 1979-05-27T07:32:00ZZ 1979-05-27T07:32:00Z1
            1979-05-27X07:32:00 07:32 7:32:00 07:32:00Z 07:32:00+01:00 24:00:00 07:60:00 07:32:0 07:32:00. 07:32:00.Z -07:32:00 197a-05-27
            """.split { $0 == " " || $0 == "\n" }.map(String.init))
    func `an invalid number, date or time is refused`(_ text: String) {
        let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: "x = \(text)") }
        #expect(error?.line == 1 && error?.column == 5)
    }

    @Test(arguments: ["1979-05-27  07:32:00", "1979-05-27 07:32", "1979-05-27 x", "1979-05-27 07:32:00 Z"])
    func `one space and nothing else joins a date and its time`(_ text: String) {
        #expect(throws: TOMLError.self) { try TOMLTable(parsing: "x = \(text)") }
    }

    @Test(
        arguments: [
            ([0xFF], 1, 1), ([0x61, 0x3D, 0x31, 0x0A, 0x23, 0xC3, 0xA9, 0xC0, 0x80], 2, 3),
            ([0x23, 0xED, 0xA0, 0x80], 1, 2),
            ([0x23, 0xF4, 0x90, 0x80, 0x80], 1, 2), ([0x23, 0xE2, 0x82], 1, 2), ([0x23, 0x80], 1, 2),
            ([0xFF, 0xFE, 0x61, 0], 1, 1),
            ([0x78, 0x3D, 0x22, 0xF5, 0x22], 1, 4),
        ] as [([UInt8], Int, Int)])
    func `what is not UTF-8 is refused with its place`(_ bytes: [UInt8], _ line: Int, _ column: Int) {
        let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: bytes) }
        #expect(error?.message == "not UTF-8" && error?.line == line && error?.column == column)
    }
}
