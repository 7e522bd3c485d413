using System.Globalization;

namespace SpeechGan.Cli;

/// <summary>How far a work is, as lines for a pipe: none in the first two seconds, then one every ten. Safe for several threads.</summary>
/// <param name="clock">The time.</param>
/// <param name="tell">Is given each line.</param>
/// <param name="quiet">Time before the first line; null: two seconds, since what is done sooner needs no progress.</param>
/// <param name="every">Time between lines; null: ten seconds.</param>
internal sealed class ProgressLines(TimeProvider clock, Action<string> tell, TimeSpan? quiet = null, TimeSpan? every = null)
{
    private readonly TimeSpan quiet = quiet ?? TimeSpan.FromSeconds(2),
        every = every ?? TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly long begun = clock.GetTimestamp();
    private string? stage;
    private long stageBegun,
        stageFrom;
    private long? told;

    /// <summary>Says how far it is, where it is time. The time left is that of the stage at its own pace.</summary>
    /// <param name="work">What is done, in words.</param>
    /// <param name="done">Of it, done.</param>
    /// <param name="of">Of it, in all; 0: nobody knows.</param>
    public void At(string work, long done, long of)
    {
        lock (gate)
        {
            long now = clock.GetTimestamp();
            // What a resumed work had done before took no time.
            if (work != stage)
                (stage, stageBegun, stageFrom) = (work, now, Math.Max(0, done - 1));
            if (clock.GetElapsedTime(begun, now) < quiet || (told is { } last && clock.GetElapsedTime(last, now) < every))
                return;
            told = now;
            tell(Line(work, done, of, clock.GetElapsedTime(stageBegun, now)));
        }
    }

    /// <summary>A time as h:mm:ss, rounded up.</summary>
    public static string Time(TimeSpan time)
    {
        var rounded = TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{(long)rounded.TotalHours}:{rounded:mm\\:ss}");
    }

    private string Line(string work, long done, long of, TimeSpan taken)
    {
        if (of <= 0)
            return string.Create(CultureInfo.InvariantCulture, $"{work}: {done}");
        long meanwhile = done - stageFrom;
        string left = meanwhile > 0 && taken > TimeSpan.Zero ? $", {Time(taken / meanwhile * Math.Max(0, of - done))} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{work}: {done} of {of}{left}");
    }
}
