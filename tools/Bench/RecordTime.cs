using System.Globalization;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tools.Bench;

/// <summary>What reading a record and each theory on it cost, in CPU seconds of this process: how long something waits for a core does not
/// count.</summary>
internal static class RecordTime
{
    public static int Run(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine("Usage: record-time RUN");
            return 2;
        }

        var record = Timed("reading", () => RunRecord.Load(args[0]));
        var rows = Timed("going through the steps once", () => record.Rows.Sum(s => s.TotalLoss ?? 0));
        var scores = Timed("going through the evaluations once", () => record.Evaluations.Sum(e => e.Metrics.Count));
        foreach (var theory in AllTheories.InOrder)
            Timed(theory.Id, () => theory.Examine(record));
        Timed("the whole verdict", () => Verdict.Of(record).ToJson().Length);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{record.Rows.Count} steps (losses sum to {rows:G6}), {record.Evaluations.Count} evaluations with {scores} values; "
                    + $"{Environment.WorkingSet >> 20} MiB resident"
            )
        );
        return 0;
    }

    private static T Timed<T>(string what, Func<T> work)
    {
        var before = Environment.CpuUsage.TotalTime;
        var result = work();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{(Environment.CpuUsage.TotalTime - before).TotalSeconds, 8:F3} s  {what}")
        );
        return result;
    }
}
