import Glibc
import OS
import Testing

@Suite struct UTCTimeTests {
    @Test(arguments: [
        (0, "1970-01-01 00:00"), (-1, "1969-12-31 23:59"), (86_399, "1970-01-01 23:59"),
        (951_782_400, "2000-02-29 00:00"), (951_868_799, "2000-02-29 23:59"), (951_868_800, "2000-03-01 00:00"),
        (4_107_542_399, "2100-02-28 23:59"), (4_107_542_400, "2100-03-01 00:00"), (1_795_759_680, "2026-11-27 06:08"),
        (2_147_483_648, "2038-01-19 03:14"), (-62_135_596_800, "1-01-01 00:00"), (-62_135_596_801, "0-12-31 23:59"),
        (1_709_164_800, "2024-02-29 00:00"), (1_735_689_599, "2024-12-31 23:59"),
    ])
    func `a time shows its day and minute`(seconds: Int, text: String) throws {
        #expect(UTCTime(secondsSince1970: seconds).text == text)
    }

    @Test func `every day of nine centuries is there and back and as the C library has it`() {
        for day in stride(from: -200_000, through: 140_000, by: 1) {
            let seconds = day * 86_400 + (day & 0xFFFF)
            let time = UTCTime(secondsSince1970: seconds)
            var (moment, parts) = (time_t(seconds), tm())
            gmtime_r(&moment, &parts)
            let day = [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday]
            let expected = day + [parts.tm_hour, parts.tm_min, parts.tm_sec]
            let own = [time.year, time.month, time.day, time.hour, time.minute, time.second]
            guard own == expected.map(Int.init), time.secondsSince1970 == seconds else {
                Issue.record("\(seconds): \(own), \(time.secondsSince1970)")
                return
            }
        }
    }

    @Test func `the last second of a day is not that of the next`() {
        let time = UTCTime(secondsSince1970: 1_795_823_999)
        #expect(time.compactText == "20261127-235959")
        #expect(UTCTime(secondsSince1970: 1_795_824_000).compactText == "20261128-000000")
    }

    @Test func `a day that no calendar has is refused`() {
        #expect(UTCTime(year: 2024, month: 2, day: 29)?.secondsSince1970 == 1_709_164_800)
        #expect(UTCTime(year: 2023, month: 2, day: 29) == nil)
        #expect(UTCTime(year: 2100, month: 2, day: 29) == nil)
        #expect(UTCTime(year: 2000, month: 2, day: 29) != nil)
        #expect(UTCTime(year: 2024, month: 4, day: 31) == nil)
        #expect(UTCTime(year: 2024, month: 13, day: 1) == nil)
        #expect(UTCTime(year: 2024, month: 0, day: 1) == nil)
        #expect(UTCTime(year: 2024, month: 1, day: 1, hour: 24) == nil)
        #expect(UTCTime(year: 2024, month: 1, day: 1, second: 60) == nil)
    }
}
