using SpeechGan.Data;
using SpeechGan.Evaluation;
using SpeechGan.Statistics;

namespace SpeechGan.Tools.Bench;

/// <summary>How small a drop in PESQ the paired comparison finds, on saved estimates (tools/golden-power).</summary>
internal static class GoldenPower
{
    private static readonly double[] Drops = [0.05, 0.02, 0.01];

    /// <summary>Runs it.</summary>
    /// <param name="arguments"><c>CLEAN ESTIMATES [CLEAN ESTIMATES]... [--trials N] [--margin M]</c>.</param>
    /// <returns>0 where drops of 0.05 are found in all trials and of 0.02 in at least 95 %, else 1.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        var trials = int.Parse(Option("--trials") ?? "100");
        var margin = double.Parse(Option("--margin") ?? "0");
        string[] folders = [.. arguments.TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal))];
        ScorePair[] files = [.. folders.Chunk(2).SelectMany(f => ScorePairs.Find(f[0], f[1]).Pairs)];
        var planted = new PlantedDrop([
            .. files.Select(f =>
                Pair(AudioFile.Read(f.Reference).Mono(ChannelPolicy.Refuse), AudioFile.Read(f.Degraded).Mono(ChannelPolicy.Refuse))
            ),
        ]);
        Console.WriteLine(
            $"{files.Length} estimates, mean PESQ {planted.Mean:F3}; {trials} trials a drop, seeds 1 to {trials}; a drop up to "
                + $"{margin:G3} is no alarm"
        );
        Console.WriteLine();
        Console.WriteLine("| planted drop in mean PESQ | noise, dB of the estimate | found | least certain |");
        Console.WriteLine("| --- | --- | --- | --- |");
        var good = true;
        foreach (var drop in Drops)
        {
            var found = 0;
            double worst = 0,
                quietest = double.PositiveInfinity,
                loudest = double.NegativeInfinity;
            for (var trial = 1; trial <= trials; trial++)
            {
                var (scores, level) = planted.Plant(drop, trial);
                var result = PairedDrop.Of([.. scores.Zip(planted.Scores, (second, first) => second - first)], margin);
                found += result.Found == true ? 1 : 0;
                (worst, quietest, loudest) = (Math.Max(worst, result.PValue ?? 1), Math.Min(quietest, level), Math.Max(loudest, level));
            }
            Console.WriteLine($"| {drop} | {quietest:F1} to {loudest:F1} | {found} of {trials} | p = {worst:G3} |");
            good &= drop switch
            {
                0.05 => found == trials,
                0.02 => found >= 0.95 * trials,
                _ => true,
            };
        }
        Console.WriteLine();
        Console.WriteLine(
            good
                ? "0.05 is found in all trials, 0.02 in at least 95 %."
                : "TOO WEAK: 0.05 must be found in all trials, 0.02 in at least 95 %."
        );
        return good ? 0 : 1;

        string? Option(string name) => arguments.SkipWhile(a => a != name).Skip(1).FirstOrDefault();

        // Estimates are cut to whole hops; the clean file is as long as the noisy one was.
        static EstimatePair Pair(float[] clean, float[] enhanced)
        {
            var length = Math.Min(clean.Length, enhanced.Length);
            return new EstimatePair(clean.AsMemory(0, length), enhanced.AsMemory(0, length));
        }
    }
}
