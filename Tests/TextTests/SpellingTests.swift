import Testing
import Text

@Suite struct `A count` {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1k"), (1250, "1.2k"), (14_950, "14k"), (212_000, "212k"), (999_999, "999k"),
        (1_050_000, "1M"), (1_250_000, "1.2M"), (-5, "-5"),
    ])
    func `is written short`(_ count: Int, _ text: String) {
        #expect(count.spelledAsCount == text)
    }
}

@Suite struct `A size` {
    @Test(arguments: [
        (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KB"), (1536, "1.5 KB"), (1 << 20, "1 MB"),
        ((1 << 20) - 1, "1023 KB"), (8 << 20, "8 MB"), (8_808_039, "8.4 MB"), (100 << 20, "100 MB"), (1 << 30, "1 GB"),
        (3 << 40, "3 TB"), (Int.max, "8388607 TB"),
    ])
    func `is written in its largest unit`(_ bytes: Int, _ text: String) {
        #expect(bytes.spelledAsBytes == text)
    }

    @Test(arguments: [
        ("12", 12), ("12 bytes", 12), ("12B", 12), ("500KB", 512_000), ("8 MB", 8 << 20), ("1GB", 1 << 30),
        ("1.5GB", 3 << 29), ("2TB", 2 << 40), ("0", 0), ("0.125MB", 1 << 17),
    ])
    func `is read`(_ text: String, _ bytes: Int) {
        #expect(Int(spelledOutBytes: text) == bytes)
    }

    @Test(arguments: [
        "", "MB", "-1", "1.5", "1.5 bytes", "8 mb", "8MiB", "1.MB", "1.2345MB", "8 MB ", " 8MB", "8MBx", "+1",
        "99999999999999999999", "9999999999999TB", "٣MB", "1e3",
    ])
    func `is not read from other texts`(_ text: String) {
        #expect(Int(spelledOutBytes: text) == nil)
    }

    @Test func `is read as it was written`() throws {
        var random = SeededRandom(3)
        for _ in 0..<5000 {
            let bytes = Int.random(in: 0...Int.max, using: &random) >> Int.random(in: 0..<63, using: &random)
            let text = bytes.spelledAsBytes
            let read = try #require(Int(spelledOutBytes: text))
            #expect(read.spelledAsBytes == text && read <= bytes)
        }
    }
}

@Suite struct `A duration` {
    @Test(arguments: [
        (Duration.milliseconds(42), "42 ms"), (.milliseconds(1340), "1.3 s"), (.seconds(2), "2 s"),
        (.seconds(125), "2 min 5 s"), (.seconds(3720), "1 h 2 min"), (.microseconds(999_700), "1 s"),
        (.milliseconds(59_970), "1 min"), (.seconds(3600), "1 h"), (.seconds(90_000), "25 h"), (.zero, "0 ms"),
    ])
    func `is written as a person says it`(_ duration: Duration, _ text: String) {
        #expect(duration.spelled == text)
    }

    @Test(arguments: [
        ("90s", 90_000), ("30m", 1_800_000), ("1h30m", 5_400_000), ("45", 45_000), ("14d", 1_209_600_000),
        ("1d12h", 129_600_000), ("2 min 5 s", 125_000), ("1.3 s", 1300), ("200ms", 200), ("10 s", 10_000),
        ("1h 30m", 5_400_000), ("1.5h", 5_400_000), ("36525d", 3_155_760_000_000),
    ])
    func `is read`(_ text: String, _ milliseconds: Int) {
        #expect(Duration(spelledOut: text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "0", "0s", "m", "5x", "-3s", "1h30", "1.5", "0d", "9223372036854775807h", "99999999999999999999",
        "3000000h", "d", "1w", "-1d", "36526d", "-9223372036854775808", "9223372036854775807", "90s ", " 90s", "90 ",
        "1 h  2 min", "1,5 h", "0.0s",
    ])
    func `is not read from other texts`(_ text: String) {
        #expect(Duration(spelledOut: text) == nil)
    }

    @Test func `is read as it was written`() throws {
        var random = SeededRandom(5)
        for _ in 0..<5000 {
            let most = 1 << Int.random(in: 1..<41, using: &random)
            let text = Duration.milliseconds(Int.random(in: 1...most, using: &random)).spelled
            #expect(try #require(Duration(spelledOut: text)).spelled == text)
        }
    }

    @Test(arguments: [(0, "now"), (59, "now"), (60, "1 min"), (7200, "2 h"), (172_799, "47 h"), (172_800, "2 d")])
    func `may be an age`(_ seconds: Int, _ text: String) {
        #expect(Duration.seconds(seconds).spelledAsAge == text)
    }

    @Test func `has milliseconds with their fraction`() {
        #expect(Duration.microseconds(1_234_567).milliseconds == 1234.567)
    }
}
