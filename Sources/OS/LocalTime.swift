import Glibc

/// The time zone of the machine, or of `TZ`.
public enum LocalTime {
    /// Minutes east of UTC at a time in seconds since 1970, with daylight saving as it is then (localtime_r(3)).
    public static func offsetMinutes(at seconds: Int64) -> Int32 {
        var (moment, local) = (time_t(seconds), tm())
        // localtime_r alone need not read TZ.
        tzset()
        return localtime_r(&moment, &local) == nil ? 0 : Int32(clamping: local.tm_gmtoff / 60)
    }
}
